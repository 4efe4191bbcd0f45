"""Places from distances: principal components, and metric scaling started from them."""

from __future__ import annotations

import numpy as np

from isogloss.linear import one_thread
from isogloss.types import Vectors

STEPS = 40
_LEAST, _STILL = 1e-9, 1e-6


def principal(vectors: Vectors, n_components: int) -> Vectors:
    """Coordinates along the first principal components; a component the data lack is 0.

    vectors: (n_points, dim). Returns float32, (n_points, n_components).
    """
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    values, directions = np.linalg.eigh(centred.T @ centred)
    m = min(n_components, len(values))
    top = directions[:, ::-1][:, :m]
    top = top * np.sign(top[np.abs(top).argmax(axis=0), np.arange(m)])  # eigenvectors have no sign of their own
    out = np.zeros((len(vectors), n_components), dtype=np.float32)
    out[:, :m] = centred @ top
    return out


def scaled(distances: Vectors, start: Vectors, weights: Vectors | None = None) -> Vectors:
    """Places whose distances come near those given, float32, shape of `start`, the widest direction first.

    argmin over X of Σ_{i<j} wij (δij − ‖xi − xj‖)², by SMACOF (de Leeuw 1977): X ← V⁺B(X)·X with
    bij = −wij δij / ‖xi − xj‖ and vij = −wij off the diagonal, and rows that sum to 0. A step starts from where the
    last one led on (Nesterov 1983), anew where that was too far (O'Donoghue & Candès 2015): 30 such steps reach what
    100 without do. At most 40 steps, fewer once rounding alone is left. distances, weights: (n, n), symmetric; weights
    above 0, 1 by default. Points that start in one place and have the same distances stay in one place. Nothing is
    drawn by chance.

    >>> corners = np.float32([[0, 0], [0, 3], [4, 0], [4, 3]])
    >>> far = np.sqrt(((corners[:, None] - corners[None]) ** 2).sum(axis=2))
    >>> found = scaled(far, corners + np.float32([[0.5, 0], [0, 0], [0, -0.5], [0, 0]]))
    >>> bool(np.abs(np.sqrt(((found[:, None] - found[None]) ** 2).sum(axis=2)) - far).max() < 0.02)
    True
    """
    if len(start) < 2:
        return np.zeros_like(start, dtype=np.float32)
    with one_thread():
        return _scaled(distances, start, weights)


def _scaled(distances: Vectors, start: Vectors, weights: Vectors | None) -> Vectors:
    n, d = start.shape
    w = np.ones((n, n)) if weights is None else weights.astype(np.float64)
    np.fill_diagonal(w, 0)
    inverse = (np.linalg.inv(np.diag(w.sum(axis=1)) - w + 1) - 1 / n**2).astype(np.float32)
    w, wanted = w.astype(np.float32), distances.astype(np.float32)
    x = start.astype(np.float32) * np.float32(wanted.mean() / max(float(np.abs(start).max()), _LEAST))
    pull, far, part = w * wanted, np.empty_like(w), np.empty_like(w)
    plus, minus, rows = (np.ones(shape, dtype=np.float32) for shape in ((n, 2), (2, n), (n, d + 1)))
    y, age = x, 0
    for _ in range(STEPS):
        far.fill(_LEAST)
        for axis in y.T:
            plus[:, 0], minus[1] = axis, -axis
            np.matmul(plus, minus, out=part)  # each one's less each other's; a product is faster than a difference
            far += np.multiply(part, part, out=part)
        np.divide(pull, np.sqrt(far, out=far), out=far)
        rows[:, :d] = y
        pulled = far @ rows  # and the sums of rows
        moved = inverse @ (pulled[:, d:] * y - pulled[:, :d])
        on = moved - x
        last = float(np.abs(on).max()) < _STILL * float(np.abs(moved).max())
        age = age + 1 if float(((y - moved) * on).sum()) <= 0 else 0
        x, y = moved, moved + np.float32(age / (age + 3)) * on
        if last:
            break
    return principal(x, x.shape[1])
