"""The cosine: plain nearest neighbors."""

from __future__ import annotations

from isogloss.nearest.criterion import About
from isogloss.types import Vectors


class Cosine:
    name = "cosine"
    retrieval = "nn"
    title = "NN"
    help = "cosine similarity, −1 to 1"
    needs = ()
    lookup = True

    def score(self, cosine: Vectors, about: About) -> Vectors:
        return cosine


member = Cosine()
