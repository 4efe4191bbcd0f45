"""Catalogues of papers: read from any list in Markdown, and held against the map of their titles."""
