"""How far an item's place among its neighbors turned."""

from __future__ import annotations

from isogloss.drift.measure import Measure
from isogloss.drift.pair import K, Pair
from isogloss.types import Floats


class Local(Measure):
    """Over the union of the k nearest items in either space, 1 − cos of the two vectors of similarities to them.

    Hamilton et al. 2016, local neighborhood. Similarities may be negative, hence 0 to 2.
    """

    name = "local"
    title = "local neighborhood distance"
    help = f"how far its similarities to its {K} nearest items of either space turned."
    range = (0.0, 2.0)
    shares = "near"

    def distances(self, pair: Pair, k: int) -> Floats:
        return pair.near(k)[0]


member = Local()
