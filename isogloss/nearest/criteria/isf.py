"""Inverted softmax: how much of a target's similarity to all sources is the query's (Smith et al. 2017)."""

from __future__ import annotations

from isogloss.nearest.criterion import About
from isogloss.types import Vectors

BETA = 30.0


class InvertedSoftmax:
    name = "isf"
    retrieval = "isf"
    title = "ISF"
    help = "inverted softmax with β = 30 over all sources"
    needs = ("mass_target",)
    lookup = False

    def score(self, cosine: Vectors, about: About) -> Vectors:
        """log of exp(β·cos) / Σ_sources exp(β·cos)."""
        assert about.mass_target is not None
        return BETA * (cosine - about.mass_target)


member = InvertedSoftmax()
