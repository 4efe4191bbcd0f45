"""Bootstraps and permutations: where every interval and every null comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from isogloss.figure import Null
from isogloss.types import Floats, Rows

LEVEL = 95.0  # per cent of the draws lie within an interval


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
