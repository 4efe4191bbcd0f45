"""What part of a wide circle of frequent neighbors changed."""

from __future__ import annotations

from isogloss.drift.measure import Measure
from isogloss.drift.pair import WIDE_COUNT, WIDE_K, Pair, wide_neighbors
from isogloss.types import Floats


class Gonen(Measure):
    """1 − |N_A ∩ N_B| / k of the 1,000 nearest (half the shared items if those are fewer).

    Neighbors are items of more than 100 uses in both spaces (Gonen et al. 2020).
    """

    name = "gonen"
    title = "Gonen's distance (1 − neighbor overlap)"
    help = f"what part of its {WIDE_K:,} nearest items of more than {WIDE_COUNT} uses changed; needs no alignment."
    shares = "wide"

    def default_k(self, n_shared: int) -> int:
        return wide_neighbors(n_shared)

    def distances(self, pair: Pair, k: int) -> Floats:
        return pair.wide(k)


member = Gonen()
