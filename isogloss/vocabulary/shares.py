"""Figures over lines of text: a ratio of two counts, a share of lines."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from isogloss.figure import Better, Figure
from isogloss.resampling import wilson_interval

_Z = 1.959963984540054


def ratio(
    over: npt.ArrayLike, under: npt.ArrayLike, *, is_share: bool = False, better: Better = "neither", how: str = ""
) -> Figure:
    """r = Σ over / Σ under, both (n_lines,), with its interval over lines: r ± 1.96 · √(n/(n−1) · Σ (over − r·under)²)
    / Σ under (Cochran 1977, the linearised ratio). is_share: of a whole; where every line agrees on 0 or 1, it has
    Wilson's interval over lines.

    >>> ratio([2, 3, 1], [1, 2, 1])
    1.50 (1.08 to 1.92), n = 3
    >>> ratio([0, 0], [4, 4], is_share=True)
    0.00 (0.00 to 0.66), n = 2
    """
    a, b = np.asarray(over, dtype=np.float64), np.asarray(under, dtype=np.float64)
    n, total = len(a), float(b.sum())
    if not n or not total:
        return Figure(value=math.nan, n=n, better=better, how=how)
    value = float(a.sum()) / total
    away = float(((a - value * b) ** 2).sum())
    if is_share and value in (0.0, 1.0) and not away:
        low, high = wilson_interval(value, n)
    elif n < 2:
        return Figure(value=value, n=n, better=better, how=how)
    else:
        half = _Z * math.sqrt(n / (n - 1) * away) / total
        low, high = value - half, value + half
        if a.min() >= 0:
            low = max(low, 0.0)
        if is_share:
            high = min(high, 1.0)
    return Figure(value=value, n=n, better=better, low=low, high=high, how=how)


def share(hits: int, n: int, *, better: Better = "more", how: str = "") -> Figure:
    """hits of n lines, with Wilson's interval.

    >>> share(1, 4)
    0.25 (0.05 to 0.70), n = 4
    """
    if not n:
        return Figure(value=math.nan, n=0, better=better, how=how)
    low, high = wilson_interval(hits / n, n)
    return Figure(value=hits / n, n=n, better=better, low=low, high=high, how=how)
