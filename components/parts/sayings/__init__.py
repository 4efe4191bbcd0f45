"""What the engine says in English, by its pattern: fields in braces stand for any text."""
