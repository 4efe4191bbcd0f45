"""Retrieval criteria: one file each; what makes a neighbor near."""
