"""The same items in two spaces, row by row: what a measure of drift compares."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from isogloss.linear import one_thread
from isogloss.types import Floats, Mask, Vectors

if TYPE_CHECKING:
    from isogloss.drift.measure import Measure

K = 25
WIDE_K = 1000
WIDE_COUNT = 100
_BLOCK = 256
_ROUNDING = 1e-6  # below what float32 says of a cosine a distance is 0

Values = npt.NDArray[np.float32]  # a distance for each item, (n,), NaN where it cannot be taken


def wide_neighbors(n_often: int) -> int:
    """How many neighbors the wide overlap compares: 1,000, or a quarter of the items used often if those are fewer.

    Near their number the circle holds them all, and every overlap is total. 0, of fewer than four: nothing to compare.

    >>> wide_neighbors(3), wide_neighbors(559), wide_neighbors(40_000)
    (0, 139, 1000)
    """
    return min(WIDE_K, n_often // 4)


@dataclass(frozen=True, eq=False)
class Pair:
    """Rows that are the same items in two spaces.

    source, target: unit vectors, float32 (n, dim of either). often: bool (n,), items of more than 100 uses in both
    spaces, which alone count as neighbors of the wide overlap. declared: whether the spaces are said to share
    coordinates. near_k, wide_k: neighbors of a pass where nobody asks for others; by default 25, and 1,000 or a
    quarter of the items used often.
    """

    source: Vectors
    target: Vectors
    often: Mask
    declared: bool = True
    near_k: int = K
    wide_k: int | None = None
    _passes: dict[tuple[int, int], list[Floats]] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.source)

    @property
    def aligned(self) -> bool:
        """Whether rows of one space may be compared with rows of the other."""
        return self.declared and self.source.shape[1] == self.target.shape[1]

    def distances(self, measure: Measure, k: int) -> Values:
        """By one measure, float32 (n,); NaN throughout where it needs shared coordinates and there are none."""
        if measure.needs_alignment and not self.aligned:
            return np.full(len(self), np.nan, dtype=np.float32)
        found = measure.distances(self, k).astype(np.float32)
        return np.where(np.abs(found) < _ROUNDING, np.float32(0), found)

    def near(self, k: int) -> tuple[Floats, Floats]:
        """Over the k nearest shared items in either space: the local distance and 1 − Jaccard, each (n,)."""
        wide_k = wide_neighbors(int(self.often.sum())) if self.wide_k is None else self.wide_k
        local, jaccard, _ = self._pass(k, wide_k, "near")
        return local, jaccard

    def wide(self, k: int) -> Floats:
        """1 − |N_A ∩ N_B| / k of the k nearest items that are used often, (n,)."""
        *_, overlap = self._pass(self.near_k, k, "wide")
        return overlap

    def _pass(self, near_k: int, wide_k: int, asked: Literal["near", "wide"]) -> list[Floats]:
        """What `overlap.compare` gives for all items, three times (n,); one pass serves all who ask for the same k.

        Time grows with n² · dim, memory with 512 · n for each processor.
        """
        for (near, wide), found in self._passes.items():
            if (near == near_k) if asked == "near" else (wide == wide_k):
                return found
        from isogloss.drift.overlap import compare

        n = len(self)
        out = np.full((3, n), np.nan)
        a, b = (np.ascontiguousarray(side, np.float32) for side in (self.source, self.target))

        def block(first: int) -> None:
            rows = slice(first, first + _BLOCK)
            compare(a[rows] @ a.T, b[rows] @ b.T, first, self.often, near_k, wide_k, out)

        # one thread a block
        with one_thread(), ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            list(threads.map(block, range(0, n, _BLOCK)))
        self._passes[near_k, wide_k] = list(out)
        return self._passes[near_k, wide_k]
