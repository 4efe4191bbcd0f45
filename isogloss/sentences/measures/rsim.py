"""Relational similarity."""

from __future__ import annotations

import math

import numpy as np

from isogloss.figure import Figure
from isogloss.linear import unit_rows
from isogloss.resampling import statistic_interval
from isogloss.types import Rows, Vectors

_DRAWS = 200


class Rsim:
    name, title = "rsim", "relational similarity"
    help = "Pearson correlation of the similarities within either language, after unit, center, unit (Vulić 2020)"

    def of(self, pivot: Vectors, other: Vectors, *, seed: int = 0) -> Figure:
        """
        >>> x = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)
        >>> round(Rsim().of(x, -x).value, 4)
        1.0
        """
        n = len(pivot)
        if n < 4:
            return Figure(value=math.nan, n=n, better="more", how=self.help)
        one, two = (_similar(side) for side in (pivot, other))
        upper = np.triu_indices(n, 1)

        def statistic(rows: Rows) -> float | None:
            a, b = rows[upper[0]], rows[upper[1]]
            different = a != b  # a sentence that was drawn twice is no pair
            x, y = one[a, b][different], two[a, b][different]
            return float(np.corrcoef(x, y)[0, 1]) if len(x) > 2 and x.std() > 0 and y.std() > 0 else None

        value = statistic(np.arange(n))
        ends = statistic_interval(statistic, n, _DRAWS, rng=np.random.default_rng(seed))
        low, high = ends or (None, None)
        return Figure(value=math.nan if value is None else value, n=n, better="more", low=low, high=high, how=self.help)


def _similar(side: Vectors) -> Vectors:
    rows = unit_rows(side)
    rows = unit_rows(rows - rows.mean(axis=0))
    return np.asarray(rows @ rows.T)


member = Rsim()
