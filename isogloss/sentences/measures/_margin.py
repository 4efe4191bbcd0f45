"""What measures by ratio margin share."""

from __future__ import annotations

import numpy as np

from isogloss.linear import unit_rows
from isogloss.types import Vectors

K = 4


def margins(pivot: Vectors, other: Vectors, k: int = K) -> Vectors:
    """Ratio margins of all pairs, (n, n): cos(x, y) ÷ ½ (mean cosine of x to its k nearest + of y to its k nearest)
    (Artetxe & Schwenk 2019).
    """
    cosines = unit_rows(pivot) @ unit_rows(other).T
    k = min(k, len(cosines))
    there = np.partition(cosines, -k, axis=1)[:, -k:].mean(axis=1)
    back = np.partition(cosines, -k, axis=0)[-k:].mean(axis=0)
    return np.asarray(cosines / ((there[:, None] + back[None]) / 2))
