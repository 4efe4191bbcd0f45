"""Entities of sentences put into other languages."""
