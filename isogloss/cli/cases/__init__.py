"""What `isogloss cases` does, an action a file."""
