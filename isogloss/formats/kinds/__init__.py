"""The ways in which vectors are stored; one new file is a new format."""
