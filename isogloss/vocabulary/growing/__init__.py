"""New words for a model: their rows, how well known ones come back, and the table in two factors."""
