"""Singular values of a language's sentences, and what is read off them."""

from __future__ import annotations

import numpy as np

from isogloss.linear import unit_rows
from isogloss.types import Floats, Vectors

_ZERO = 1e-6  # of the largest


def singular_values(side: Vectors) -> Floats:
    """Of the unit rows, those above zero, the largest first."""
    if not side.size:
        return np.zeros(0)
    found = np.linalg.svd(unit_rows(side).astype(np.float64), compute_uv=False)
    return np.asarray(found[found > _ZERO * max(found[0], 1e-12)], dtype=np.float64)


def effective_rank(values: Floats) -> int:
    """⌊exp H⌋ of the singular values as shares (Roy & Vetterli 2007).

    >>> effective_rank(np.ones(7)), effective_rank(np.array([1.0, 1e-9]))
    (7, 1)
    """
    shares = values / values.sum()
    return int(np.exp(-(shares * np.log(np.maximum(shares, 1e-300))).sum()) + 1e-9)
