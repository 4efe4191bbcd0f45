"""Figures of pairs, over all of them and by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from isogloss.figure import Better, Figure
from isogloss.resampling import mean_interval, wilson_interval
from isogloss.rewriting.pairs import Pairs
from isogloss.types import Floats

DRAWS = 1_000
_MANY = 5_000  # values above which a mean's interval is that of its standard error


def share_figure(hits: int, n: int, *, better: Better, how: str) -> Figure:
    """A share with Wilson's interval; unknown of none."""
    if not n:
        return Figure(value=float("nan"), n=0, better=better, how=how)
    low, high = wilson_interval(hits / n, n)
    return Figure(value=hits / n, n=n, better=better, low=low, high=high, how=how)


def mean_figure(values: Floats, *, better: Better, how: str, seed: int) -> Figure:
    """A mean over the pairs that have a value; interval by bootstrap over pairs, by the standard error of very many."""
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if not len(known):
        return Figure(value=float("nan"), n=0, better=better, how=how)
    mean = float(known.mean())
    if len(known) > _MANY:
        half = 1.959963984540054 * float(known.std()) / len(known) ** 0.5
        low, high = mean - half, mean + half
    else:
        low, high = mean_interval(known, min(DRAWS, max(100, 20_000_000 // len(known))), np.random.default_rng(seed))
    return Figure(value=mean, n=len(known), better=better, low=low, high=high, how=how)


def by_groups(
    pairs: Pairs, by: str | None, figures: Callable[[Sequence[int]], Mapping[str, Figure]]
) -> dict[str, Mapping[str, Figure]]:
    """The same figures of each group of a column; nothing without one. Raises NotFound."""
    return {group: figures(rows) for group, rows in pairs.groups(by).items()} if by else {}
