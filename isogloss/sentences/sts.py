"""Semantic textual similarity: does the cosine of two sentences follow what people say of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.resampling import statistic_interval
from isogloss.types import Floats, Rows

_DRAWS = 500
HOW = "Spearman correlation of cosine and score (Cer 2017)"


@dataclass(frozen=True, eq=False)
class Scored:
    """Pairs of one language with people's scores, and the cosine of each, (n,)."""

    language: str
    scores: Floats
    cosines: Floats

    def figure(self, *, seed: int = 0) -> Figure:
        """NaN where all scores, or all cosines, are equal."""
        ends = statistic_interval(self._of, len(self.scores), _DRAWS, rng=np.random.default_rng(seed))
        low, high = ends or (None, None)
        value = self._of(np.arange(len(self.scores)))
        return Figure(
            value=math.nan if value is None else value, n=len(self.scores), better="more", low=low, high=high, how=HOW
        )

    def worst(self) -> Rows:
        """Rows, those first whose rank by cosine lies farthest from their rank by score."""
        return np.argsort(-np.abs(_ranks(self.scores) - _ranks(self.cosines)), kind="stable")

    def _of(self, rows: Rows) -> float | None:
        return spearman(self.scores[rows], self.cosines[rows])


def spearman(one: Floats, two: Floats) -> float | None:
    """Pearson correlation of the ranks, ties sharing theirs; None where it is not defined.

    >>> spearman(np.array([1.0, 2, 3]), np.array([10.0, 20, 15]))
    0.5
    """
    if len(one) != len(two):
        raise InvalidValue(f"{len(one):,} scores and {len(two):,} cosines were given", "give as many")
    a, b = _ranks(one), _ranks(two)
    if len(a) < 3 or a.std() == 0 or b.std() == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])


def _ranks(values: Floats | Sequence[float]) -> Floats:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), dtype=np.float64)
