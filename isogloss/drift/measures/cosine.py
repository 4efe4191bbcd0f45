"""How far the vector itself turned."""

from __future__ import annotations

import numpy as np

from isogloss.drift.measure import Measure
from isogloss.drift.pair import Pair
from isogloss.types import Floats


class Cosine(Measure):
    """1 − cos(w_A, w_B), 0 to 2 (Hamilton et al. 2016, global)."""

    name = "cosine"
    title = "cosine distance"
    help = "how far the vector turned (0 to 2; needs aligned spaces)."
    needs_alignment = True
    range = (0.0, 2.0)
    least = 0.2
    most_noise = 0.4
    shares = "near"

    def distances(self, pair: Pair, k: int) -> Floats:
        a, b = (side.astype(np.float64) for side in (pair.source, pair.target))
        return np.asarray(np.maximum(0.0, 1.0 - np.einsum("nd,nd->n", a, b)))


member = Cosine()
