"""A lesson of two heads over banks that are not paired: what the recipe gives, and the teaching with its control."""
