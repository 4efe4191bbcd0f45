"""Tags that mark spans of a text, and what became of them in another."""
