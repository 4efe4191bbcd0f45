"""How far groups (scripts, languages) lie apart in one space: the measures, each from rows, groups and meanings."""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from isogloss.linear import unit_rows
from isogloss.separation.removal import Codes
from isogloss.types import Floats, Mask, Vectors

NO_MEANING = -1


def eta_squared(
    vectors: Vectors, codes: Codes, weights: Floats | None = None, *, squares: Floats | None = None
) -> float:
    """Between-group share of the variance, Σ n_g‖μ_g−μ‖² / Σ‖x−μ‖² (one-way ANOVA); 0 is no separation, 1 all.

    weights: how often each row counts. squares: squared lengths of the rows, where they are known. NaN where
    nothing varies.

    >>> eta_squared(np.array([[0.0], [0], [1], [1]], dtype=np.float32), np.array([0, 0, 1, 1]))
    1.0
    """
    if not len(vectors):
        return float("nan")
    w = np.ones(len(vectors)) if weights is None else weights
    sums = group_sums(vectors, codes, w)
    lengths = squared_lengths(vectors) if squares is None else squares
    return eta_of_sums(sums, np.bincount(codes, w, minlength=len(sums)), float(w @ lengths))


def eta_of_sums(sums: Floats, counts: npt.NDArray[Any], lengths: float) -> float:
    """The same from the sum of the rows of each group (n_groups, dim), how many these are, and the squared lengths of
    all rows together.
    """
    n = max(float(counts.sum()), 1e-30)
    mean = sums.sum(axis=0) / n
    total = lengths - n * float(mean @ mean)
    held = counts > 0
    between = float(((sums[held] ** 2).sum(axis=1) / counts[held]).sum()) - n * float(mean @ mean)
    return min(1.0, max(0.0, between / total)) if total > 1e-12 * n else float("nan")


def squared_lengths(vectors: Vectors) -> Floats:
    return np.asarray(np.square(vectors).sum(axis=1, dtype=np.float64))


def group_sums(vectors: Vectors, codes: Codes, weights: Floats | None = None) -> Floats:
    """Sum of the rows of each group, shape (n_groups, dim)."""
    from scipy.sparse import csr_array

    n = len(codes)
    w = np.ones(n, dtype=np.float32) if weights is None else weights.astype(np.float32)
    member = csr_array((w, (codes, np.arange(n))), shape=(int(codes.max(initial=-1)) + 1, n))
    return np.asarray(member @ np.asarray(vectors, dtype=np.float32), dtype=np.float64)


def nearest_others(vectors: Vectors, k: int) -> Codes:
    """Rows of the k nearest other rows by cosine, best first, shape (n, min(k, n−1))."""
    unit = unit_rows(vectors)
    n, k = len(unit), min(k, len(unit) - 1)
    if k < 1:
        return np.empty((n, 0), dtype=np.int64)
    _, rows = faiss.knn(unit, unit, k + 1, metric=faiss.METRIC_INNER_PRODUCT)
    own = rows == np.arange(n)[:, None]
    own[~own.any(axis=1), -1] = True
    return np.asarray(rows[~own].reshape(n, k))


def most_alike(codes: Codes, meanings: Codes) -> int:
    """The most rows of one group and one meaning: so many neighbors of a row hold one that is not among them."""
    known = meanings >= 0
    if not known.any():
        return 1
    return int(np.unique(codes[known] * (int(meanings.max()) + 1) + meanings[known], return_counts=True)[1].max())


def pooled_hits(nearest: Codes, meanings: Codes, codes: Codes) -> Floats:
    """For each row 1 where it finds its meaning in another group first, among all rows of all groups (Roy 2020,
    LAReQA).

    The pool is every other row but those of the same meaning in the row's own group: with one row of each meaning in
    a group that is all others. nearest: at least `most_alike` neighbors. NaN where no other group has the meaning.
    """
    known = meanings >= 0
    ask = np.zeros(len(meanings), dtype=bool)
    if known.any():
        there = np.zeros((int(meanings.max()) + 1, int(codes.max()) + 1), dtype=bool)
        there[meanings[known], codes[known]] = True
        ask[known] = there.sum(axis=1)[meanings[known]] > 1
    hit = np.full(len(meanings), np.nan)
    if nearest.shape[1]:
        rows = np.flatnonzero(ask)
        near = nearest[rows]
        same = meanings[near] == meanings[rows, None]
        passed = same & (codes[near] == codes[rows, None])
        first = np.argmin(passed, axis=1)
        at = np.arange(len(rows))
        hit[rows] = same[at, first] & ~passed[at, first]
    return hit


def first_finds(nearest: Codes, codes: Codes, meanings: npt.NDArray[np.signedinteger]) -> Mask:
    """What `pooled_hits` finds under each of many labellings: which rows find their meaning first, (n, turns).

    nearest: (n, k), best first. meanings: (n, turns). Where the first of a list is of the own group and meaning the
    list is followed; all the others are settled by it.
    """
    found = np.zeros(meanings.shape, dtype=bool)
    row = turn = np.empty(0, dtype=np.int64)
    for place, near in enumerate(nearest.T):
        own = codes[near] == codes
        if not place:
            same = (meanings[near] == meanings) & (meanings >= 0)
            found = same & ~own[:, None]
            row, turn = np.nonzero(same & own[:, None])
        else:
            same = meanings[near[row], turn] == meanings[row, turn]
            found[row, turn] = same & ~own[row]
            passed = same & own[row]
            row, turn = row[passed], turn[passed]
        if not len(row):
            break
    return found


def pair_neighbors(vectors: Vectors, codes: Codes, n_groups: int) -> Codes:
    """Each row's nearest row in every group, (n, n_groups); −1 for its own group and for empty ones."""
    unit = unit_rows(vectors)
    rows = np.full((len(unit), n_groups), -1, dtype=np.int64)
    for g in range(n_groups):
        members = np.flatnonzero(codes == g)
        queries = np.flatnonzero(codes != g)
        for at in range(0, len(queries) if len(members) else 0, 8192):
            some = queries[at : at + 8192]
            rows[some, g] = members[np.argmax(unit[some] @ unit[members].T, axis=1)]
    return rows


def paired_hits(pairs: Codes, codes: Codes, meanings: Codes) -> tuple[Floats, Floats]:
    """By row: in how many other groups its nearest row means the same, and in how many such a row exists."""
    known = meanings >= 0
    exists = np.zeros((int(meanings.max(initial=0)) + 1, pairs.shape[1]), dtype=bool)
    exists[meanings[known], codes[known]] = True
    ask = exists[np.maximum(meanings, 0)] & (pairs >= 0) & known[:, None]
    right = ask & (meanings[np.maximum(pairs, 0)] == meanings[:, None])
    return right.sum(axis=1).astype(np.float64), ask.sum(axis=1).astype(np.float64)


def same_group(nearest: Codes, codes: Codes) -> Floats:
    """For each row the share of its neighbors from its own group (k-NN purity); 1 is full separation."""
    if not nearest.shape[1]:
        return np.full(len(codes), np.nan)
    return np.asarray((codes[nearest] == codes[:, None]).mean(axis=1))


def silhouettes(vectors: Vectors, codes: Codes) -> Floats:
    """(b − a)/max(a, b) by row, cosine distance (Rousseeuw 1987), exact from group means; −1 to 1, higher is apart.

    With unit rows the mean distance to a group is 1 − x·Σ/n, so no pair is ever formed. Groups of one give 0.
    """
    unit = unit_rows(vectors)
    sums = group_sums(unit, codes)
    counts = np.bincount(codes, minlength=len(sums)).astype(np.float64)
    dots = (unit @ sums.T.astype(np.float32)).astype(np.float64)
    n = len(unit)
    own = counts[codes]
    at = np.arange(n)
    length = squared_lengths(unit)
    a = 1 - (dots[at, codes] - length) / np.maximum(own - 1, 1)
    means = np.where(counts > 0, 1 - dots / np.maximum(counts, 1), np.inf)
    means[at, codes] = np.inf
    b = means.min(axis=1) if means.shape[1] > 1 else np.full(n, np.inf)
    out = np.zeros(n)
    a, b = np.maximum(a, 0), np.maximum(b, 0)
    fit = (own > 1) & np.isfinite(b) & (np.maximum(a, b) > 1e-5)  # rows that all coincide are neither near nor far
    out[fit] = (b[fit] - a[fit]) / np.maximum(a[fit], b[fit])
    return out if np.isfinite(b).any() else np.full(n, np.nan)
