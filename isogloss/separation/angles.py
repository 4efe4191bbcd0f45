"""Principal angles between the subspaces of groups, and how near their means are."""

from __future__ import annotations

import numpy as np

from isogloss.linear import unit_rows
from isogloss.separation.measures import group_sums
from isogloss.separation.removal import Codes
from isogloss.types import Floats, Vectors

SHARE = 0.9
KINDS = ("angle", "cosine", "distance")


def principal_basis(rows: Vectors, share: float = SHARE) -> Floats:
    """Orthonormal directions (dim, r) that hold this share of the *centred* rows' variance; r ≥ 1 where anything
    varies.
    """
    centred = rows.astype(np.float64) - rows.mean(axis=0)
    variance, directions = np.linalg.eigh(centred.T @ centred)
    variance = np.maximum(variance[::-1], 0)
    if variance.sum() <= 1e-12 * max(len(rows), 1):
        return np.zeros((rows.shape[1], 0))
    held = int(np.searchsorted(np.cumsum(variance) / variance.sum(), share - 1e-12)) + 1
    return np.ascontiguousarray(directions[:, ::-1][:, :held])


def principal_angles(a: Floats, b: Floats) -> Floats:
    """Angles in radians, smallest first, between the columns' spans of two orthonormal matrices (dim, r).

    arccos σ(AᵀB), small ones from sines as scipy.linalg.subspace_angles does (Björck & Golub 1973).

    >>> principal_angles(np.eye(3)[:, :1], np.eye(3)[:, 1:2]).round(4).tolist()
    [1.5708]
    """
    if not a.shape[1] or not b.shape[1]:
        return np.empty(0)
    wide, narrow = (a, b) if a.shape[1] >= b.shape[1] else (b, a)
    shared = wide.T @ narrow
    cosines = np.linalg.svd(shared, compute_uv=False)
    small = cosines**2 >= 0.5  # the sines, largest first, are those of the cosines turned round
    sines = np.linalg.svd(narrow - wide @ shared, compute_uv=False)[::-1] if small.any() else cosines
    return np.asarray(np.where(small, np.arcsin(np.clip(sines, -1, 1)), np.arccos(np.clip(cosines, -1, 1))))


def mean_angles(vectors: Vectors, codes: Codes, n_groups: int, *, share: float = SHARE) -> Floats:
    """Mean principal angle of every two groups (Chang 2022), radians, (n_groups, n_groups); NaN for a group of one."""
    bases = [
        principal_basis(vectors[codes == g], share) if (codes == g).sum() > 1 else np.zeros((vectors.shape[1], 0))
        for g in range(n_groups)
    ]
    out = np.full((n_groups, n_groups), np.nan)
    for i, a in enumerate(bases):
        for j in range(i, n_groups):
            angles = principal_angles(a, bases[j]) if i != j else np.zeros(a.shape[1])
            if len(angles):
                out[i, j] = out[j, i] = float(angles.mean())
    return out


def mean_relations(vectors: Vectors, codes: Codes, n_groups: int) -> tuple[Floats, Floats]:
    """Cosine of the group means (1 is the same direction) and their distance in units of the pooled spread."""
    counts = np.bincount(codes, minlength=n_groups).astype(np.float64)
    sums = np.zeros((n_groups, vectors.shape[1]))
    found = group_sums(vectors, codes)
    sums[: len(found)] = found
    means = sums / np.maximum(counts, 1)[:, None]
    means[counts == 0] = np.nan
    unit = unit_rows(np.nan_to_num(means).astype(np.float32)).astype(np.float64)
    cosine = unit @ unit.T
    inside = vectors - np.nan_to_num(means)[codes]
    spread = float(np.sqrt((inside**2).sum(axis=1).mean())) or 1.0
    apart = np.linalg.norm(means[:, None] - means[None], axis=2) / spread
    cosine[np.isnan(apart)] = np.nan
    return cosine, apart


def similarity_order(distances: Floats) -> list[int]:
    """An order of the groups in which near ones stand together: average linkage, leaves arranged (scipy)."""
    from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
    from scipy.spatial.distance import squareform

    n = len(distances)
    if n < 3:
        return list(range(n))
    filled = np.where(np.isfinite(distances), distances, np.nanmax(distances) if np.isfinite(distances).any() else 0.0)
    np.fill_diagonal(filled, 0)
    condensed = squareform((filled + filled.T) / 2, checks=False)
    return [int(i) for i in leaves_list(optimal_leaf_ordering(linkage(condensed, "average"), condensed))]
