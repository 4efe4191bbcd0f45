"""How far an item stands out from others as frequent."""

from __future__ import annotations

import numpy as np

from isogloss.drift.frequency import share_nearer


def test_the_share_that_moved_less_is_counted_among_items_about_as_frequent() -> None:
    counts = np.array([100] * 30 + [66] * 10 + [67] * 10 + [150] * 10 + [151] * 10)
    distance = np.arange(70) / 70
    distance[5] = np.nan
    row = 29
    like = [i for i in range(70) if 100 / 1.5 <= counts[i] <= 150 and i != 5]
    share, n = share_nearer(distance, counts, row) or (0.0, 0)
    assert n == len(like) == 49
    assert share == sum(distance[i] < distance[row] for i in like) / len(like)
    assert share_nearer(distance[:19], counts[:19], 3) is None
