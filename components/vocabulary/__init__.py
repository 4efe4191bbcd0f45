"""What the page Vocabulary is made of."""
