"""What part of a wide circle of frequent neighbors changed."""

from __future__ import annotations

from isogloss.drift.measure import Measure
from isogloss.drift.pair import WIDE_COUNT, WIDE_K, Pair, wide_neighbors
from isogloss.types import Floats


class Gonen(Measure):
    """1 − |N_A ∩ N_B| / k of the 1,000 nearest (a quarter of those that count, if that is fewer).

    Neighbors are items of more than 100 uses in both spaces (Gonen et al. 2020).
    """

    name = "gonen"
    title = "Gonen's distance (1 − neighbor overlap)"
    help = f"what part of its {WIDE_K:,} nearest items of more than {WIDE_COUNT} uses changed; needs no alignment."
    shares = "wide"

    def default_k(self, n_often: int) -> int:
        return wide_neighbors(n_often)

    def fitting_k(self, k: int, n_often: int) -> int:
        return min(k, max(1, n_often // 4))

    def distances(self, pair: Pair, k: int) -> Floats:
        return pair.wide(k)


member = Gonen()
