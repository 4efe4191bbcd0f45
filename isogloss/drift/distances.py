"""How far the items moved that two spaces share, kept where it was computed before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from isogloss.drift.measure import MEASURES, Measure
from isogloss.drift.pair import WIDE_COUNT, K, Pair, Values, wide_neighbors
from isogloss.errors import InvalidValue
from isogloss.spaces.space import Space
from isogloss.types import Mask, Rows
from isogloss.workspace.derived import DerivedStore, derived_key

_VERSION = 1


@dataclass(frozen=True, eq=False)
class Shared:
    """The items that two spaces share, in the order of the source.

    >>> space = Space("one", ("a", "b", "c"), np.eye(3, dtype=np.float32) + 0.1)
    >>> distances(Shared(space, space), MEASURES["local"], k=1).tolist()
    [0.0, 0.0, 0.0]
    """

    source: Space
    target: Space

    def __len__(self) -> int:
        return len(self.items)

    @cached_property
    def items(self) -> tuple[str, ...]:
        return tuple(item for item in self.source.items if item in self.target)

    @cached_property
    def rows_source(self) -> Rows:
        """Their rows in the source, (n,)."""
        return np.array([self.source[item] for item in self.items], dtype=np.int64)

    @cached_property
    def rows_target(self) -> Rows:
        """Their rows in the target, (n,)."""
        return np.array([self.target[item] for item in self.items], dtype=np.int64)

    @property
    def counts(self) -> tuple[Rows | None, Rows | None]:
        """Their uses in the source and in the target, None where nothing was counted."""
        sides = ((self.source, self.rows_source), (self.target, self.rows_target))
        one, other = (None if space.counts is None else space.counts[rows] for space, rows in sides)
        return one, other

    @cached_property
    def often(self) -> Mask:
        """Which have more than 100 uses in both spaces; all, where nothing was counted."""
        often = np.ones(len(self), dtype=bool)
        for counts in self.counts:
            if counts is not None:
                often &= counts > WIDE_COUNT
        return often

    def pair(self, *, aligned: bool = True, near_k: int = K, wide_k: int | None = None) -> Pair:
        """Their unit vectors side by side. aligned: whether the spaces share coordinates."""
        source, target = self.source.unit[self.rows_source], self.target.unit[self.rows_target]
        return Pair(source, target, self.often, aligned, near_k, wide_k)


def distances(
    shared: Shared,
    measure: Measure,
    *,
    k: int | None = None,
    wide_k: int | None = None,
    aligned: bool = True,
    store: DerivedStore | None = None,
) -> Values:
    """Every shared item's distance by one measure, float32 (n,). Raises InvalidValue for k < 1.

    k: neighbors compared, by default the measure's own number. wide_k: those of the wide overlap, where it is computed
    beside the measure that was asked for. Neighbors are shared items only, never the item itself; by cosine, exact. The
    measures of one pass over the neighbors are kept together, any other by itself.
    """
    if k is not None and k < 1:
        raise InvalidValue(f"k is {k}", "choose k of 1 or more")
    n = len(shared)
    if not n:
        return np.empty(0, dtype=np.float32)
    often = int(shared.often.sum())
    k = measure.default_k(often) if k is None else k
    sizes = {"near": K, "wide": wide_neighbors(often) if wide_k is None else wide_k}
    together = {measure: k}
    if measure.shares is None:
        parameters: dict[str, Any] = {"measure": measure.name, "k": k}
    else:
        sizes[measure.shares] = k
        together = {one: sizes[one.shares] for one in MEASURES.values() if one.shares is not None}
        parameters = {"k": sizes["near"], "wide_k": sizes["wide"]}
    changed = {one.name: one.version for one in together if one.version > 1}
    parameters |= {"formulas": changed} if changed else {}
    of = {"source": shared.source.fingerprint, "target": shared.target.fingerprint}
    key = derived_key("drift", _VERSION, **of, **parameters, aligned=aligned)
    store = store or DerivedStore()
    found = store.find(key)
    if found is None or measure.name not in found:  # an entry may be older than a measure
        pair = shared.pair(aligned=aligned, near_k=sizes["near"], wide_k=sizes["wide"])
        found = {one.name: pair.distances(one, size) for one, size in together.items()}
        store.put(key, found)
    return found[measure.name]


def measured(pair: Pair, *, n_often: int | None = None) -> Mapping[str, Values]:
    """By every measure, each with its own number of neighbors where so many are used often (by default the pair's)."""
    n = int(pair.often.sum()) if n_often is None else n_often
    return {name: pair.distances(one, one.default_k(n)) for name, one in MEASURES.items()}
