"""The inner loop of the neighbor measures of drift: two rows of similarities compared.

Selecting the k largest of a row by a histogram of 2,048 bins reads the row twice, whatever k is, where
a partial sort of every row would take most of the time. Equal similarities are taken in row order.
"""

from __future__ import annotations

import numba
import numpy as np

BINS = 2048


@numba.njit(cache=True, nogil=True, inline="always")
def _bin(value):  # type: ignore[no-untyped-def]
    return min(BINS - 1, max(0, int((value + 1.0) * (BINS // 2))))


@numba.njit(cache=True, nogil=True)
def _cut(row, bins, histogram, allowed, own, k, scratch):  # type: ignore[no-untyped-def]
    """The kth largest allowed value, and how many values equal to it belong to the k largest."""
    left, at = k, BINS - 1
    while histogram[at] < left:
        left -= histogram[at]
        at -= 1
    n = 0
    for j in range(len(row)):
        if bins[j] == at and allowed[j] and j != own:
            scratch[n] = row[j]
            n += 1
    values = np.sort(scratch[:n])
    cut = values[n - left]
    ties = 0
    for j in range(n - left, n):
        ties += values[j] == cut
    return cut, ties


@numba.njit(cache=True, nogil=True)
def compare(a, b, first, counted, k, wide, out):  # type: ignore[no-untyped-def]
    """Compare the neighbors of items in two spaces, from similarities to all shared items.

    a, b: float32 (m, n), cosines of items first … first + m to all n shared items, each in its space.
    counted: bool (n,), which items may be neighbors for the wide overlap. k, wide: how many neighbors
    for the local and Jaccard measures and for the wide overlap. out: float64 (3, n), written at the
    items' columns: local distance, 1 − Jaccard, 1 − wide overlap; NaN where nothing can be compared.
    """
    m, n = a.shape
    everything = np.ones(n, dtype=np.bool_)
    bins = np.empty((2, n), dtype=np.int16)
    near, far = np.empty((2, BINS), dtype=np.int32), np.empty((2, BINS), dtype=np.int32)
    scratch = np.empty(n, dtype=np.float32)
    cuts, ties = np.empty(4, dtype=np.float32), np.empty(4, dtype=np.int64)
    total = counted.sum()
    for i in range(m):
        own = first + i
        kk, ww = min(k, n - 1), min(wide, total - counted[own])
        near[:] = 0
        far[:] = 0
        for side in range(2):
            row = a[i] if side == 0 else b[i]
            for j in range(n):
                at = _bin(row[j])
                bins[side, j] = at
                near[side, at] += 1
                far[side, at] += counted[j]
            near[side, bins[side, own]] -= 1
            far[side, bins[side, own]] -= counted[own]
            if kk > 0:
                cuts[side], ties[side] = _cut(row, bins[side], near[side], everything, own, kk, scratch)
            if ww > 0:
                cuts[2 + side], ties[2 + side] = _cut(row, bins[side], far[side], counted, own, ww, scratch)
        low_a, low_b = np.float32(np.inf), np.float32(np.inf)
        if kk > 0:
            low_a, low_b = min(low_a, cuts[0]), min(low_b, cuts[1])
        if ww > 0:
            low_a, low_b = min(low_a, cuts[2]), min(low_b, cuts[3])
        both = either = wide_both = 0
        dot = norm_a = norm_b = 0.0
        for j in range(n):
            x, y = a[i, j], b[i, j]
            if (x < low_a and y < low_b) or j == own:  # nearly all items are near in neither space
                continue
            if kk > 0:
                in_a, in_b = x > cuts[0], y > cuts[1]
                if x == cuts[0] and ties[0] > 0:
                    in_a = True
                    ties[0] -= 1
                if y == cuts[1] and ties[1] > 0:
                    in_b = True
                    ties[1] -= 1
                if in_a or in_b:
                    either += 1
                    both += in_a and in_b
                    dot += float(x) * float(y)
                    norm_a += float(x) * float(x)
                    norm_b += float(y) * float(y)
            if ww > 0 and counted[j]:
                in_a, in_b = x > cuts[2], y > cuts[3]
                if x == cuts[2] and ties[2] > 0:
                    in_a = True
                    ties[2] -= 1
                if y == cuts[3] and ties[3] > 0:
                    in_b = True
                    ties[3] -= 1
                wide_both += in_a and in_b
        out[0, own] = max(0.0, 1.0 - dot / np.sqrt(norm_a * norm_b)) if norm_a > 0 and norm_b > 0 else np.nan
        out[1, own] = 1.0 - both / either if either > 0 else np.nan
        out[2, own] = 1.0 - wide_both / ww if ww > 0 else np.nan
