"""What `isogloss vocabulary` does, an action a file."""
