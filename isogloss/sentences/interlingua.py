"""Interlingua index: do sentences lie by what they mean, or by the language they are in (after Johnson et al. 2017)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.linear import unit_rows
from isogloss.resampling import mean_interval, null_of
from isogloss.sentences.mexa import DRAWS
from isogloss.types import Rows, Vectors

K = 10
MOST = 20_000  # sentences that are compared with each other
HOW = "share of the k nearest that mean the same, less share of those in the same language"
NULL = "meanings and languages shuffled together among the sentences"
_PERMUTED = 200
_ROWS = 1_000


def interlingua(vectors: Vectors, *, k: int = K, seed: int = 0) -> Figure:
    """vectors: the same sentences in several languages, (n_languages, n_sentences, dim), line by line.

    k-NN purity by meaning − k-NN purity by language, −1 to 1, by cosine; k no more than the other languages, nor the
    other sentences, so that both ends can be reached. The interval is over sentences, the null from labels that were
    shuffled. Of more than 20,000 sentences in all the first lines are taken. NaN for fewer than 2 languages or lines.

    >>> rng = np.random.default_rng(0)
    >>> meanings = rng.normal(size=(12, 8)).astype(np.float32)
    >>> float(interlingua(np.stack([meanings] * 3)))
    1.0
    >>> apart = np.eye(8, dtype=np.float32)[:3, None] * 100 + meanings[None] * 0.01
    >>> float(interlingua(apart))
    -1.0
    """
    if vectors.ndim != 3 or not np.isfinite(vectors).all():
        raise InvalidValue(f"vectors of {vectors.shape} were given", "give languages × sentences × dimensions, finite")
    n_languages = vectors.shape[0]
    vectors = vectors[:, : max(2, MOST // max(n_languages, 1))]
    n = vectors.shape[1]
    if n_languages < 2 or n < 2:
        return Figure(value=math.nan, n=n, how=HOW)
    k = min(k, n_languages - 1, n - 1)
    languages, meanings = np.repeat(np.arange(n_languages), n), np.tile(np.arange(n), n_languages)
    near = _nearest(unit_rows(vectors.reshape(n_languages * n, -1)), k)
    own = _difference(near, meanings, languages)
    each = own.reshape(n_languages, n).mean(axis=0)
    rng = np.random.default_rng(seed)
    low, high = mean_interval(each, DRAWS, rng)
    draws = []
    for _ in range(_PERMUTED):
        order = rng.permutation(len(near))
        draws.append(float(_difference(near, meanings[order], languages[order]).mean()))
    value = float(each.mean())
    return Figure(value=value, n=n, better="more", low=low, high=high, null=null_of(draws, value, NULL), how=HOW)


def _nearest(rows: Vectors, k: int) -> npt.NDArray[np.int64]:
    """The k nearest of each row but itself, (n, k)."""
    found = np.empty((len(rows), k), dtype=np.int64)
    for at in range(0, len(rows), _ROWS):
        cosines = rows[at : at + _ROWS] @ rows.T
        here = np.arange(len(cosines))
        cosines[here, at + here] = -np.inf
        found[at : at + _ROWS] = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
    return found


def _difference(near: npt.NDArray[np.int64], meanings: Rows, languages: Rows) -> npt.NDArray[np.float64]:
    """Of each sentence: purity by meaning − purity by language."""
    by_meaning = (meanings[near] == meanings[:, None]).mean(axis=1)
    by_language = (languages[near] == languages[:, None]).mean(axis=1)
    return np.asarray(by_meaning - by_language, dtype=np.float64)
