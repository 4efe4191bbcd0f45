"""The steps of metric scaling, compiled: one call that leaves other threads alone. numba is loaded with it."""

from __future__ import annotations

import numba
import numpy as np

from isogloss.types import Vectors

_LEAST = np.float32(1e-9)


@numba.njit(cache=True, nogil=True, fastmath=True)  # type: ignore[untyped-decorator]
def majorize(x: Vectors, wanted: Vectors, weights: Vectors, inverse: Vectors, steps: int) -> None:
    """At most `steps` steps X ← V⁺B(X)·X in place, fewer once the sum of squares falls no more.

    x: (n, m). wanted, weights, inverse (V⁺): (n, n), symmetric; all float32. See `scaling.scaled`.
    """
    n, m = x.shape
    places = np.empty((m, n), dtype=np.float32)
    pulled = np.empty((m, n), dtype=np.float32)
    row = np.empty(n, dtype=np.float32)
    before = np.float32(np.inf)
    for _ in range(steps):
        for c in range(m):
            for i in range(n):
                places[c, i] = x[i, c]
        left = np.float32(0)
        for i in range(n):  # short loops over rows: each becomes a few vector instructions
            far, weight = wanted[i], weights[i]
            row[:] = _LEAST
            for c in range(m):
                axis = places[c]
                here = axis[i]
                for j in range(n):
                    apart = axis[j] - here
                    row[j] += apart * apart
            for j in range(n):
                row[j] = np.sqrt(row[j])
            missed = np.float32(0)
            for j in range(n):
                apart = far[j] - row[j]
                missed += weight[j] * apart * apart
            left += missed
            for j in range(n):
                row[j] = weight[j] * far[j] / row[j]
            total = np.float32(0)
            for j in range(n):
                total += row[j]
            for c in range(m):
                axis = places[c]
                drawn = np.float32(0)
                for j in range(n):
                    drawn += row[j] * axis[j]
                pulled[c, i] = total * axis[i] - drawn
        for i in range(n):
            back = inverse[i]
            for c in range(m):
                to = pulled[c]
                moved = np.float32(0)
                for j in range(n):
                    moved += back[j] * to[j]
                x[i, c] = moved
        if left >= before:
            break
        before = left
