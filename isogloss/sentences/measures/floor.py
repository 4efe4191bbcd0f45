"""The floor: how similar sentences are that are no translations."""

from __future__ import annotations

import math

import numpy as np

from isogloss.figure import Figure
from isogloss.linear import unit_rows
from isogloss.resampling import mean_interval
from isogloss.sentences.mexa import DRAWS
from isogloss.types import Vectors


class Floor:
    name, title = "floor", "random pairs"
    help = "Mean cosine of sentences that do not belong together: what a cosine is to be held against"

    def of(self, pivot: Vectors, other: Vectors, *, seed: int = 0) -> Figure:
        """
        >>> Floor().of(np.eye(4, dtype=np.float32), np.eye(4, dtype=np.float32)).value
        0.0
        """
        n = len(pivot)
        if n < 2:
            return Figure(value=math.nan, n=n, how=self.help)
        cosines = (unit_rows(pivot) @ unit_rows(other).T).astype(np.float64)
        each = (cosines.sum(axis=1) - cosines.diagonal()) / (n - 1)
        low, high = mean_interval(each, DRAWS, np.random.default_rng(seed))
        return Figure(value=float(each.mean()), n=n, low=low, high=high, how=self.help)


member = Floor()
