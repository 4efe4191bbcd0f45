"""The best k of many numbers that come block by block: lists kept in descending order, on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from isogloss.types import Rows, Vectors

_RUN = 32


@dataclass(frozen=True, eq=False)
class Best:
    """n lists of the k largest values seen, and where they stood; −inf and −1 where fewer were seen.

    >>> best = Best.empty(2, 2)
    >>> best.add_rows(np.float32([[1, 3, 2], [5, 4, 6]]))
    >>> best.add_rows(np.float32([[9], [0]]), column=3)
    >>> best.values.tolist(), best.at.tolist()
    ([[9.0, 3.0], [6.0, 5.0]], [[3, 1], [2, 0]])
    """

    values: Vectors
    at: Rows

    @classmethod
    def empty(cls, n: int, k: int) -> Best:
        return cls(np.full((n, k), -np.inf, dtype=np.float32), np.full((n, k), -1, dtype=np.int64))

    def part(self, start: int, stop: int) -> Best:
        """The lists from start to stop; what is added to them is added here."""
        return Best(self.values[start:stop], self.at[start:stop])

    def taken(self, lists: npt.NDArray[np.int64]) -> Best:
        """A copy of some of the lists."""
        return Best(self.values[lists], self.at[lists])

    def add_rows(self, block: Vectors, column: int = 0) -> None:
        """block: (n, m); its row i belongs to list i, its first column is number `column`."""
        _shared(len(block), lambda a, b: _rows(block, self.values, self.at, column, a, b))

    def add_columns(self, block: Vectors, row: int = 0) -> None:
        """block: (m, n); its column j belongs to list j, its first row is number `row`."""
        _shared(block.shape[1], lambda a, b: _columns(block, self.values, self.at, row, a, b))

    def add_new(self, block: Vectors, numbers: Rows) -> None:
        """block: (n, m), its columns numbered by `numbers`; what a list holds already is passed over."""
        _shared(len(block), lambda a, b: _new(block, self.values, self.at, numbers, a, b))


def _shared(n: int, work: Callable[[int, int], None]) -> None:
    cuts = np.linspace(0, n, (os.cpu_count() or 1) + 1).astype(int).tolist()
    with ThreadPoolExecutor(len(cuts) - 1) as pool:
        list(pool.map(work, cuts[:-1], cuts[1:]))


@numba.njit(cache=True, nogil=True, inline="always")
def _insert(values, at, value, number):  # type: ignore[no-untyped-def]
    last = len(values) - 1
    while last > 0 and values[last - 1] < value:
        values[last], at[last] = values[last - 1], at[last - 1]
        last -= 1
    values[last], at[last] = value, number


@numba.njit(cache=True, nogil=True)
def _rows(block, values, at, column, start, stop):  # type: ignore[no-untyped-def]
    for i in range(start, stop):
        least = values[i, -1]
        for left in range(0, block.shape[1], _RUN):
            run = block[i, left : left + _RUN]
            more = np.int32(0)
            for j in range(len(run)):  # without a branch: compiled to vector instructions
                more |= np.int32(run[j] > least)
            if more:
                for j in range(len(run)):
                    if run[j] > least:
                        _insert(values[i], at[i], run[j], column + left + j)
                        least = values[i, -1]


@numba.njit(cache=True, nogil=True)
def _columns(block, values, at, row, start, stop):  # type: ignore[no-untyped-def]
    least = values[start:stop, -1].copy()
    for i in range(len(block)):
        for left in range(0, stop - start, _RUN):
            run, low = block[i, start + left : min(start + left + _RUN, stop)], least[left : left + _RUN]
            more = np.int32(0)
            for j in range(len(run)):
                more |= np.int32(run[j] > low[j])
            if more:
                for j in range(len(run)):
                    if run[j] > low[j]:
                        list_at = start + left + j
                        _insert(values[list_at], at[list_at], run[j], row + i)
                        low[j] = values[list_at, -1]


@numba.njit(cache=True, nogil=True)
def _new(block, values, at, numbers, start, stop):  # type: ignore[no-untyped-def]
    for i in range(start, stop):
        for j in range(block.shape[1]):
            if block[i, j] > values[i, -1] and not (at[i] == numbers[j]).any():
                _insert(values[i], at[i], block[i, j], numbers[j])
