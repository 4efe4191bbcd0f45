"""What must be kept between a text and its rewriting, and what should change: one profile a file."""
