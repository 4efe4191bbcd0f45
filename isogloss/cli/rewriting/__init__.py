"""Commands about pairs of texts, one made from the other."""
