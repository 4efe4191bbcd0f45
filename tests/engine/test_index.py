"""The exact index against plain numpy: ties, equal vectors, zero vectors, more neighbors than items."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from isogloss.errors import InvalidValue
from isogloss.index import ExactIndex, self_neighbors, unit_rows
from isogloss.space import Space

# Whole numbers make many ties, equal rows and zero rows.
MATRICES = st.integers(1, 30).flatmap(lambda n: arrays(np.float32, (n, 3), elements=st.integers(-2, 2).map(np.float32)))


def space_of(vectors: np.ndarray) -> Space:
    return Space("s", tuple(map(str, range(len(vectors)))), vectors)


def cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    a, b = a.astype(np.float64), b.astype(np.float64)
    norms = np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)[None]
    return a @ b.T / np.where(norms > 0, norms, 1)


@given(MATRICES, MATRICES, st.integers(1, 40))
def test_search_is_the_best_k_by_brute_force(vectors: np.ndarray, queries: np.ndarray, k: int) -> None:
    rows, similarity = ExactIndex(space_of(vectors)).search(queries, k)
    exact = cosines(queries, vectors)
    assert rows.shape == similarity.shape == (len(queries), min(k, len(vectors)))
    best = -np.sort(-exact, axis=1)[:, : rows.shape[1]]
    np.testing.assert_allclose(similarity, best, atol=1e-5)
    np.testing.assert_allclose(np.take_along_axis(exact, rows, axis=1), best, atol=1e-5)
    assert all(len(set(row)) == len(row) for row in rows.tolist())


@given(MATRICES, st.integers(1, 40))
def test_self_neighbors_are_the_best_k_others(vectors: np.ndarray, k: int) -> None:
    rows, similarity = self_neighbors(space_of(vectors), k)
    n = len(vectors)
    assert rows.shape == similarity.shape == (n, min(k, n - 1))
    assert not (rows == np.arange(n)[:, None]).any()
    exact = cosines(vectors, vectors)
    np.fill_diagonal(exact, -9)
    best = -np.sort(-exact, axis=1)[:, : rows.shape[1]]
    # A zero row is no nearer to itself than to others; among equal rows any may stand in the list.
    whole = np.linalg.norm(vectors, axis=1) > 0
    np.testing.assert_allclose(similarity[whole], best[whole], atol=1e-5)
    np.testing.assert_allclose(np.take_along_axis(exact, rows, axis=1), similarity, atol=1e-5)


def test_one_query_may_be_a_plain_vector() -> None:
    index = ExactIndex(space_of(np.eye(3, dtype=np.float32)))
    rows, similarity = index.search(np.array([0, 7, 1], dtype=np.float32), 2)
    assert rows.tolist() == [[1, 2]]
    np.testing.assert_allclose(similarity, [[7 / np.sqrt(50), 1 / np.sqrt(50)]], rtol=1e-6)


@pytest.mark.parametrize(
    ("shape", "k", "fact"), [((1, 2), 3, "2 dimensions"), ((1, 3), 0, "k is 0"), ((1, 3), -1, "k is -1")]
)
def test_what_cannot_be_searched(shape: tuple[int, int], k: int, fact: str) -> None:
    with pytest.raises(InvalidValue, match=fact):
        ExactIndex(space_of(np.eye(3))).search(np.ones(shape), k)


def test_unit_rows() -> None:
    rows = unit_rows(np.array([[3, 4], [0, 0]]))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0, 0]])
    assert rows.dtype == np.float32
    assert rows.flags["C_CONTIGUOUS"]
