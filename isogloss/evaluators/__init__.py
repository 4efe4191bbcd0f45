"""Evaluators: what a result is worth, in figures; one file each in `kinds/`."""
