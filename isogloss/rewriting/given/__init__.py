"""Pairs of our own writing, which need no file."""
