"""Bootstraps and permutations: where every interval and every null comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from isogloss.figure import Null
from isogloss.types import Floats, Rows

LEVEL = 95.0  # per cent of the draws lie within an interval
_Z = 1.959963984540054  # standard errors to either side


def percentile_interval(draws: npt.ArrayLike) -> tuple[float, float]:
    """The 2.5th and the 97.5th percentile (Efron 1979); NaN without a draw.

    >>> percentile_interval(range(201))
    (5.0, 195.0)
    """
    found = np.asarray(draws, dtype=np.float64)
    if not found.size:
        return float("nan"), float("nan")
    low, high = np.percentile(found, (50 - LEVEL / 2, 50 + LEVEL / 2))
    return float(low), float(high)


def share_interval(share: float, n: int, draws: int, *, rng: np.random.Generator) -> tuple[float, float]:
    """Of a share of n: resampling hits is a binomial draw.

    >>> share_interval(1.0, 8, 100, rng=np.random.default_rng(0))
    (1.0, 1.0)
    """
    return percentile_interval(rng.binomial(n, share, draws) / n)


def wilson_interval(share: float, n: float) -> tuple[float, float]:
    """Of a share of n, also of an n that stands for a design (Wilson 1927); NaN of none.

    >>> [round(end, 3) for end in wilson_interval(0.0, 10)]
    [0.0, 0.278]
    """
    if not n > 0:
        return float("nan"), float("nan")
    around = _Z**2 / n
    middle = (share + around / 2) / (1 + around)
    half = _Z / (1 + around) * (share * (1 - share) / n + around / (4 * n)) ** 0.5
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def mean_interval(values: Floats, draws: int, rng: np.random.Generator) -> tuple[float, float]:
    """Of a mean over items: the items are resampled. NaN without any.

    >>> mean_interval(np.ones(3), 10, np.random.default_rng(0))
    (1.0, 1.0)
    """
    if not len(values):
        return float("nan"), float("nan")
    return percentile_interval(values[rng.integers(len(values), size=(draws, len(values)))].mean(axis=1))


def statistic_interval(
    statistic: Callable[[Rows], float | None], n: int, draws: int, *, rng: np.random.Generator
) -> tuple[float, float] | None:
    """Of any statistic of resampled rows; draws in which it is not defined are left out, None where it never is."""
    found = [value for _ in range(draws) if (value := statistic(rng.integers(n, size=n))) is not None]
    return percentile_interval(found) if found else None


def multinomial_weights(n: int, draws: int, rng: np.random.Generator) -> Floats:
    """How often each of n units was drawn, (draws, n): a bootstrap of whatever is a sum over units."""
    return rng.multinomial(n, np.full(n, 1 / n), size=draws).astype(np.float64)


class Shuffle:
    """Permutes values among the rows of each group. codes: the group of each row, (n,).

    >>> Shuffle(np.array([1, 0, 1]))(np.array([5, 6, 7]), np.random.default_rng(1)).tolist()
    [7, 6, 5]
    """

    def __init__(self, codes: npt.NDArray[np.int64]) -> None:
        self._codes, self._places = codes, np.argsort(codes, kind="stable")
        self._bits = len(codes).bit_length()
        shifted = (codes - codes.min(initial=0)).astype(np.uint64)
        self._fine = 63 - self._bits - int(shifted.max(initial=0)).bit_length()  # bits left for what is drawn
        self._above = shifted << np.uint64(max(self._fine, 0) + self._bits)
        self._rows = np.arange(len(codes), dtype=np.uint64)

    def __call__(self, values: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
        """A number is drawn for each row, and the rows of a group are put in the order of theirs."""
        out = np.empty_like(values)
        out[self._places] = values[self._order(rng.random(len(values)))]
        return out

    def _order(self, drawn: Floats) -> Rows:
        """`np.lexsort((drawn, codes))`, faster: group, number and row in one integer; where numbers that are alike in
        the bits they have there would leave the order open, the slow way.
        """
        if self._fine >= 24:
            number = (drawn * 2.0 ** min(self._fine, 53)).astype(np.uint64) << np.uint64(self._bits)
            keys = np.sort(self._above | number | self._rows)
            if not (np.diff(keys >> np.uint64(self._bits)) == 0).any():
                return (keys & np.uint64((1 << self._bits) - 1)).astype(np.int64)
        return np.lexsort((drawn, self._codes))


def null_of(draws: Sequence[float], value: float, how: str = "") -> Null | None:
    """A null from permuted draws: p = (1 + #{draw ≥ value}) / (1 + #draws); None where either is not known.

    >>> null_of([0.1, 0.2, 0.3], 0.25).p
    0.5
    """
    found = np.array([draw for draw in draws if np.isfinite(draw)])
    if not len(found) or not np.isfinite(value):
        return None
    p = (1 + int((found >= value - 1e-12).sum())) / (1 + len(found))
    return Null(mean=float(found.mean()), p95=float(np.quantile(found, 0.95)), p=p, how=how)


def adjust(p: Floats) -> Floats:
    """Benjamini–Hochberg q-values over all tested; NaN stays NaN and is not counted.

    >>> adjust(np.array([0.01, 0.04, 0.03, np.nan])).round(4).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    out = np.full(len(p), np.nan)
    tested = np.flatnonzero(np.isfinite(p))
    order = tested[np.argsort(-p[tested], kind="stable")]
    ranks = np.arange(len(order), 0, -1)
    out[order] = np.minimum(1.0, np.minimum.accumulate(p[order] * len(order) / ranks)) if len(order) else p[order]
    return out
