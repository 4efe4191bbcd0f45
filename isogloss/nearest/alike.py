"""Vectors that 8 bits cannot tell apart, as groups: a graph over them needs one of each."""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np
import numpy.typing as npt

from isogloss.linear import unit_rows
from isogloss.spaces.items import LARGE
from isogloss.spaces.space import Space
from isogloss.types import Rows

_BLOCK = 8_192


@dataclass(frozen=True, eq=False)
class Groups:
    """rows: all rows of a space, group after group, int32 (n_items,). starts: where each group begins, and the end."""

    rows: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def first(self) -> Rows:
        """The first row of each group, shape (n_groups,)."""
        return self.rows[self.starts[:-1]].astype(np.int64)

    def members(self, groups: Rows, most: int) -> Rows:
        """The rows of some groups in their order, at most so many of each.

        >>> groups = Groups(np.array([0, 2, 3, 1], np.int32), np.array([0, 3, 4]))
        >>> groups.members(np.array([1, 0]), 2).tolist(), groups.first.tolist()
        ([1, 0, 2], [0, 1])
        """
        starts = self.starts[groups]
        sizes = np.minimum(self.starts[groups + 1] - starts, most)
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.asarray(self.rows[np.repeat(starts, sizes) + within], dtype=np.int64)


def grouped(codes: npt.NDArray[np.uint64]) -> Groups:
    """Groups of equal numbers, in the order of their first rows.

    >>> groups = grouped(np.array([7, 3, 7, 9], np.uint64))
    >>> groups.rows.tolist(), groups.starts.tolist()
    ([0, 2, 1, 3], [0, 2, 3, 4])
    """
    _, first, group, sizes = np.unique(codes, return_index=True, return_inverse=True, return_counts=True)
    turn = np.argsort(first)
    place = np.empty_like(turn)
    place[turn] = np.arange(len(turn))
    rows = np.argsort(place[group], kind="stable").astype(np.int32)
    return Groups(rows, np.concatenate([[0], np.cumsum(sizes[turn])]).astype(np.int64))


def alike(space: Space) -> Groups:
    """Items whose vectors at length 1 have the same 8-bit code.

    Real texts give many: what a tokeniser does not know becomes one and the same vector. In a graph such heaps link to
    themselves alone; what lies behind them is lost, and building takes times as long.
    """
    quantizer = faiss.ScalarQuantizer(space.dim, faiss.ScalarQuantizer.QT_8bit)
    quantizer.train(sample(space))
    odd = np.random.default_rng(0).integers(1, 2**63, space.dim, dtype=np.uint64) | np.uint64(1)
    codes = np.empty(len(space), dtype=np.uint64)
    for at in range(0, len(space), _BLOCK):
        block = unit_rows(space.rows(slice(at, at + _BLOCK)))
        codes[at : at + _BLOCK] = (quantizer.compute_codes(block) * odd).sum(axis=1, dtype=np.uint64)
    return grouped(codes)


def sample(space: Space) -> npt.NDArray[np.float32]:
    """Up to 100,000 vectors of length 1, the same ones every time: from them the range of each dimension is read."""
    some = np.sort(np.random.default_rng(0).permutation(len(space))[:LARGE])
    return unit_rows(space.rows(some))
