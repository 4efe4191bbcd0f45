"""MEXA: how far the sentences of a language find their own translations, and no others (Kargaran et al. 2024)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.figure import Figure, Null
from isogloss.linear import unit_rows
from isogloss.resampling import share_interval
from isogloss.types import Rows, Vectors

DRAWS = 1_000
HOW = "share of sentences whose translation is strictly nearer than all else, both ways"

FOUND = "share of sentences that find their translation first"


def chance(n: int) -> float:
    """What random vectors reach: of the 2n − 1 cells of a row and its column the diagonal one is the largest.

    >>> chance(1), round(chance(100), 4)
    (1.0, 0.005)
    """
    return 1 / (2 * n - 1)


@dataclass(frozen=True, eq=False)
class Mexa:
    """Of n pairs of sentences, in their order. similarity: cosine of each pair, (n,). forward, backward: rank of the
    partner among all sentences of the other side, from 1; those as near as the partner stand before it. tied: whether a
    pair loses by no more than sentences that are as near as the partner, bool (n,). confused: the nearest sentence that
    is not the partner, of either side, and its cosine, (n,).
    """

    similarity: Vectors
    forward: Rows
    backward: Rows
    tied: npt.NDArray[np.bool_]
    confused: Rows
    confused_similarity: Vectors

    def __len__(self) -> int:
        return len(self.similarity)

    @property
    def wins(self) -> npt.NDArray[np.bool_]:
        """Pairs that are strictly nearer than all else in their row and in their column."""
        return np.asarray((self.forward == 1) & (self.backward == 1))

    @property
    def ties(self) -> int:
        """Pairs that lose by a tie alone."""
        return int(self.tied.sum())

    def figure(self, *, seed: int = 0) -> Figure:
        """The score with its bootstrap interval over sentences; ties are losses."""
        return self._share(float(self.wins.mean()), HOW, seed, Null(p95=chance(len(self)), mean=chance(len(self))))

    def precision(self, *, back: bool = False, seed: int = 0) -> Figure:
        """P@1 from the pivot to the language, or back; a sentence as near as the partner is an error."""
        ranks = self.backward if back else self.forward
        null = Null(p95=1 / len(self), mean=1 / len(self))
        return self._share(
            float((ranks == 1).mean()), "share of sentences that find their translation first", seed, null
        )

    def _share(self, value: float, how: str, seed: int, null: Null) -> Figure:
        low, high = share_interval(value, len(self), DRAWS, rng=np.random.default_rng(seed))
        return Figure(value=value, n=len(self), better="more", low=low, high=high, null=null, how=how)

    def failures(self) -> Rows:
        """Sentences that lose, the farthest from their partner's place first."""
        rows = np.flatnonzero(~self.wins)
        worst = np.maximum(self.forward, self.backward)[rows]
        return rows[np.lexsort((rows, -worst))]


def mexa(pivot: Vectors, other: Vectors) -> Mexa:
    """pivot, other: vectors of the same sentences in two languages, (n, dim), row by row.

    C_ij = cos(pivot i, other j); a pair wins where c_ii is strictly greater than everything else in its row and in its
    column. Raises InvalidValue for other shapes, or numbers that are none.

    >>> mexa(np.eye(3, dtype=np.float32), np.eye(3, dtype=np.float32)).figure().value
    1.0
    >>> mexa(np.ones((3, 2), np.float32), np.ones((3, 2), np.float32)).figure().value
    0.0
    """
    if pivot.shape != other.shape or pivot.ndim != 2 or not len(pivot):
        raise InvalidValue(
            f"sentences of {pivot.shape} and of {other.shape} were given",
            "give as many rows of as many numbers on both",
        )
    if not (np.isfinite(pivot).all() and np.isfinite(other).all()):
        raise InvalidValue("the vectors hold numbers that are none (NaN or infinity)", "encode the sentences again")
    return of_matrix(unit_rows(pivot) @ unit_rows(other).T)


def of_matrix(cosines: Vectors) -> Mexa:
    """The same from the matrix C, (n, n): rows are the pivot's sentences, columns the other's.

    >>> of_matrix(np.float32([[0.9, 0.1, 0.2], [0.3, 0.5, 0.6], [0.1, 0.2, 0.7]])).figure().value.__round__(4)
    0.6667
    """
    n = len(cosines)
    own = cosines.diagonal().copy()
    off = cosines.copy()
    np.fill_diagonal(off, -np.inf)
    forward = 1 + (off >= own[:, None]).sum(axis=1)
    backward = 1 + (off >= own[None]).sum(axis=0)
    beaten = (off > own[:, None]).any(axis=1) | (off > own[None]).any(axis=0)
    tied = ~beaten & ((forward > 1) | (backward > 1))
    if n == 1:
        return Mexa(own, forward, backward, tied, np.zeros(1, np.int64), np.full(1, np.nan, np.float32))
    there, back = off.argmax(axis=1), off.argmax(axis=0)
    row, column = off[np.arange(n), there], off[back, np.arange(n)]
    confused = np.where(row >= column, there, back)
    return Mexa(own, forward, backward, tied, confused, np.maximum(row, column))
