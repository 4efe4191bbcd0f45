"""The words of a model: what its tokenizer knows, a model with fewer of them, and one with new ones."""
