"""Measures of sentences beside MEXA, one a file."""
