"""Removals: one file each; what is taken out of vectors so that groups come together."""
