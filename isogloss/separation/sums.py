"""Sums over rows, compiled: of each group, and what silhouettes are made of. Imported where something is measured."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from isogloss.separation.removal import Codes
from isogloss.types import Floats, Vectors


def sums_of_groups(vectors: Vectors, codes: Codes, n_groups: int, weights: Floats | None = None) -> Floats:
    """Sum of the rows of each group, (n_groups, dim), added in float32 and in the order of the rows: what
    `group_sums` gives, to the last bit.
    """
    sums = np.zeros((n_groups, vectors.shape[1]), dtype=np.float32)
    if weights is None:
        _sum(vectors, codes, sums)
    else:
        _weighted(vectors, codes, weights.astype(np.float32), sums)
    return sums.astype(np.float64)


def outlines(dots: Vectors, codes: Codes, counts: Floats, squares: Floats) -> Floats:
    """Silhouette of each row, (n,), from its products with the sums of the groups, (n, n_groups): see `silhouettes`.

    counts: rows of each group. squares: squared lengths of the rows.
    """
    out = np.zeros(len(dots))
    _outline(dots, codes, counts, squares, out)
    return out


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _sum(vectors: Vectors, codes: Codes, sums: npt.NDArray[np.float32]) -> None:
    for i in range(len(codes)):
        to = sums[codes[i]]
        for d in range(vectors.shape[1]):
            to[d] += vectors[i, d]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _weighted(vectors: Vectors, codes: Codes, weights: Vectors, sums: npt.NDArray[np.float32]) -> None:
    for i in range(len(codes)):
        to, weight = sums[codes[i]], weights[i]
        for d in range(vectors.shape[1]):
            to[d] += weight * vectors[i, d]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _outline(dots: Vectors, codes: Codes, counts: Floats, squares: Floats, out: Floats) -> None:
    for i in range(len(dots)):
        group = codes[i]
        own = counts[group]
        if own <= 1:
            continue
        most = -np.inf
        for g in range(dots.shape[1]):
            if g != group and counts[g] > 0:
                most = max(most, np.float64(dots[i, g]) / counts[g])
        if most == -np.inf:
            continue
        a = max(1 - (np.float64(dots[i, group]) - squares[i]) / (own - 1), 0.0)
        b = max(1 - most, 0.0)
        if max(a, b) > 1e-5:  # rows that all coincide are neither near nor far
            out[i] = (b - a) / max(a, b)
