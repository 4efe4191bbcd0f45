"""Commands that make something of spaces or texts."""
