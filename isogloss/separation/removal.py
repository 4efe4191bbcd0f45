"""Taking the subspace of groups (scripts, languages) out of vectors: centring, LSAR, LIR."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.types import Vectors

REMOVALS = ("none", "center", "lsar", "lir")
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Removal:
    """A fitted removal.

    shift: (n_groups, dim), taken off each row by its group. directions: one (rank, dim) orthonormal
    matrix for all groups, or one for each; projected out. seen: the groups it was fitted on.
    """

    method: str
    rank: int
    shift: Vectors | None
    directions: tuple[Vectors, ...]
    seen: npt.NDArray[np.bool_]

    def apply(self, vectors: Vectors, codes: Codes) -> Vectors:
        """Rows without their group's part; a group that was not seen in the fitting stays as it is."""
        out = np.array(vectors, dtype=np.float32)
        if self.method == "none":
            return out
        if self.shift is not None:
            known = self.seen[codes]
            out[known] -= self.shift[codes[known]]
        elif len(self.directions) == 1:
            out -= (out @ self.directions[0].T) @ self.directions[0]
        else:
            for code in np.unique(codes):
                rows, basis = codes == code, self.directions[code]
                out[rows] -= (out[rows] @ basis.T) @ basis
        return out


def fit_removal(method: str, vectors: Vectors, codes: Codes, n_groups: int, rank: int | None = None) -> Removal:
    """Fit on these rows (n, dim), of groups 0 … n_groups−1; measure on others.

    center: x − μ_g (Libovický 2020). lsar: low-rank subtraction (Xie 2022): means stacked to M, M ≈ m·1ᵀ +
    top-rank SVD, m re-fitted so that it is orthogonal to what varies, x − B·Bᵀ·x with B the rank ≤ S−1
    directions. lir: each group's own top-rank right singular vectors, uncentred, projected out (Yang 2021).

    rank: default S−1 for lsar, at most half of the dimensions, and 1 for lir. Raises InvalidValue for an unknown
    method or a rank out of range.

    >>> x = np.array([[1, 5], [-1, 5], [1, -5], [-1, -5]], dtype=np.float32)
    >>> g = np.array([0, 0, 1, 1])
    >>> fit_removal("lsar", x, g, 2).apply(x, g).round(3).tolist()
    [[1.0, 0.0], [-1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]]
    """
    if method not in REMOVALS:
        raise InvalidValue(f"removal is {method!r}", f"choose one of {', '.join(REMOVALS)}")
    dim = vectors.shape[1]
    counts = np.bincount(codes, minlength=n_groups)
    seen = counts > 0
    n_seen = int(seen.sum())
    most = {"none": 0, "center": 0, "lsar": min(max(n_seen - 1, 0), dim - 1), "lir": min(dim - 1, len(vectors))}[method]
    if rank is None:
        rank = {"lsar": own_rank(n_seen, dim), "lir": min(1, most)}.get(method, 0)
    if method in ("lsar", "lir") and not 0 <= rank <= most:
        why = f"{n_seen} groups" if method == "lsar" else f"{dim} dimensions"
        raise InvalidValue(f"rank is {rank} with {why}", f"choose 0 to {most}")
    if method == "none" or (not rank and method != "center"):
        return Removal("none", 0, None, (), seen)
    means = np.zeros((n_groups, dim))
    np.add.at(means, codes, vectors.astype(np.float64))
    means[seen] /= counts[seen, None]
    if method == "center":
        return Removal(method, 0, means.astype(np.float32), (), seen)
    if method == "lsar":
        return Removal(method, rank, None, (_lsar(means[seen].T, rank),), seen)
    bases = []
    for group in range(n_groups):
        rows = vectors[codes == group].astype(np.float64)
        basis = np.linalg.svd(rows, full_matrices=False)[2][:rank] if len(rows) else np.zeros((0, dim))
        bases.append(basis.astype(np.float32))
    return Removal(method, rank, None, tuple(bases), seen)


def own_rank(n_groups: int, dim: int) -> int:
    """The rank of lsar unless one is given: S−1, but never more than half of the dimensions, which would empty the
    space.
    """
    return min(max(n_groups - 1, 0), max(dim // 2, 1))


def _lsar(means: npt.NDArray[np.float64], rank: int) -> Vectors:
    """Directions (rank, dim) in which the group means (dim, S) differ, the common mean re-fitted."""
    ones = np.ones((means.shape[1], 1))
    middle = means.mean(axis=1, keepdims=True)
    u, s, vt = np.linalg.svd(means - middle @ ones.T, full_matrices=False)
    low = (u[:, :rank] * s[:rank]) @ vt[:rank] + middle @ ones.T
    normal = np.linalg.pinv(low).T @ ones
    common = normal / max(float((normal**2).sum()), 1e-30)
    return np.asarray(np.linalg.svd(low - common @ ones.T, full_matrices=False)[0][:, :rank].T, dtype=np.float32)
