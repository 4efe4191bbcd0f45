"""BLAS on one thread, whoever else is inside; and small searches that find what large ones find."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from isogloss.linear import one_thread
from isogloss.maps import layout
from isogloss.nearest import exact


def threads() -> set[int]:
    """Of numpy's BLAS."""
    return {pool["num_threads"] for pool in threadpool_info() if pool.get("threading_layer") == "pthreads"}


def test_the_last_to_leave_puts_back_what_was_before() -> None:
    before, met = threads(), Barrier(3)

    def inside(_: int) -> set[int]:
        with one_thread():
            met.wait(10)  # all are inside
            found = threads()
            met.wait(10)
        return found

    with ThreadPoolExecutor(3) as pool:
        assert all(found == {1} for found in pool.map(inside, range(3)))
        assert threads() == before


def test_an_error_leaves_too() -> None:
    before = threads()
    with pytest.raises(ZeroDivisionError), one_thread(), one_thread():
        _ = 1 / 0
    assert threads() == before


def test_small_searches_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(0).normal(size=(300, 20)).astype(np.float32)
    one = exact._knn(rows[:40], rows, 5)
    monkeypatch.setattr(exact, "_SMALL", 0)
    many = exact._knn(rows[:40], rows, 5)
    assert np.array_equal(one[1], many[1])
    assert np.allclose(one[0], many[0], atol=1e-4)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_few_points_keep_what_a_tree_says(dimensions: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(dimensions)
    at = rng.normal(size=(120, dimensions)).astype(np.float32)
    near = rng.integers(0, 120, size=(120, 6))
    few = layout.kept_neighbors(near, at, 6)
    monkeypatch.setattr(layout, "_FEW", 0)
    assert few.sum() > 0
    assert np.array_equal(few, layout.kept_neighbors(near, at, 6))
