"""UMAP's layout optimisation (McInnes et al. 2018), on one core and several times faster than umap-learn's.

The graph is that of umap-learn (`graph.py`). Its edges pull, random pairs push, each edge in proportion to its
weight, with a step that shrinks to 0. The two gradient factors depend on d² alone; computing their
powers is most of the time of the usual loop, so here they are looked up in a table indexed by the
exponent and the first eight bits of the mantissa of d² (relative error below 0.2 % of d²).
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from isogloss.types import Vectors

_LEAST, _MOST, _BITS = 2.0**-30, 2.0**14, 8
_SHIFT = 23 - _BITS
_NEGATIVES = 5


def gradient_tables(a: float, b: float) -> tuple[Vectors, Vectors, int]:
    """Attraction and repulsion per d², and the table index of the smallest d².

    attraction: −2ab·d^(2(b−1)) / (1 + a·d^(2b)); repulsion: 2b / ((0.001 + d²)(1 + a·d^(2b))).
    """
    low, high = (int(np.array([x], dtype=np.float32).view(np.int32)[0]) >> _SHIFT for x in (_LEAST, _MOST))
    index = np.arange(low, high + 1, dtype=np.int64)
    middle = (index << _SHIFT) + (1 << (_SHIFT - 1))
    x = middle.astype(np.int32).view(np.float32).astype(np.float64)
    attraction = -2 * a * b * x ** (b - 1) / (1 + a * x**b)
    repulsion = 2 * b / ((0.001 + x) * (1 + a * x**b))
    return attraction.astype(np.float32), repulsion.astype(np.float32), low


def optimize(
    start: Vectors,
    head: npt.NDArray[np.int32],
    tail: npt.NDArray[np.int32],
    *,
    weights: npt.NDArray[np.float32],
    n_epochs: int,
    curve: tuple[float, float],
    seed: int,
) -> Vectors:
    """Coordinates after `n_epochs`, float32, shape (n_points, n_components), n_components up to 3.

    start: first coordinates, about 10 across. head, tail, weights: the edges, each in both
    directions. curve: UMAP's a and b. The same input gives the same output on one machine.
    """
    room = np.zeros((len(start), 3), dtype=np.float32)  # a missing third dimension stays 0
    room[:, : start.shape[1]] = start
    strong = weights >= weights.max() / n_epochs
    every = (weights.max() / weights[strong]).astype(np.float64)  # epochs between two uses of an edge
    state = np.uint64(seed * 2654435761 + 1)
    _run(room, head[strong], tail[strong], every, n_epochs, gradient_tables(*curve), state)
    return room[:, : start.shape[1]].copy()


@numba.njit(fastmath=True, cache=True)
def _run(room, head, tail, every, n_epochs, tables, state):  # type: ignore[no-untyped-def]
    attraction, repulsion, low = tables
    due = every.copy()
    n_points, last = np.uint64(len(room)), len(attraction) - 1
    bound, shift = np.float32(4.0), np.int32(_SHIFT)
    for epoch in range(n_epochs):
        alpha = np.float32(1.0 - epoch / n_epochs)
        for edge in range(len(head)):
            if due[edge] > epoch:
                continue
            due[edge] += every[edge]
            i, j = head[edge], tail[edge]
            x, y, z = room[i, 0], room[i, 1], room[i, 2]
            dx, dy, dz = x - room[j, 0], y - room[j, 1], z - room[j, 2]
            square = np.float32(dx * dx + dy * dy + dz * dz)
            at = np.int64(square.view(np.int32) >> shift) - low
            if at >= 0:
                factor = attraction[min(at, last)]
                dx = max(-bound, min(bound, factor * dx)) * alpha
                dy = max(-bound, min(bound, factor * dy)) * alpha
                dz = max(-bound, min(bound, factor * dz)) * alpha
                x, y, z = x + dx, y + dy, z + dz
                room[j, 0] -= dx
                room[j, 1] -= dy
                room[j, 2] -= dz
            for _ in range(_NEGATIVES):
                state ^= state << np.uint64(13)
                state ^= state >> np.uint64(7)
                state ^= state << np.uint64(17)
                k = np.int64(((state >> np.uint64(32)) * n_points) >> np.uint64(32))
                dx, dy, dz = x - room[k, 0], y - room[k, 1], z - room[k, 2]
                square = np.float32(dx * dx + dy * dy + dz * dz)
                if square > 0 and k != i:
                    factor = repulsion[max(0, min(np.int64(square.view(np.int32) >> shift) - low, last))]
                    x += max(-bound, min(bound, factor * dx)) * alpha
                    y += max(-bound, min(bound, factor * dy)) * alpha
                    z += max(-bound, min(bound, factor * dz)) * alpha
            room[i, 0], room[i, 1], room[i, 2] = x, y, z
