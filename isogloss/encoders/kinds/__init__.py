"""Where encoders come from; one new file is a new kind."""
