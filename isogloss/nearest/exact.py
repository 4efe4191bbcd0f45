"""Nearest neighbors by cosine: one small interface, exact faiss behind it by default."""

from __future__ import annotations

from collections.abc import Iterator

import faiss
import numpy as np

from isogloss.errors import InvalidValue
from isogloss.linear import unit_rows
from isogloss.spaces.items import LARGE
from isogloss.spaces.space import Space
from isogloss.types import Rows, Vectors

_BLOCK, _QUERIES = 16_384, 512
_SMALL = 4_000_000  # multiplications


class ExactIndex:
    """Exact inner product on unit vectors; nothing is built. Large spaces are read block by block and never copied.

    >>> space = Space("s", ("a", "b"), np.array([[2, 0], [1, 1]], dtype=np.float32))
    >>> rows, similarity = ExactIndex(space).search(np.array([[3, 0]], dtype=np.float32), 2)
    >>> rows.tolist(), similarity.round(3).tolist()
    ([[0, 1]], [[1.0, 0.7070000171661377]])
    """

    kind = "exact"

    def __init__(self, space: Space) -> None:
        self._space = space

    def search(self, queries: Vectors, k: int) -> tuple[Rows, Vectors]:
        """queries: (n, dim), any length. Raises InvalidValue when the dimensions differ or k < 1."""
        queries, k = checked_search(self._space, queries, k)
        if not in_blocks(self._space):
            similarity, rows = _knn(queries, self._space.unit, k)
            return rows, similarity
        parts = [_best(queries[at : at + _QUERIES], self._space, k) for at in range(0, len(queries), _QUERIES)]
        rows, similarity = (np.concatenate(part) for part in zip(*parts, strict=True))
        return rows, similarity


def _knn(queries: Vectors, unit: Vectors, k: int) -> tuple[Vectors, Rows]:
    """faiss; what takes one core about a millisecond does not wait for the others to be woken."""
    cores = faiss.omp_get_max_threads()
    if (len(queries) > 1 and len(queries) * unit.size > _SMALL) or cores == 1:
        return faiss.knn(queries, unit, k, metric=faiss.METRIC_INNER_PRODUCT)
    faiss.omp_set_num_threads(1)  # of the calling thread alone
    try:
        return faiss.knn(queries, unit, k, metric=faiss.METRIC_INNER_PRODUCT)
    finally:
        faiss.omp_set_num_threads(cores)


def checked_search(space: Space, queries: Vectors, k: int) -> tuple[Vectors, int]:
    """Queries as rows of length 1, and no more neighbors than there are items. Raises InvalidValue."""
    return checked_queries(queries, k, items=len(space), dim=space.dim)


def checked_queries(queries: Vectors, k: int, *, items: int, dim: int) -> tuple[Vectors, int]:
    """The same for a space of which only the size is at hand."""
    queries = np.atleast_2d(np.asarray(queries, dtype=np.float32))
    if queries.shape[1] != dim:
        raise InvalidValue(
            f"the query has {queries.shape[1]} dimensions, the space {dim}",
            "query a space with vectors of its own kind",
        )
    if k < 1:
        raise InvalidValue(f"k is {k}", "choose k of 1 or more")
    return unit_rows(queries), min(k, items)


def in_blocks(space: Space) -> bool:
    """Whether a space is so large that its unit vectors are not kept beside its vectors (unless they are already)."""
    return len(space) > LARGE and "unit" not in vars(space)


def _best(queries: Vectors, space: Space, k: int) -> tuple[Rows, Vectors]:
    rows = np.empty((len(queries), 0), dtype=np.int64)
    similarity = np.empty((len(queries), 0), dtype=np.float32)
    for at, cosine in _cosine_blocks(queries, space):
        if cosine.shape[1] > k:
            found = np.argpartition(cosine, -k, axis=1)[:, -k:]
            cosine = np.take_along_axis(cosine, found, axis=1)
        else:
            found = np.tile(np.arange(cosine.shape[1]), (len(queries), 1))
        rows, similarity = np.hstack([rows, found + at]), np.hstack([similarity, cosine])
        order = np.argsort(-similarity, axis=1, kind="stable")[:, :k]
        rows, similarity = np.take_along_axis(rows, order, axis=1), np.take_along_axis(similarity, order, axis=1)
    return rows, similarity


def _cosine_blocks(queries: Vectors, space: Space) -> Iterator[tuple[int, Vectors]]:
    """The first row of every block and its cosines, shape (n_queries, n_block)."""
    for at in range(0, len(space), _BLOCK):
        if in_blocks(space):
            yield at, queries @ space.rows(slice(at, at + _BLOCK)).T / space.norms[at : at + _BLOCK]
        else:
            yield at, queries @ space.unit[at : at + _BLOCK].T


def cosines(space: Space, vector: Vectors) -> Vectors:
    """The cosine of every item to one vector, float32, shape (n_items,); a zero vector has 0."""
    query = unit_rows(vector[None])
    if not in_blocks(space):
        return np.asarray(space.unit @ query[0])
    return np.concatenate([cosine[0] for _, cosine in _cosine_blocks(query, space)])


def nearest_outside(space: Space, rows: Rows, *kinds: Rows) -> list[tuple[Rows, Vectors]]:
    """Of some rows the nearest that is of another kind, and its cosine, shapes (n,); −1 and NaN where there is none.

    kinds: of every row of the space, (n_items,); for each one answer, the second of those that differ in the first kind
    and in the second, and so on.

    >>> space = Space("s", ("a", "A", "b"), np.array([[1, 0], [1, 0], [1, 1]], dtype=np.float32))
    >>> [found.tolist() for found, _ in nearest_outside(space, np.array([0]), np.array([0, 0, 1]), np.array([0, 1, 0]))]
    [[2], [-1]]
    """
    alike = [np.isin(kind, kind[rows]) for kind in kinds]
    found = [np.full(len(rows), -1) for _ in kinds]
    best = [np.full(len(rows), -np.inf, dtype=np.float32) for _ in kinds]
    for at, cosine in _cosine_blocks(unit_rows(space.rows(rows)), space):
        for n, kind in enumerate(kinds):
            left_out = np.flatnonzero(alike[n][at : at + _BLOCK])
            cosine[:, left_out] = np.where(kind[at + left_out] == kind[rows][:, None], -np.inf, cosine[:, left_out])
            here = cosine.argmax(axis=1)
            value = cosine[np.arange(len(rows)), here]
            found[n], best[n] = np.where(value > best[n], here + at, found[n]), np.maximum(value, best[n])
    nan = np.float32(np.nan)
    return [(one, np.where(one >= 0, value, nan)) for one, value in zip(found, best, strict=True)]


def self_neighbors(space: Space, k: int) -> tuple[Rows, Vectors]:
    """The k nearest other items of every item: rows and similarities, shapes (n_items, k).

    Equal vectors count as neighbors; only the item's own row is left out.
    """
    k = min(k, len(space) - 1)
    if k < 1:
        return np.empty((len(space), 0), dtype=np.int64), np.empty((len(space), 0), dtype=np.float32)
    return without_own(*ExactIndex(space).search(space.unit, k + 1), np.arange(len(space)))


def without_own(rows: Rows, similarity: Vectors, own_rows: Rows) -> tuple[Rows, Vectors]:
    """Lists less the items that asked, shapes (n, k + 1) to (n, k); where they are not listed, less the last."""
    own = rows == own_rows[:, None]
    own[~own.any(axis=1), -1] = True  # among many equal vectors its own row may not be listed
    return rows[~own].reshape(len(rows), -1), similarity[~own].reshape(len(rows), -1)
