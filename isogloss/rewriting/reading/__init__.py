"""Files that hold pairs of texts: one kind a file."""
