"""How far an item stands out from others that are used about as often: a description, and no test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from isogloss.types import Floats, Rows

if TYPE_CHECKING:
    from isogloss.drift.ranking import Ranking

_MATCHED = 100  # items of the most similar frequency that an item is compared with
_FEWEST = 20
_ABOUT = 1.5  # times more or fewer uses are still about as many


def unusual_for_frequency(distance: Floats, counts: Rows | None) -> Floats:
    """Robust z of each distance among the 100 items nearest to it in the order of their counts.

    (d − median) / (1.4826 · MAD) of those items; NaN without counts or with fewer than 20 items. It
    describes how far an item stands out from others as frequent and says nothing of noise.
    """
    out = np.full(len(distance), np.nan)
    known = np.flatnonzero(np.isfinite(distance))
    if counts is None or len(known) < _FEWEST:
        return out
    order = known[np.argsort(counts[known], kind="stable")]
    sorted_distance = distance[order]
    width = min(_MATCHED, len(order))
    first = np.clip(np.arange(len(order)) - width // 2, 0, len(order) - width)
    windows = np.lib.stride_tricks.sliding_window_view(sorted_distance, width)[first]
    median = np.median(windows, axis=1)
    spread = 1.4826 * np.median(np.abs(windows - median[:, None]), axis=1)
    out[order] = np.where(spread > 0, (sorted_distance - median) / np.where(spread > 0, spread, 1), np.nan)
    return out


def share_nearer(distance: Floats, counts: Rows, row: int) -> tuple[float, int] | None:
    """What part of the items about as frequent moved less far than this one, 0 to 1, and how many those items are.

    About as frequent: between two thirds and one and a half of its count. None for fewer than 20 of them.

    >>> share_nearer(np.arange(40.0), np.full(40, 100), 30)
    (0.75, 40)
    """
    like = np.flatnonzero((counts >= counts[row] / _ABOUT) & (counts <= counts[row] * _ABOUT) & np.isfinite(distance))
    if len(like) < _FEWEST:
        return None
    return float((distance[like] < distance[row]).mean()), len(like)


def noise_band(ranking: Ranking) -> tuple[Rows, Floats, Floats]:
    """Counts, ascending, each once, and the 5th and 95th percentile of noise there.

    Where every item has a noise of its own, the medians of the 100 items nearest to each in the order of counts.
    """
    count = ranking.smaller_count
    rows = np.flatnonzero(ranking.tested & np.isfinite(ranking.null_low))
    rows = rows[np.argsort(count[rows], kind="stable")]
    low, high = ranking.null_low[rows], ranking.null_high[rows]
    if ranking.reach is not None and len(rows):
        low, high = (_running_median(one) for one in (low, high))
    first = np.unique(count[rows], return_index=True)[1]
    return count[rows][first], low[first], high[first]


def _running_median(values: Floats) -> Floats:
    width = min(_MATCHED, len(values))
    first = np.clip(np.arange(len(values)) - width // 2, 0, len(values) - width)
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(values, width), axis=1)[first])
