"""Commands that answer and write nothing."""
