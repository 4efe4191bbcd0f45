"""Linear CKA without bias."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from isogloss.figure import Figure, Null
from isogloss.types import Vectors

_PERMUTED = 200


class Cka:
    name, title = "cka", "CKA"
    help = "Linear CKA with the unbiased HSIC (Kornblith 2019, Song 2012), against permuted sentences"

    def of(self, pivot: Vectors, other: Vectors, *, seed: int = 0) -> Figure:
        """NaN for fewer than 4 sentences.

        >>> x = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)
        >>> turn = np.linalg.qr(np.random.default_rng(1).normal(size=(5, 5)))[0].astype(np.float32)
        >>> round(Cka().of(x, x @ turn).value, 4)
        1.0
        """
        n = len(pivot)
        if n < 4:
            return Figure(value=math.nan, n=n, better="more", how=self.help)
        one, two = (_kernel(side) for side in (pivot, other))
        length = math.sqrt(max(_hsic(one, one) * _hsic(two, two), 0.0))
        value = _hsic(one, two) / length if length else math.nan
        rng = np.random.default_rng(seed)
        orders = (rng.permutation(n) for _ in range(_PERMUTED))
        draws = np.array([_hsic(one, two[np.ix_(order, order)]) / (length or 1.0) for order in orders])
        null = Null(
            p95=float(np.percentile(draws, 95)),
            mean=float(draws.mean()),
            p=float((1 + (draws >= value).sum()) / (1 + _PERMUTED)),
            how="sentences of the other language permuted",
        )
        return Figure(value=value, n=n, better="more", null=null, how=self.help)


def _kernel(side: Vectors) -> npt.NDArray[np.float64]:
    """Products of all pairs of rows, none with itself."""
    rows = side.astype(np.float64)
    found = rows @ rows.T
    np.fill_diagonal(found, 0)
    return np.asarray(found)


def _hsic(k: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    """The unbiased estimate: (tr KL + ΣK·ΣL/((n−1)(n−2)) − 2·1ᵀKL1/(n−2)) / (n(n−3)), diagonals 0."""
    n = len(k)
    cross = float(k.sum(axis=0) @ other.sum(axis=1))
    sums = float(k.sum()) * float(other.sum()) / ((n - 1) * (n - 2))
    return (float((k * other).sum()) + sums - 2 * cross / (n - 2)) / (n * (n - 3))


member = Cka()
