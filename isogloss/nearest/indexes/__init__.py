"""Indexes: one file each; `find` says whether it answers for a space."""
