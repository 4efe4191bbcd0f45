"""Spaces that lie elsewhere: a vector engine proposes, the space's own vectors decide."""
