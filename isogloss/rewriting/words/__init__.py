"""Words of a text one by one: where they come from, which script they are put into, where the language changes."""
