"""Which documents carry the drift of a word."""
