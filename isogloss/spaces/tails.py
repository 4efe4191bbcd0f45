"""How far noise reaches: null distances of every count on one scale, thinned so that they can be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.types import Floats, Rows

Values = npt.NDArray[np.float32]
_ADDED = 1e-3  # to a distance, before its logarithm is taken: it can be 0
_LEFT = 0.02  # to what is left to the end of a scale: one of fifty neighbors
_EXACT = 60  # the farthest null distances are kept one by one
_GROWTH = 1.08  # from there the next rank is this many times the last


def evened(distances: Floats, end: float | None) -> Floats:
    """log(d + .001), on which noise spreads alike at every size; less log(end − d + .02) where the scale ends there.

    Towards its end a scale has as little room as towards 0: of two distances near 1, one shared neighbor of fifty more
    or less tells as much as of two in the middle a few of them.

    >>> evened(np.array([0.0, 0.5, 1.0]), 1.0).round(2).tolist(), evened(np.array([0.0, 1.0]), None).round(2).tolist()
    ([-6.93, -0.04, 3.91], [-6.91, 0.0])
    """
    found = np.log(np.maximum(distances, 0.0) + _ADDED)
    return np.asarray(found if end is None else found - np.log(np.maximum(end - distances, 0.0) + _LEFT))


def distance_at(evened: Floats, end: float | None) -> Floats:
    """The distance of such a value; below 0 or beyond the end for one that no distance has.

    >>> distance_at(np.array([-0.0370]), 1.0).round(2).tolist()
    [0.5]
    """
    with np.errstate(over="ignore", invalid="ignore"):
        odds = np.exp(evened)
        found = odds - _ADDED if end is None else (odds * (end + _LEFT) - _ADDED) / (1 + odds)
    return np.where(np.isposinf(odds), np.inf, found)


@dataclass(frozen=True, eq=False)
class Tail:
    """Standardized null distances of one measure, from one kind of halves.

    n: how many there are. ranks: int64 (t,), ascending, of those kept; 1 is the farthest. values: float64 (t,), how far
    each lies, descending. knots, scales: (k,), logarithms of a count and the scale of noise there, straight between.
    end: on which scale distances were compared, see `evened`.
    """

    n: int
    ranks: Rows
    values: Floats
    knots: Floats
    scales: Floats
    end: float | None = None

    def scale(self, counts: npt.NDArray[np.integer] | Floats) -> Floats:
        """Of items of these counts, (n,)."""
        return np.asarray(np.interp(np.log(np.maximum(counts, 1)), self.knots, self.scales))

    @cached_property
    def _rising(self) -> Floats:
        return self.values[::-1].copy()

    def p_values(self, z: Floats) -> Floats:
        """p = (1 + #{null ≥ z}) / (1 + N); NaN stays NaN. From a thinned tail, the next larger p that is known.

        >>> full_tail(np.array([1.0, 2.0, 3.0])).p_values(np.array([2.5, 1.0, 9.0])).tolist()
        [0.5, 1.0, 0.25]
        """
        farther = len(self.values) - np.searchsorted(self._rising, z, side="left")
        reached = np.concatenate([[0], self.ranks, [self.n]])
        whole = len(self.ranks) == self.n
        known = np.where(farther > 0, reached[farther if whole else np.minimum(farther + 1, len(reached) - 1)], 0)
        return np.where(np.isfinite(z), (1 + known) / (1 + self.n), np.nan)

    def at(self, share: float) -> float:
        """The quantile of all null distances, straight between those that are kept.

        >>> full_tail(np.array([1.0, 2.0, 3.0])).at(0.75)
        2.5
        """
        return float(np.interp((1 - share) * (self.n - 1) + 1, self.ranks, self.values))

    def least(self, level: Floats) -> Floats:
        """What has to be exceeded for p < level, for each level; infinite where no distance would reach it.

        >>> full_tail(np.array([1.0, 2.0, 3.0])).least(np.array([0.6, 0.2])).tolist()
        [2.0, inf]
        """
        # p < level where fewer than level · (1 + N) − 1 null distances lie as far: the rank that must be exceeded.
        rank = np.ceil(np.nan_to_num(level) * (1 + self.n) - 1 - 1e-9)
        at = np.searchsorted(self.ranks, np.maximum(rank, 1), side="right") - 1
        return np.where(rank >= 1, self.values[np.minimum(at, len(self.values) - 1)], np.inf)

    def thinned(self) -> Tail:
        """With the farthest one by one and fewer and fewer towards the nearest; the 95th percentile stays exact."""
        ranks = list(range(1, min(_EXACT, self.n) + 1))
        while ranks[-1] < self.n:
            ranks.append(min(self.n, int(np.ceil(ranks[-1] * _GROWTH))))
        middle = 0.05 * (self.n - 1) + 1
        kept = np.unique([*ranks, int(np.floor(middle)), int(np.ceil(middle))])
        kept = kept[(kept >= 1) & (kept <= self.n)]
        return Tail(self.n, kept, self.values[kept - 1], self.knots, self.scales, self.end)


def full_tail(
    z: Floats, knots: Floats | None = None, scales: Floats | None = None, *, end: float | None = None
) -> Tail:
    """Of all standardized null distances, in any order."""
    nothing = np.zeros(1), np.ones(1)
    values = np.sort(z)[::-1]
    ranks = np.arange(1, len(z) + 1, dtype=np.int64)
    knots, scales = nothing[0] if knots is None else knots, nothing[1] if scales is None else scales
    return Tail(len(z), ranks, values, knots, scales, end)


@dataclass(frozen=True, eq=False)
class PairTails:
    """Of two spaces by one measure: kind of halves → its null distances. k: neighbors compared."""

    source: str
    target: str
    panel: bool
    measure: str
    k: int
    tails: Mapping[str, Tail]

    def facts(self) -> list[Any]:
        """As `read_tails` takes it."""
        sizes = {
            kind: [tail.n, len(tail.ranks), len(tail.knots), *([] if tail.end is None else [tail.end])]
            for kind, tail in self.tails.items()
        }
        return [self.source, self.target, self.panel, self.measure, self.k, sizes]

    def values(self) -> Values:
        """Every number of the tails, one after the other."""
        parts = [(t.ranks.astype(np.float64), t.values, t.knots, t.scales) for t in self.tails.values()]
        return np.concatenate([np.empty(0), *(array for part in parts for array in part)]).astype(np.float32)


def read_tails(facts: Sequence[Sequence[Any]], values: Values) -> tuple[PairTails, ...]:
    """From the facts of several, and their numbers one after the other."""
    found, at = [], 0

    def take(n: int) -> Floats:
        nonlocal at
        at += n
        return values[at - n : at].astype(np.float64)

    for source, target, panel, measure, k, sizes in facts:
        tails = {}
        for kind, (n, kept, knots, *end) in sizes.items():
            tails[kind] = Tail(n, take(kept).astype(np.int64), take(kept), take(knots), take(knots), *map(float, end))
        found.append(PairTails(source, target, panel, measure, k, tails))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Reach:
    """How far noise alone can carry each item of two spaces, by one measure.

    tails: kind of halves → its null distances. by: int8 (n,), which of them is the stricter for each item, from 1 in
    the order of `tails`; 0 where nothing was tested. p95: of each item's null, (n,), from which every distance of it is
    reckoned. counts: the smaller of its two counts, (n,).
    """

    tails: Mapping[str, Tail]
    by: npt.NDArray[np.int8]
    p95: Floats
    counts: Rows

    def needed(self, level: Floats) -> Floats:
        """The distance that has to be exceeded for p < level, for each item; infinite where none would reach it.

        level: (n,), NaN where nothing was tested.
        """
        out = np.full(len(self.p95), np.nan)
        for number, tail in enumerate(self.tails.values(), 1):
            here = np.flatnonzero((self.by == number) & np.isfinite(self.p95) & np.isfinite(level))
            more = tail.scale(self.counts[here] / 2) * (tail.least(level[here]) - tail.at(0.95))
            out[here] = distance_at(evened(self.p95[here], tail.end) + more, tail.end)
        return out

    def take(self, rows: Rows) -> Reach:
        """Of some items, −1 for one that is not known here."""
        here = rows >= 0
        by, p95, counts = np.where(here, self.by[rows], 0), np.where(here, self.p95[rows], np.nan), self.counts[rows]
        return Reach(self.tails, by.astype(np.int8), p95, counts)
