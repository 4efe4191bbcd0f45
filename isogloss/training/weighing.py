"""Two spaces of a build against their replicates: what each says of their items, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from isogloss.drift.distances import Shared, measured
from isogloss.drift.measure import MEASURES
from isogloss.drift.nulls import make_null
from isogloss.drift.pair import Pair, Values, wide_neighbors
from isogloss.linear import unit_rows
from isogloss.spaces.controls import FIGURES
from isogloss.spaces.space import Space
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
        return Between(np.concatenate([counts for _, counts, _ in found]), null, halves)

    def _distances(self, a: Sample, b: Sample) -> tuple[Rows, Rows, Mapping[str, Values]]:
        """Places of the shared items that both samples have, their smaller count, and their distances by measure."""
        at_a, at_b = np.searchsorted(a.rows, self.rows), np.searchsorted(b.rows, self.rows)
        at_a, at_b = np.minimum(at_a, len(a.rows) - 1), np.minimum(at_b, len(b.rows) - 1)
        here = np.flatnonzero((a.rows[at_a] == self.rows) & (b.rows[at_b] == self.rows))
        at_a, at_b = at_a[here], at_b[here]
        n = len(self.rows)
        pair = Pair(
            unit_rows(a.vectors[at_a]),
            unit_rows(b.vectors[at_b]),
            self.shared.often[here],
            wide_k=wide_neighbors(n),
        )
        return here, np.minimum(a.counts[at_a], b.counts[at_b]), measured(pair, n_shared=n)


def weigh(compared: Compared, replicates: Mapping[str, Sequence[Between]], *, panel: bool) -> pa.Table:
    """The figures of two spaces from all their replicates, as controls hold them.

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
    for name in MEASURES:
        figures, sizes = _figures(name, compared, replicates, counts)
        null_n = sizes if null_n is None else null_n
        columns |= {f"{name}_{figure}": figures[figure].astype(np.float32) for figure in FIGURES}
    columns["null_n"] = null_n
    return pa.table(columns)


def _figures(
    name: str, compared: Compared, replicates: Mapping[str, Sequence[Between]], counts: Rows
) -> tuple[dict[str, Floats], Rows]:
    """Of one measure: figure → (n,), and how many null distances the stricter null has for each item."""
    n = len(counts)
    distance = compared.distances[name].astype(np.float64)
    p, low, high = (np.full(n, np.nan) for _ in range(3))
    null_n = np.zeros(n, dtype=np.int64)
    for each in replicates.values():
        if not each:
            continue
        null = make_null(
            np.concatenate([one.counts for one in each]),
            np.concatenate([one.null[name] for one in each]).astype(np.float64),
        )
        p = np.fmax(p, null.p_values(counts, distance))
        above = null.quantile(counts, 0.95)
        stricter = np.isfinite(above) & ~(above <= high)
        low = np.where(stricter, null.quantile(counts, 0.05), low)
        high = np.where(stricter, above, high)
        null_n = np.where(stricter, np.array([*map(len, null.values), 0])[null.band(counts)], null_n)
    halves = [one.halves[name] for each in replicates.values() for one in each if one.halves]
    samples = np.concatenate(halves).astype(np.float64)
    enough = np.isfinite(samples).sum(axis=0) >= LEAST_HALVES
    sd = np.full(n, np.nan)
    sd[enough] = np.nanstd(samples[:, enough], axis=0, ddof=1)
    return {"distance": distance, "sd": sd, "p": p, "p05": low, "p95": high}, null_n
