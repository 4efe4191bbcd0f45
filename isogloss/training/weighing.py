"""Two spaces of a build against their replicates: what each says of their items, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from isogloss.drift.distances import Shared, measured
from isogloss.drift.measure import MEASURES
from isogloss.drift.nulls import Halves, Smooth, make_null
from isogloss.drift.pair import Pair, Values, wide_neighbors
from isogloss.linear import unit_rows
from isogloss.spaces.controls import BY, FIGURES
from isogloss.spaces.space import Space
from isogloss.spaces.tails import PairTails, Tail, evened
from isogloss.training.replicate import Between
from isogloss.training.samples import Sample
from isogloss.types import Floats, Rows

LEAST_HALVES = 6


@dataclass(frozen=True, eq=False)
class Compared:
    """Two stored spaces: their places among the slices, what they share, and its rows in the vocabulary, (n,)."""

    source: int
    target: int
    shared: Shared
    rows: Rows

    @classmethod
    def of(cls, spaces: Sequence[Space], source: int, target: int, *, known: Mapping[str, int]) -> Compared:
        """known: item → row of the vocabulary."""
        shared = Shared(spaces[source], spaces[target])
        return cls(source, target, shared, np.array([known[i] for i in shared.items], dtype=np.int64))

    @cached_property
    def distances(self) -> Mapping[str, Values]:
        """Measure → distance of every shared item, (n,)."""
        return measured(self.shared.pair())

    def between(self, trained: Sequence[Sample], *, intervals: bool) -> Between:
        """What one replicate says. trained: two halves of each slice. intervals: whether it counts for intervals."""
        sides = [trained[2 * index : 2 * index + 2] for index in (self.source, self.target)]
        found = [self._distances(*halves) for halves in sides]
        null = {name: np.concatenate([values[name] for _, _, values in found]) for name in MEASURES}
        halves = {name: np.full((2, len(self.rows)), np.nan, dtype=np.float32) for name in MEASURES if intervals}
        for half in (0, 1) if intervals else ():
            at, _, values = self._distances(sides[0][half], sides[1][half])
            for name, both in halves.items():
                both[half, at] = values[name]
        places = np.concatenate([at for at, _, _ in found])
        counts = np.concatenate([counts for _, counts, _ in found])
        within = np.repeat([0, 1], [len(counts) for _, counts, _ in found])
        return Between(counts, null, halves, places, within)

    def _distances(self, a: Sample, b: Sample) -> tuple[Rows, Rows, Mapping[str, Values]]:
        """Places of the shared items that both samples have, their smaller count, and their distances by measure."""
        at_a, at_b = np.searchsorted(a.rows, self.rows), np.searchsorted(b.rows, self.rows)
        at_a, at_b = np.minimum(at_a, len(a.rows) - 1), np.minimum(at_b, len(b.rows) - 1)
        here = np.flatnonzero((a.rows[at_a] == self.rows) & (b.rows[at_b] == self.rows))
        at_a, at_b = at_a[here], at_b[here]
        often = int(self.shared.often.sum())
        pair = Pair(
            unit_rows(a.vectors[at_a]),
            unit_rows(b.vectors[at_b]),
            self.shared.often[here],
            wide_k=wide_neighbors(often),
        )
        return here, np.minimum(a.counts[at_a], b.counts[at_b]), measured(pair, n_often=often)


def weigh(
    compared: Compared, replicates: Mapping[str, Sequence[Between]], *, panel: bool
) -> tuple[pa.Table, list[PairTails]]:
    """The figures of two spaces from all their replicates, and how far noise reaches, as controls hold them.

    replicates: kind of split → what each of them says. panel: whether the spaces are those of the panel.
    """
    shared = compared.shared
    n = len(shared)
    of_source, of_target = shared.counts
    assert of_source is not None
    assert of_target is not None
    columns: dict[str, Any] = {
        "source": [shared.source.name] * n,
        "target": [shared.target.name] * n,
        "panel": [panel] * n,
        "item": list(shared.items),
        "count_source": of_source,
        "count_target": of_target,
    }
    counts = np.minimum(of_source, of_target)
    null_n: Rows | None = None
    reached = []
    often = int(shared.often.sum())
    for name, measure in MEASURES.items():
        one = _weighed(name, compared, replicates, counts)
        null_n = one.null_n if null_n is None else null_n
        columns |= {f"{name}_{figure}": one.figures[figure].astype(np.float32) for figure in FIGURES}
        columns[f"{name}_{BY}"] = one.by
        names = shared.source.name, shared.target.name
        reached.append(PairTails(*names, panel, name, measure.default_k(often), one.tails))
    columns["null_n"] = null_n
    return pa.table(columns), reached


@dataclass(frozen=True, eq=False)
class _Weighed:
    """Of one measure. figures: name → (n,). by: the stricter kind of halves, from 1; 0 where untested. null_n: null
    distances of that kind.
    """

    figures: dict[str, Floats]
    by: npt.NDArray[np.int8]
    null_n: Rows
    tails: dict[str, Tail]


def _weighed(name: str, compared: Compared, replicates: Mapping[str, Sequence[Between]], counts: Rows) -> _Weighed:
    n = len(counts)
    distance = compared.distances[name].astype(np.float64)
    samples = np.concatenate(
        [np.empty((0, n)), *(one.halves[name] for each in replicates.values() for one in each if one.halves)]
    ).astype(np.float64)
    measure = MEASURES[name]
    whole = _whole(distance, samples, counts, measure.end)
    p, low, high = (np.full(n, np.nan) for _ in range(3))
    by, null_n, tails = np.zeros(n, dtype=np.int8), np.zeros(n, dtype=np.int64), dict[str, Tail]()
    for kind, each in replicates.items():
        if not each:
            continue
        halves = _halves(name, each)
        null = make_null(halves, counts, whole=whole, taken=measure.taken(counts), end=measure.end)
        if null is None:
            null_n = np.where(by == 0, max(int(null_n.max(initial=0)), len(halves.known().counts)), null_n)
            continue
        tails[kind] = null.tail.thinned()
        p = np.fmax(p, null.p_values(distance))
        above = null.quantile(0.95)
        stricter = np.isfinite(above) & ~(above <= high)
        low = np.where(stricter, null.quantile(0.05), low)
        high = np.where(stricter, above, high)
        by[stricter] = len(tails)
        null_n = np.where(stricter, null.tail.n, null_n)
    enough = np.isfinite(samples).sum(axis=0) >= LEAST_HALVES
    sd = np.full(n, np.nan)
    sd[enough] = np.nanstd(samples[:, enough], axis=0, ddof=1)
    return _Weighed({"distance": distance, "sd": sd, "p": p, "p05": low, "p95": high}, by, null_n, tails)


def _halves(name: str, each: Sequence[Between]) -> Halves:
    """The null distances of one measure from all replicates of a kind."""
    counts, places, sides = (
        np.concatenate([getattr(one, part) for one in each]) for part in ("counts", "places", "sides")
    )
    return Halves(counts, np.concatenate([one.null[name] for one in each]).astype(np.float64), places, sides)


def _whole(distance: Floats, samples: Floats, counts: Rows, end: float | None) -> Smooth | None:
    """How much nearer whole spaces lie than their halves: the running median over log counts of the difference.

    samples: distances between halves of the two spaces, (replicates, n). Where words truly moved the difference is
    smaller, which errs on the safe side.
    """
    known = np.isfinite(samples).any(axis=0) & np.isfinite(distance) & (counts > 0)
    if not known.any():
        return None
    apart = evened(distance[known], end) - evened(np.nanmean(samples[:, known], axis=0), end)
    return Smooth.of(np.log(counts[known]), apart, 0.5)
