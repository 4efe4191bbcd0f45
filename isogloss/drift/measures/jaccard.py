"""What part of an item's nearest neighbors changed."""

from __future__ import annotations

from isogloss.drift.measure import Measure
from isogloss.drift.pair import K, Pair
from isogloss.types import Floats


class Jaccard(Measure):
    """1 − |N_A ∩ N_B| / |N_A ∪ N_B| of the k nearest items."""

    name = "jaccard"
    title = f"neighbor distance (1 − Jaccard@{K})"
    help = f"what part of its {K} nearest items changed."
    shares = "near"

    def distances(self, pair: Pair, k: int) -> Floats:
        return pair.near(k)[1]


member = Jaccard()
