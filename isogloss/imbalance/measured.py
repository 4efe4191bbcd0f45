"""How far a word lies from its clone: in trained vectors, and in plain counts, where the answer is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from isogloss.imbalance.clone import Cloned
from isogloss.linear import orthogonal, unit_rows
from isogloss.types import Rows, Vectors

K = 10  # neighbors of CSLS
_PAIRS = 5_000
MEASURES = {
    "precision_at_1": "share of the clone's words whose nearest word is the one they were made of",
    "precision_at_1_csls": "the same by CSLS, k = 10",
    "precision_at_1_rotated": "the same after a rotation fitted on one half of the dictionary, tested on the other",
    "cosine": "mean cosine of a word and its clone",
    "isomorphism": "Pearson's r of the cosines within either language, over pairs of words",
    "count_cosine": "mean cosine of a word's and its clone's counts of neighboring words",
    "count_precision_at_1": "share found by counts of neighboring words",
}


def measured(vectors: Vectors, known: Rows, one: Cloned, *, tested: Rows, seed: int, window: int) -> dict[str, float]:
    """MEASURES by name, and `cosine_shuffled`, the mean cosine of a word and the clone of another.

    vectors: float32 (rows known, dim). known: the ids they are of, ascending. tested: words with a clone, by id.
    """
    place = np.full(2 * one.n, -1, dtype=np.int64)
    place[known] = np.arange(len(known))
    unit = unit_rows(vectors)
    left, right = unit[place[tested]], unit[place[tested + one.n]]
    cosines = right @ left.T
    dealt = np.random.default_rng([seed, 9]).permutation(len(tested))
    found = {"precision_at_1": _first(cosines), "precision_at_1_csls": _first(_csls(cosines))}
    half = len(tested) // 2
    fit, test = dealt[:half], dealt[half:]
    turn = orthogonal(right[fit], left[fit]).astype(np.float32)
    found["precision_at_1_rotated"] = _first((right[test] @ turn) @ left[test].T)
    found["cosine"], found["cosine_shuffled"] = float(cosines.diagonal().mean()), _shuffled(cosines)
    found["isomorphism"] = _relation(left, right, seed)
    return found | counted(one, tested, window)


def counted(one: Cloned, tested: Rows, window: int) -> dict[str, float]:
    """By counts of the words within a window, whole sentences only. Without anchors the two languages have no neighbor
    in common: the counts are block-diagonal, every cosine across is exactly 0, and nothing is found.
    """
    counts = neighbor_counts(one.ids, 2 * one.n, window)
    norms = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    unit = sparse.diags_array(1 / np.where(norms > 0, norms, 1)) @ counts
    cosines = (unit[tested + one.n] @ unit[tested].T).toarray()
    return {"count_cosine": float(cosines.diagonal().mean()), "count_precision_at_1": _first(cosines)}


def neighbor_counts(ids: npt.NDArray[np.int32], n: int, window: int) -> sparse.csr_array:
    """How often each of n words stands at most `window` from each other, in one sentence, symmetric (n, n).

    >>> neighbor_counts(np.array([0, 1, -1, 1], np.int32), 2, 5).toarray().tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    sentence = np.cumsum(ids < 0)
    total: Any = sparse.csr_array((n, n), dtype=np.float64)
    for apart in range(1, min(window, len(ids) - 1) + 1):
        a, b = ids[:-apart], ids[apart:]
        beside = (a >= 0) & (b >= 0) & (sentence[:-apart] == sentence[apart:])
        pairs = (np.ones(int(beside.sum())), (a[beside], b[beside]))
        total = total + sparse.coo_array(pairs, shape=(n, n)).tocsr()
    return (total + total.T).tocsr()


def _first(scores: npt.NDArray[Any]) -> float:
    """Share of rows whose own column is above all others: a tie finds nothing."""
    if len(scores) < 2:
        return float("nan")
    own = scores.diagonal()
    others = scores.copy()
    np.fill_diagonal(others, -np.inf)
    return float((own > others.max(axis=1)).mean())


def _csls(cosines: Vectors) -> Vectors:
    k = min(K, len(cosines))
    r_query = np.sort(cosines, axis=1)[:, -k:].mean(axis=1)
    r_found = np.sort(cosines, axis=0)[-k:].mean(axis=0)
    return np.asarray(2 * cosines - r_query[:, None] - r_found[None, :])


def _shuffled(cosines: Vectors) -> float:
    n = len(cosines)
    return float((cosines.sum() - cosines.trace()) / max(n * (n - 1), 1))


def _relation(left: Vectors, right: Vectors, seed: int) -> float:
    """Of random pairs of words (Vulić et al. 2020)."""
    a, b = np.random.default_rng([seed, 8]).integers(len(left), size=(2, _PAIRS))
    a, b = a[a != b], b[a != b]
    one, two = (np.einsum("nd,nd->n", side[a], side[b]) for side in (left, right))
    return float(np.corrcoef(one, two)[0, 1]) if len(one) > 2 and one.std() > 0 < two.std() else float("nan")
