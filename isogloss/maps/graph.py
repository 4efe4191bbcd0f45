"""UMAP's fuzzy graph and curve (McInnes et al. 2018), by umap-learn, whose compiled code is kept.

umap-learn compiles its graph anew in every process, which takes longer than the layout of a thousand points; numba
keeps it where it is told to.
"""

from __future__ import annotations

import warnings
from contextlib import suppress
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.types import Vectors

Edges = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.float32]]


@cache
def _umap() -> Any:
    """2.4 s: only when a layout is computed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # umap warns that tensorflow is not there
        from umap import umap_
    for compiled in (umap_.smooth_knn_dist, umap_.compute_membership_strengths):
        with suppress(AttributeError, RuntimeError):  # nowhere to keep it: compiled anew
            compiled.enable_caching()
    return umap_


def fuzzy_graph(neighbors: npt.NDArray[np.int32], distances: Vectors, seed: int = 0) -> Edges:
    """Edges in both directions: from, to and weight (0 to 1), each (n_edges,), by rows.

    neighbors, distances: (n, k) of each point, nearest first, the point itself among them. A point's weights are
    exp(−(d − ρ)/σ): ρ is the distance to its nearest other, σ is such that they add up to log₂ k; the two directions of
    an edge are joined as a + b − ab.
    """
    unit = np.zeros((len(neighbors), 1), dtype=np.float32)  # it asks for no more than how many these are
    random = np.random.RandomState(seed)
    graph = (
        _umap()
        .fuzzy_simplicial_set(unit, neighbors.shape[1], random, "cosine", knn_indices=neighbors, knn_dists=distances)[0]
        .tocoo()
    )
    return graph.row.astype(np.int32), graph.col.astype(np.int32), graph.data.astype(np.float32)


def curve(min_dist: float, spread: float = 1.0) -> tuple[float, float]:
    """a and b of 1 / (1 + a·x^2b), fitted to what falls off exponentially beyond `min_dist`.

    >>> [round(one, 3) for one in curve(0.1)]
    [1.577, 0.895]
    """
    a, b = _umap().find_ab_params(spread, min_dist)
    return float(a), float(b)
