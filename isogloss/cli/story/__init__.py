"""What `isogloss story` does, an action a file."""
