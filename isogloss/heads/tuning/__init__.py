"""The model itself is taught, a little: its last layers by pairs, through sentence-transformers' own trainer."""
