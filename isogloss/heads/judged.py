"""Bilingual lexicon induction before and after: ranks of translations, and gains with paired intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from isogloss.figure import Figure, Null
from isogloss.linear import unit_rows
from isogloss.resampling import multinomial_weights, percentile_interval
from isogloss.types import Floats, Rows, Vectors

DRAWS = 1_000
MEASURES = ("mrr", "precision_at_1")
_BLOCK = 1_024
_HOW = {"mrr": "mean of 1/rank of the best translation", "precision_at_1": "share whose nearest is a translation"}


@dataclass(frozen=True, eq=False)
class Ranks:
    """Of each query of one language: its row, the rank of its best gold (1 is first; among ties the middle, so that
    vectors which all fall together find nothing), the row of its first gold in the pivot, and how many candidates.
    drawn: nothing tells the candidates apart, and every value is that of chance.
    """

    queries: Rows
    rank: Floats
    gold: Rows
    candidates: int
    drawn: bool = False

    def values(self, measure: str) -> Floats:
        if self.drawn:
            return np.full(len(self.rank), self.chance(measure))
        return 1 / self.rank if measure == "mrr" else (self.rank <= 1).astype(np.float64)

    def chance(self, measure: str) -> float:
        """Of a rank that is drawn: H_m / m, and 1 / m."""
        m = max(self.candidates, 1)
        return float((1 / np.arange(1, m + 1)).mean()) if measure == "mrr" else 1 / m


def ranks_of(source: Vectors, target: Vectors, pairs: Rows) -> Ranks:
    """Each source that stands in the pairs looks for its targets among all targets, by cosine.

    pairs: rows of source and target, (n, 2); any target of a source counts. Across dimensions there is no cosine, and
    the ranks are as good as drawn: their values are those of chance.

    >>> across = ranks_of(np.ones((2, 3)), np.ones((4, 5)), np.array([[0, 1], [1, 2]]))
    >>> across.values("precision_at_1").tolist(), across.values("mrr").round(3).tolist()
    ([0.25, 0.25], [0.521, 0.521])
    """
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    rows, starts = np.unique(pairs[order, 0], return_index=True)
    if source.shape[1] != target.shape[1]:
        middle = np.full(len(rows), (len(target) + 1) / 2)
        return Ranks(rows, middle, pairs[order, 1][starts], len(target), drawn=True)
    golds = np.split(pairs[order, 1], starts[1:])
    v = unit_rows(np.asarray(target, np.float32))
    rank, best = np.empty(len(rows)), np.empty(len(rows), dtype=np.int64)
    for at in range(0, len(rows), _BLOCK):
        scores = unit_rows(np.asarray(source[rows[at : at + _BLOCK]], np.float32)) @ v.T
        for i, mine in enumerate(scores, at):
            gold = golds[i][np.argmax(mine[golds[i]])]
            others = np.delete(mine, golds[i])
            rank[i] = 1 + np.count_nonzero(others > mine[gold]) + np.count_nonzero(others == mine[gold]) / 2
            best[i] = golds[i][0]
    return Ranks(rows, rank, best, len(v))


@dataclass(frozen=True, eq=False)
class Weights:
    """How often the items of the pivot were drawn, the same in every language and for before and after. (draws, n)."""

    items: Rows
    drawn: Floats

    @classmethod
    def of(cls, ranks: Mapping[str, Ranks], seed: int) -> Weights:
        items = np.unique(np.concatenate([one.gold for one in ranks.values()]))
        return cls(items, multinomial_weights(len(items), DRAWS, np.random.default_rng(seed)))

    def means(self, values: Floats, gold: Rows) -> Floats:
        """Mean of the values in each draw, NaN where none of them was drawn."""
        weights = self.drawn[:, np.searchsorted(self.items, gold)]
        total = weights.sum(axis=1)
        return np.where(total > 0, (weights @ values) / np.maximum(total, 1), np.nan)


def figure_of(ranks: Mapping[str, Ranks], measure: str, *, weights: Weights, null: float | None = None) -> Figure:
    """The mean over languages of a measure; test items of the pivot are resampled. null: default chance."""
    return _mean(
        {name: one.values(measure) for name, one in ranks.items()},
        ranks,
        weights,
        null=float(np.mean([one.chance(measure) for one in ranks.values()])) if null is None else null,
        how=f"{_HOW[measure]}, mean over languages; items resampled",
    )


def gain_of(
    before: Mapping[str, Ranks],
    after: Mapping[str, Ranks],
    measure: str,
    *,
    weights: Weights,
    null: float | None = None,
) -> Figure:
    """after − before on the same queries, paired: both are resampled together. null: the control's gain."""
    return _mean(
        {name: after[name].values(measure) - one.values(measure) for name, one in before.items()},
        before,
        weights,
        null=null,
        how=f"{_HOW[measure]}, after less before on the same items; items resampled",
    )


def _mean(
    values: Mapping[str, Floats], ranks: Mapping[str, Ranks], weights: Weights, *, null: float | None, how: str
) -> Figure:
    draws = np.array([weights.means(one, ranks[name].gold) for name, one in values.items()])
    counted = np.isfinite(draws).sum(axis=0)
    found = np.where(counted > 0, np.nansum(draws, axis=0) / np.maximum(counted, 1), np.nan)
    low, high = percentile_interval(found[np.isfinite(found)])
    return Figure(
        value=float(np.mean([one.mean() for one in values.values()])),
        n=sum(map(len, values.values())),
        better="more",
        low=low,
        high=high,
        null=None if null is None else Null(mean=null, p95=float("nan")),
        how=how,
    )


def said_of(gain: Figure, what: str = "MRR") -> str:
    """
    >>> said_of(Figure(value=0.01, n=5, low=-0.01, high=0.03))
    'no gain: 0.010 lies within its interval (-0.010 to 0.030)'
    """
    low, high = gain.interval or (float("nan"), float("nan"))
    if gain.value == low == high == 0:
        return "no gain: no epoch was better than the start on the development pairs"
    if low > 0:
        return f"a gain of {gain.value:.3f} {what} ({low:.3f} to {high:.3f})"
    if high < 0:
        return f"a loss of {-gain.value:.3f} {what} ({-high:.3f} to {-low:.3f})"
    return f"no gain: {gain.value:.3f} lies within its interval ({low:.3f} to {high:.3f})"
