"""Pictures that profiles have of their own: `draw(pairs, checked)`, a module named like the profile."""
