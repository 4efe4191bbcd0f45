"""How far rewriting moves texts in an encoder's space, and whether all in one direction."""
