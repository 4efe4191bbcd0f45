"""How far items moved between two spaces, by four measures at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.spaces.space import Space
from isogloss.types import Vectors
from isogloss.workspace.derived import DerivedStore, derived_key

MEASURES = ("cosine", "local", "jaccard", "gonen")
K = 25
WIDE_K = 1000
WIDE_COUNT = 100
_BLOCK = 256
_VERSION = 1

Distances = dict[str, npt.NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Drift:
    """The shared items of two spaces and how far each moved; larger is farther.

    items: in the order of the source. rows_source, rows_target: their rows. distances: measure →
    float32 (n_items,), NaN where a measure cannot be taken. k, wide_k: neighbors compared. aligned:
    without shared coordinates there is no cosine (all NaN).
    """

    source: Space
    target: Space
    items: tuple[str, ...]
    rows_source: npt.NDArray[np.int64]
    rows_target: npt.NDArray[np.int64]
    distances: Mapping[str, npt.NDArray[np.float32]]
    k: int
    wide_k: int

    def __len__(self) -> int:
        return len(self.items)


def shared_items(source: Space, target: Space) -> list[str]:
    """Items of both spaces, in the order of the source."""
    return [item for item in source.items if item in target]


def drift(
    source: Space,
    target: Space,
    k: int = K,
    wide_k: int | None = None,
    aligned: bool = True,
    store: DerivedStore | None = None,
) -> Drift:
    """Every shared item's distance between two spaces. Raises InvalidValue for k < 1.

    - *cosine*: 1 − cos(w_A, w_B), 0 to 2; needs shared coordinates (Hamilton et al. 2016, global).
    - *local*: over the union of the k nearest items in either space, 1 − cos of the two vectors of
      similarities to them (Hamilton et al. 2016, local neighborhood).
    - *jaccard*: 1 − |N_A ∩ N_B| / |N_A ∪ N_B| of the k nearest, 0 to 1.
    - *gonen*: 1 − |N_A ∩ N_B| / k of the 1,000 nearest (half the shared items if those are fewer)
      among items of more than 100 uses in both spaces (Gonen et al. 2020); needs no alignment.

    wide_k: other than Gonen's default. Neighbors are shared items only, never the item itself; by cosine, exact.

    >>> space = Space("one", ("a", "b", "c"), np.eye(3, dtype=np.float32) + 0.1)
    >>> drift(space, space, k=1).distances["local"].tolist()
    [0.0, 0.0, 0.0]
    """
    if k < 1:
        raise InvalidValue(f"k is {k}", "choose k of 1 or more")
    items = shared_items(source, target)
    rows_a = np.array([source[item] for item in items], dtype=np.int64)
    rows_b = np.array([target[item] for item in items], dtype=np.int64)
    wide_k = wide_neighbors(len(items)) if wide_k is None else wide_k

    def compute() -> Distances:
        return measure(source.unit[rows_a], target.unit[rows_b], often_used(source, target, items), k, wide_k, aligned)

    parameters = {"k": k, "wide_k": wide_k, "aligned": aligned}
    key = derived_key("drift", _VERSION, source=source.fingerprint, target=target.fingerprint, **parameters)
    distances = (store or DerivedStore()).get(key, compute) if items else {m: np.empty(0, np.float32) for m in MEASURES}
    return Drift(source, target, tuple(items), rows_a, rows_b, distances, k, wide_k)


def wide_neighbors(n_shared: int) -> int:
    """How many neighbors Gonen's overlap compares: 1,000, or half the shared items if those are fewer."""
    return min(WIDE_K, n_shared // 2)


def often_used(source: Space, target: Space, items: list[str]) -> npt.NDArray[np.bool_]:
    """Which shared items have more than 100 uses in both spaces; all, where nothing was counted."""
    often = np.ones(len(items), dtype=bool)
    for space in (source, target):
        if space.counts is not None:
            often &= space.counts[[space[item] for item in items]] > WIDE_COUNT
    return often


def measure(
    a: Vectors, b: Vectors, often: npt.NDArray[np.bool_], k: int, wide_k: int, aligned: bool = True
) -> Distances:
    """The four measures for rows that are the same items in two spaces.

    a, b: unit vectors, float32 (n, dim of either). often: bool (n,), neighbors that Gonen's overlap may
    count. Time grows with n² · dim, memory with 512 · n for each processor.
    """
    from threadpoolctl import threadpool_limits

    from isogloss.drift.overlap import compare

    n = len(a)
    out = np.full((3, n), np.nan)
    a, b = np.ascontiguousarray(a, np.float32), np.ascontiguousarray(b, np.float32)

    def block(first: int) -> None:
        rows = slice(first, first + _BLOCK)
        compare(a[rows] @ a.T, b[rows] @ b.T, first, often, k, wide_k, out)

    # One thread a block, each with a BLAS of its own: two layers of threads wait for each other.
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        list(threads.map(block, range(0, n, _BLOCK)))
    cosine = np.full(n, np.nan)
    if aligned and a.shape[1] == b.shape[1]:
        cosine = np.maximum(0.0, 1.0 - np.einsum("nd,nd->n", a.astype(np.float64), b.astype(np.float64)))
    named = zip(MEASURES, (cosine, *out), strict=True)
    return {name: values.astype(np.float32) for name, values in named}
