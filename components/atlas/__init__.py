"""What the page Atlas is made of."""
