"""Parallel sets that need no file, one a module."""
