"""The fuzzy graph and the curve against umap-learn's own, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from isogloss.maps.graph import curve, fuzzy_graph
from isogloss.nearest.exact import self_neighbors
from isogloss.spaces.space import Space


def neighbors_of(n: int, k: int, alike: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest of n points and their distances, each point its own first; the first `alike` points coincide."""
    vectors = np.random.default_rng(n).normal(size=(n, 8)).astype(np.float32)
    vectors[:alike] = vectors[0]
    rows, similarity = self_neighbors(Space("s", tuple(map(str, range(n))), vectors), k - 1)
    own = np.arange(n)[:, None]
    distances = np.hstack([np.zeros((n, 1)), np.clip(1 - similarity, 0, 2)])
    return np.hstack([own, rows]).astype(np.int32), distances.astype(np.float32)


def test_every_point_holds_its_nearest_and_as_much_as_it_should() -> None:
    near, distances = neighbors_of(200, 15)
    head, tail, weights = fuzzy_graph(near, distances)
    dense = np.zeros((200, 200))
    dense[head, tail] = weights
    assert np.array_equal(dense, dense.T)
    assert not dense.diagonal().any()
    assert dense[np.arange(200), near[:, 1]] == pytest.approx(1)
    assert dense.max() == pytest.approx(1)
    assert (dense > 0).sum(axis=1).min() >= 14


def test_the_curve_is_near_what_it_is_fitted_to() -> None:
    a, b = curve(0.5)
    x = np.array([0.1, 0.3, 1.0, 2.0])
    wanted = np.where(x < 0.5, 1, np.exp(-(x - 0.5)))
    assert 1 / (1 + a * x ** (2 * b)) == pytest.approx(wanted, abs=0.06)


def test_what_is_compiled_is_kept() -> None:
    fuzzy_graph(*neighbors_of(50, 5))
    from umap import umap_

    for compiled in (umap_.smooth_knn_dist, umap_.compute_membership_strengths):
        assert sum(compiled.stats.cache_hits.values()) + sum(compiled.stats.cache_misses.values()) > 0
