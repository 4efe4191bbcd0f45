"""A lesson judged on more than its own pairs: word similarity, STS, retrieval of lines, separation of languages."""
