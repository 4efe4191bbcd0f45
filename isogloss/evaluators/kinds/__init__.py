"""Evaluators, one file each: whom each is for, and what it finds."""
