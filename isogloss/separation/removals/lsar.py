"""LSAR: low-rank subtraction (Xie et al. 2022).

Means stacked to M, M ≈ m·1ᵀ + top-rank SVD, m re-fitted so that it is orthogonal to what varies, x − B·Bᵀ·x with B the
rank ≤ S−1 directions.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from isogloss.separation.removal import Fitting, Ranks, Removal
from isogloss.types import Vectors


class Lsar:
    name = "lsar"
    title = "lsar"
    help = "projects out the directions in which the means differ."

    def ranks(self, n_groups: int, dim: int, n: int) -> Ranks | None:
        """Its own choice is S−1, but never more than half of the dimensions, which would empty the space."""
        most = min(max(n_groups - 1, 0), dim - 1)
        return Ranks(min(max(n_groups - 1, 0), max(dim // 2, 1)), most, most, f"{n_groups} groups")

    def fit(self, on: Fitting, rank: int) -> Removal:
        return Removal(self.name, rank, None, (_directions(on.means[on.seen].T, rank),), on.seen)


def _directions(means: npt.NDArray[np.float64], rank: int) -> Vectors:
    """Directions (rank, dim) in which the group means (dim, S) differ, the common mean re-fitted."""
    ones = np.ones((means.shape[1], 1))
    middle = means.mean(axis=1, keepdims=True)
    u, s, vt = np.linalg.svd(means - middle @ ones.T, full_matrices=False)
    low = (u[:, :rank] * s[:rank]) @ vt[:rank] + middle @ ones.T
    normal = np.linalg.pinv(low).T @ ones
    common = normal / max(float((normal**2).sum()), 1e-30)
    return np.asarray(np.linalg.svd(low - common @ ones.T, full_matrices=False)[0][:, :rank].T, dtype=np.float32)


member = Lsar()
