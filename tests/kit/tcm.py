"""TCM, the loss of TransliCo: a text and its transliteration find each other among all of a batch."""

from __future__ import annotations

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.types import Vectors


def tcm_loss(texts: Vectors, transliterations: Vectors, temperature: float = 1.0) -> float:
    """½ · mean over all 2B rows of −log softmax(h_i·h_j/τ) at its partner, the diagonal masked (Liu 2024).

    texts, transliterations: (B, dim), row by row; raw dot products, not cosines. Natural logarithm. Raises
    InvalidValue for other shapes.

    >>> round(tcm_loss(np.eye(4, dtype=np.float32), np.eye(4, dtype=np.float32)), 6)
    0.582711
    """
    if texts.shape != transliterations.shape or texts.ndim != 2 or not len(texts):
        raise InvalidValue(f"shapes {texts.shape} and {transliterations.shape}", "give as many rows of one dimension")
    h = np.concatenate([texts, transliterations]).astype(np.float64)
    n = len(texts)
    logits = h @ h.T / temperature
    np.fill_diagonal(logits, -np.inf)
    highest = logits.max(axis=1, keepdims=True)
    total = highest[:, 0] + np.log(np.exp(logits - highest).sum(axis=1))
    partner = logits[np.arange(2 * n), (np.arange(2 * n) + n) % (2 * n)]
    return float(np.mean(total - partner)) / 2
