"""Anchors: which items of two spaces belong together, and where they come from."""
