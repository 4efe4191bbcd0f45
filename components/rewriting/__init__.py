"""The page of pairs: texts and what was made of them."""
