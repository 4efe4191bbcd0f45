"""Ratio margins of pairs: their cosine beside those of each text's nearest on the other side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from isogloss.linear import unit_rows
from isogloss.types import Floats, Rows, Vectors

K = 4
_BLOCK = 512


@dataclass(frozen=True, eq=False)
class Margins:
    """Of n pairs, (n,) each. similarity: cosine. margin: cosine ÷ ½ (mean cosine of either text to its 4 nearest of the
    other side) (Artetxe & Schwenk 2019); NaN where a text has no vector. near: of how many texts of the source's side
    each target is among the 4 nearest.
    """

    similarity: Floats
    margin: Floats
    near: Rows


def margins(pairs: tuple[Sequence[str], Sequence[str]], source: Vectors, target: Vectors, *, k: int = K) -> Margins:
    """pairs: the texts; one that is there twice is one among the nearest. source, target: (n, dim), row by row.

    >>> one = np.eye(4, dtype=np.float32)
    >>> found = margins((list("abcd"), list("wxyz")), one, one, k=2)
    >>> found.similarity.tolist(), found.margin.tolist()
    ([1.0, 1.0, 1.0, 1.0], [2.0, 2.0, 2.0, 2.0])
    """
    a, b = unit_rows(source), unit_rows(target)
    (rows_a, place_a), (rows_b, place_b) = (_distinct(texts) for texts in pairs)
    there, near = _nearest(a[rows_a], b[rows_b], k)
    back, _ = _nearest(b[rows_b], a[rows_a], k)
    similarity = np.einsum("ij,ij->i", a, b).astype(np.float64)
    around = (there[place_a] + back[place_b]) / 2
    known = a.any(axis=1) & b.any(axis=1) & (around > 0)
    margin = np.where(known, similarity / np.where(around > 0, around, 1), np.nan)
    return Margins(np.where(known, similarity, np.nan), margin, near[place_b])


def _distinct(texts: Sequence[str]) -> tuple[Rows, Rows]:
    """Rows of the first of each text, and which of these every row is."""
    first: dict[str, int] = {}
    rows: list[int] = []
    place = np.zeros(len(texts), dtype=np.int64)
    for row, text in enumerate(texts):
        if text not in first:
            first[text] = len(rows)
            rows.append(row)
        place[row] = first[text]
    return np.array(rows, dtype=np.int64), place


def _nearest(queries: Vectors, pool: Vectors, k: int) -> tuple[Floats, Rows]:
    """Mean cosine of each query to its k nearest of the pool, and how often each of the pool was among them."""
    k = min(k, len(pool))
    mean = np.zeros(len(queries))
    near = np.zeros(len(pool), dtype=np.int64)
    for at in range(0, len(queries), _BLOCK):
        cosines = queries[at : at + _BLOCK] @ pool.T
        best = np.argpartition(cosines, -k, axis=1)[:, -k:]
        mean[at : at + _BLOCK] = np.take_along_axis(cosines, best, axis=1).mean(axis=1)
        near += np.bincount(best.ravel(), minlength=len(pool))
    return mean, near
