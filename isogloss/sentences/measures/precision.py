"""Precision at one of the translation."""

from __future__ import annotations

import numpy as np

from isogloss.figure import Figure, Null
from isogloss.resampling import mean_interval
from isogloss.sentences.mexa import DRAWS, mexa
from isogloss.types import Vectors


class Precision:
    name, title = "precision", "P@1"
    help = "Share of sentences whose nearest by cosine is their translation, mean of both directions; ties find nothing"

    def of(self, pivot: Vectors, other: Vectors, *, seed: int = 0) -> Figure:
        """A pair that is found from one side alone counts half.

        >>> Precision().of(np.eye(3, dtype=np.float32), np.eye(3, dtype=np.float32)).value
        1.0
        """
        found = mexa(pivot, other)
        each = ((found.forward == 1).astype(np.float64) + (found.backward == 1)) / 2
        low, high = mean_interval(each, DRAWS, np.random.default_rng(seed))
        n = len(each)
        null = Null(p95=1 / n, mean=1 / n)
        return Figure(value=float(each.mean()), n=n, better="more", low=low, high=high, null=null, how=self.help)


member = Precision()
