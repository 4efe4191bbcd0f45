"""Do the vectors of one item agree across languages, and when its words are mixed."""
