"""Pairs of texts, one made from the other: what translating, switching or polishing did, and where it failed."""
