"""Cases: what was found, with its evidence, and whether it still holds."""
