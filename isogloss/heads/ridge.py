"""Ridge re-alignment: one space into another by regularised least squares (mBLIP's projection, in closed form)."""

from __future__ import annotations

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.types import Matrix, Vectors


def ridge_map(source: Vectors | Matrix, target: Vectors | Matrix, strength: float = 1.0) -> Matrix:
    """W = (XᵀX + λI)⁻¹XᵀZ, float64 (dim of source, dim of target).

    source, target: (n, …), rows that belong together. strength: λ; 0 needs n ≥ dim rows of full rank.
    Raises InvalidValue for other numbers of rows, rows that are not finite, and what λ = 0 leaves open.

    >>> ridge_map(np.eye(2), np.array([[2.0], [4.0]]), 1.0).tolist()
    [[1.0], [2.0]]
    """
    x, z = np.asarray(source, np.float64), np.asarray(target, np.float64)
    if x.ndim != 2 or z.ndim != 2 or len(x) != len(z) or not len(x):
        raise InvalidValue(
            f"sources of shape {x.shape} and targets of shape {z.shape}", "give a target for each source"
        )
    if not (np.isfinite(x).all() and np.isfinite(z).all()):
        raise InvalidValue("a vector is not finite", "leave such rows out")
    if not (np.isfinite(strength) and strength >= 0):
        raise InvalidValue(f"the strength of ridge is {strength}", "give a number from 0 up")
    if strength == 0 and np.linalg.matrix_rank(x) < x.shape[1]:
        raise InvalidValue(
            f"{len(x):,} rows leave directions of {x.shape[1]} open", "give more pairs or a strength above 0"
        )
    found = np.linalg.solve(x.T @ x + strength * np.eye(x.shape[1]), x.T @ z)
    return np.asarray(found, dtype=np.float64)
