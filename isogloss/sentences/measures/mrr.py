"""Mean reciprocal rank of the translation."""

from __future__ import annotations

import numpy as np

from isogloss.figure import Figure
from isogloss.resampling import mean_interval
from isogloss.sentences.mexa import DRAWS, mexa
from isogloss.types import Vectors


class Mrr:
    name, title = "mrr", "MRR"
    help = "Mean of 1/rank of the translation by cosine, both directions"

    def of(self, pivot: Vectors, other: Vectors, *, seed: int = 0) -> Figure:
        """
        >>> Mrr().of(np.eye(3, dtype=np.float32), np.eye(3, dtype=np.float32)).value
        1.0
        """
        found = mexa(pivot, other)
        each = (1 / found.forward + 1 / found.backward) / 2
        low, high = mean_interval(each, DRAWS, np.random.default_rng(seed))
        return Figure(value=float(each.mean()), n=len(each), better="more", low=low, high=high, how=self.help)


member = Mrr()
