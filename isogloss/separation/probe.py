"""A linear probe: how well held-out rows tell their group."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from isogloss.separation.removal import Codes
from isogloss.types import Floats, Vectors

MOST = 6000
_PENALTY = 1e-3


def probe_guesses(vectors: Vectors, codes: Codes, train: npt.NDArray[np.bool_], *, seed: int = 0) -> Floats:
    """The group that multinomial logistic regression, fitted on the train rows, gives each test row.

    L2-penalised, on standardised dimensions, L-BFGS (scipy); at most 6,000 train rows, drawn by the seed.
    NaN for train rows, and everywhere when the train rows have fewer than two groups.
    """
    from scipy.optimize import minimize

    guesses = np.full(len(codes), np.nan)
    rows = np.flatnonzero(train)
    if len(rows) > MOST:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST, replace=False))
    present, y = np.unique(codes[rows], return_inverse=True)
    test = np.flatnonzero(~train)
    if len(present) < 2 or not len(test):
        return guesses
    mean, spread = vectors[rows].mean(axis=0), vectors[rows].std(axis=0)
    scale = np.where(spread > 1e-9, spread, 1)
    x = np.ascontiguousarray((vectors[rows] - mean) / scale, dtype=np.float32)
    n, dim, groups = len(x), x.shape[1], len(present)
    one = np.zeros((n, groups), dtype=np.float32)
    one[np.arange(n), y] = 1

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(dim + 1, groups).astype(np.float32)
        z = x @ weights[:-1] + weights[-1]
        z -= z.max(axis=1, keepdims=True)
        shares = np.exp(z)
        total = shares.sum(axis=1, keepdims=True)
        value = float(np.mean(np.log(total[:, 0]) - z[np.arange(n), y])) + _PENALTY / 2 * float(
            (weights[:-1] ** 2).sum()
        )
        shares /= total
        shares -= one
        gradient = np.empty_like(weights)
        gradient[:-1] = x.T @ shares / n + _PENALTY * weights[:-1]
        gradient[-1] = shares.mean(axis=0)
        return value, gradient.ravel().astype(np.float64)

    found = minimize(loss, np.zeros((dim + 1) * groups), jac=True, method="L-BFGS-B", options={"maxiter": 100})
    weights = found.x.reshape(dim + 1, groups)
    guesses[test] = present[np.argmax((vectors[test] - mean) / scale @ weights[:-1] + weights[-1], axis=1)]
    return guesses


def rescaled(accuracy: float, n_groups: int) -> float:
    """(a − 1/S)/(1 − 1/S): 0 is guessing among S groups, 1 is always right."""
    return (accuracy - 1 / n_groups) / (1 - 1 / n_groups) if n_groups > 1 else float("nan")
