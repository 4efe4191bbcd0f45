"""Taking the subspace of groups (scripts, languages) out of vectors: the family of removals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.family import Family
from isogloss.types import Vectors

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Removal:
    """A fitted removal.

    shift: (n_groups, dim), taken off each row by its group. directions: one (rank, dim) orthonormal
    matrix for all groups, or one for each; projected out. seen: the groups it was fitted on. Without shift and
    directions rows stay as they are.
    """

    method: str
    rank: int
    shift: Vectors | None
    directions: tuple[Vectors, ...]
    seen: npt.NDArray[np.bool_]

    def apply(self, vectors: Vectors, codes: Codes) -> Vectors:
        """Rows without their group's part; a group that was not seen in the fitting stays as it is."""
        out = np.array(vectors, dtype=np.float32)
        if self.shift is not None:
            known = self.seen[codes]
            out[known] -= self.shift[codes[known]]
        elif len(self.directions) == 1:
            out -= (out @ self.directions[0].T) @ self.directions[0]
        elif self.directions:
            for code in np.unique(codes):
                rows, basis = codes == code, self.directions[code]
                out[rows] -= (out[rows] @ basis.T) @ basis
        return out


@dataclass(frozen=True, eq=False)
class Fitting:
    """What a removal is fitted on: rows (n, dim) of groups 0 … n_groups − 1."""

    vectors: Vectors
    codes: Codes
    n_groups: int

    @property
    def seen(self) -> npt.NDArray[np.bool_]:
        """Which groups have rows, (n_groups,)."""
        return np.asarray(np.bincount(self.codes, minlength=self.n_groups) > 0)

    @property
    def means(self) -> npt.NDArray[np.float64]:
        """Of each group, float64 (n_groups, dim); 0 for one without rows."""
        counts = np.bincount(self.codes, minlength=self.n_groups)
        means = np.zeros((self.n_groups, self.vectors.shape[1]))
        np.add.at(means, self.codes, self.vectors.astype(np.float64))
        means[counts > 0] /= counts[counts > 0, None]
        return means


@dataclass(frozen=True)
class Ranks:
    """How many directions a removal may take out: its own choice, the most that there are, the most worth offering.

    limit: what the most depends on, in words.
    """

    own: int
    most: int
    offered: int
    limit: str


class RemovalKind(Protocol):
    """A member of the family. help: one line, for people."""

    name: str
    title: str
    help: str

    def ranks(self, n_groups: int, dim: int, n: int) -> Ranks | None:
        """Of n rows of n_groups groups; None for a removal that takes no number of directions."""

    def fit(self, on: Fitting, rank: int) -> Removal:
        """Fitted on these rows; measure on others. rank: 0 where `ranks` gives None."""


REMOVALS: Family[RemovalKind] = Family(
    "removal", "isogloss.separation.removals", first=("none", "center", "lsar", "lir")
)


def fit_removal(method: str, vectors: Vectors, codes: Codes, *, n_groups: int, rank: int | None = None) -> Removal:
    """Fit on these rows (n, dim), of groups 0 … n_groups−1; measure on others.

    rank: of the directions taken out; by default the method's own choice, 0 takes nothing out. Raises InvalidValue for
    an unknown method or a rank out of range.

    >>> x = np.array([[1, 5], [-1, 5], [1, -5], [-1, -5]], dtype=np.float32)
    >>> g = np.array([0, 0, 1, 1])
    >>> fit_removal("lsar", x, g, n_groups=2).apply(x, g).round(3).tolist()
    [[1.0, 0.0], [-1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]]
    """
    if method not in REMOVALS:
        raise InvalidValue(f"removal is {method!r}", f"choose one of {', '.join(REMOVALS)}")
    on = Fitting(vectors, codes, n_groups)
    ranks = REMOVALS[method].ranks(int(on.seen.sum()), vectors.shape[1], len(vectors))
    if ranks is None:
        return REMOVALS[method].fit(on, 0)
    rank = ranks.own if rank is None else rank
    if not 0 <= rank <= ranks.most:
        raise InvalidValue(f"rank is {rank} with {ranks.limit}", f"choose 0 to {ranks.most}")
    return REMOVALS["none" if rank == 0 else method].fit(on, rank)
