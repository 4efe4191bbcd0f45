"""xSIM: the error of similarity search that LASER reports."""

from __future__ import annotations

import numpy as np

from isogloss.figure import Figure
from isogloss.resampling import share_interval
from isogloss.sentences.measures._margin import margins
from isogloss.sentences.mexa import DRAWS
from isogloss.types import Vectors


class Xsim:
    name, title = "xsim", "xSIM error"
    help = "Share of sentences whose best of the pivot's by ratio margin, k = 4, is not the translation (LASER)"

    def of(self, pivot: Vectors, other: Vectors, *, seed: int = 0) -> Figure:
        """All sentences are candidates; LASER's program scores the k nearest by cosine alone.

        >>> Xsim().of(np.eye(6, dtype=np.float32), np.eye(6, dtype=np.float32)[::-1].copy()).value
        1.0
        """
        found = margins(pivot, other)
        n = len(found)
        wrong = float((found.argmax(axis=0) != np.arange(n)).mean())
        low, high = share_interval(wrong, n, DRAWS, rng=np.random.default_rng(seed))
        return Figure(value=wrong, n=n, better="less", low=low, high=high, how=self.help)


member = Xsim()
