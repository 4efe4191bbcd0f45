"""UMAP's fuzzy graph and its curve (McInnes et al. 2018), as umap-learn has them, compiled once and kept.

umap-learn compiles its own anew in every process, which takes five times as long as the layout of a thousand points.
What is computed here is the same to the last bit; a test holds the two together.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from isogloss.types import Vectors

_TOLERANCE, _LEAST_SCALE, _STEPS = 1e-5, 1e-3, 64
_MOST = float(np.finfo(np.float32).max)

Edges = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.float32]]


def fuzzy_graph(neighbors: npt.NDArray[np.int32], distances: Vectors) -> Edges:
    """Edges in both directions: from, to and weight (0 to 1), each (n_edges,), by rows.

    neighbors, distances: (n, k) of each point, nearest first, the point itself among them. A point's weights are
    exp(−(d − ρ)/σ): ρ is the distance to its nearest other, σ is such that they add up to log₂ k; the two directions of
    an edge are joined as a + b − ab.
    """
    from scipy.sparse import coo_matrix

    n, k = neighbors.shape
    weights = np.zeros(neighbors.shape, dtype=np.float32)
    _weigh(neighbors, distances, np.log2(float(k)), weights)
    one = coo_matrix((weights.ravel(), (np.repeat(np.arange(n, dtype=np.int32), k), neighbors.ravel())), shape=(n, n))
    one.eliminate_zeros()
    back = one.transpose()
    both = one.multiply(back)
    joined = 1.0 * (one + back - both) + 0.0 * both
    joined.eliminate_zeros()
    joined = joined.tocoo()
    return joined.row.astype(np.int32), joined.col.astype(np.int32), joined.data.astype(np.float32)


def curve(min_dist: float, spread: float = 1.0) -> tuple[float, float]:
    """a and b of 1 / (1 + a·x^2b), fitted to what falls off exponentially beyond `min_dist`.

    >>> [round(one, 3) for one in curve(0.1)]
    [1.577, 0.895]
    """
    from scipy.optimize import curve_fit

    x = np.linspace(0, spread * 3, 300)
    y = np.where(x < min_dist, 1.0, np.exp(-(x - min_dist) / spread))
    a, b = curve_fit(lambda x, a, b: 1.0 / (1.0 + a * x ** (2 * b)), x, y)[0]
    return float(a), float(b)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _scale(distances: Vectors, nearest: np.float32, target: float) -> float:
    """σ of one point, by bisection."""
    low, high, middle = 0.0, _MOST, 1.0
    for _ in range(_STEPS):
        total = 0.0
        for j in range(1, len(distances)):
            beyond = distances[j] - nearest
            total += np.exp(-(beyond / middle)) if beyond > 0 else 1.0
        if np.fabs(total - target) < _TOLERANCE:
            break
        if total > target:
            high = middle
            middle = (low + high) / 2.0
        else:
            low = middle
            middle = middle * 2 if high >= _MOST else (low + high) / 2.0
    return middle


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _weigh(neighbors: npt.NDArray[np.int32], distances: Vectors, target: float, weights: Vectors) -> None:
    mean = np.mean(distances)
    for i in range(len(distances)):
        own = distances[i]
        nearest = np.float32(0.0)
        for d in own:
            if d > 0.0:
                nearest = d
                break
        least = _LEAST_SCALE * (np.mean(own) if nearest > 0.0 else mean)
        scale = max(np.float32(_scale(own, nearest, target)), np.float32(least))
        for j in range(len(own)):
            if neighbors[i, j] != i:
                beyond = own[j] - nearest
                weights[i, j] = 1.0 if beyond <= 0.0 or scale == 0.0 else np.exp(-(beyond / scale))
