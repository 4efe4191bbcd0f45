"""Nearest neighbors by cosine: one small interface, exact faiss behind it by default."""

from __future__ import annotations

from typing import Protocol

import faiss
import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.space import Space, Vectors

Rows = npt.NDArray[np.int64]


class Index(Protocol):
    """What any index offers. `search` returns rows and cosine similarities, best first, shapes (n, k)."""

    def search(self, queries: Vectors, k: int) -> tuple[Rows, Vectors]: ...


class ExactIndex:
    """Exact inner product on unit vectors (faiss); nothing is copied, nothing is built.

    >>> space = Space("s", ("a", "b"), np.array([[2, 0], [1, 1]], dtype=np.float32))
    >>> rows, similarity = ExactIndex(space).search(np.array([[3, 0]], dtype=np.float32), 2)
    >>> rows.tolist(), similarity.round(3).tolist()
    ([[0, 1]], [[1.0, 0.7070000171661377]])
    """

    def __init__(self, space: Space) -> None:
        self._unit = space.unit

    def search(self, queries: Vectors, k: int) -> tuple[Rows, Vectors]:
        """queries: (n, dim), any length. Raises InvalidValue when the dimensions differ or k < 1."""
        queries = np.atleast_2d(np.asarray(queries, dtype=np.float32))
        if queries.shape[1] != self._unit.shape[1]:
            raise InvalidValue(
                f"the query has {queries.shape[1]} dimensions, the space {self._unit.shape[1]}",
                "query a space with vectors of its own kind",
            )
        if k < 1:
            raise InvalidValue(f"k is {k}", "choose k of 1 or more")
        k = min(k, len(self._unit))
        similarity, rows = faiss.knn(unit_rows(queries), self._unit, k, metric=faiss.METRIC_INNER_PRODUCT)
        return rows, similarity


def unit_rows(vectors: Vectors) -> Vectors:
    """Rows of length 1, float32 and contiguous; a zero row stays zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.ascontiguousarray(vectors / np.where(norms > 0, norms, 1), dtype=np.float32)


def self_neighbors(space: Space, k: int) -> tuple[Rows, Vectors]:
    """The k nearest other items of every item: rows and similarities, shapes (n_items, k).

    Equal vectors count as neighbors; only the item's own row is left out.
    """
    k = min(k, len(space) - 1)
    if k < 1:
        return np.empty((len(space), 0), dtype=np.int64), np.empty((len(space), 0), dtype=np.float32)
    rows, similarity = ExactIndex(space).search(space.unit, k + 1)
    own = rows == np.arange(len(space))[:, None]
    own[~own.any(axis=1), -1] = True  # among many equal vectors its own row may not be listed
    return rows[~own].reshape(-1, k), similarity[~own].reshape(-1, k)
