"""How far an item stands out from others that are used about as often: a description, and no test."""

from __future__ import annotations

import numpy as np

from isogloss.types import Floats, Rows

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
