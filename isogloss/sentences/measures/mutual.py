"""Mutual nearest neighbors by ratio margin."""

from __future__ import annotations

import numpy as np

from isogloss.figure import Figure
from isogloss.resampling import share_interval
from isogloss.sentences.measures._margin import margins
from isogloss.sentences.mexa import DRAWS
from isogloss.types import Vectors


class Mutual:
    name, title = "mutual", "mutual neighbors"
    help = "Share of pairs that are each other's best by ratio margin, k = 4 (Artetxe & Schwenk 2019)"

    def of(self, pivot: Vectors, other: Vectors, *, seed: int = 0) -> Figure:
        """
        >>> Mutual().of(np.eye(6, dtype=np.float32), np.eye(6, dtype=np.float32)).value
        1.0
        """
        found = margins(pivot, other)
        own, n = found.diagonal(), len(found)
        share = float(((own >= found.max(axis=1)) & (own >= found.max(axis=0))).mean())
        low, high = share_interval(share, n, DRAWS, rng=np.random.default_rng(seed))
        return Figure(value=share, n=n, better="more", low=low, high=high, how=self.help)


member = Mutual()
