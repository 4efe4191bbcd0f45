"""IsoScore: how evenly vectors use their dimensions."""

from __future__ import annotations

import math

import numpy as np

from isogloss.figure import Figure
from isogloss.types import Vectors


class Isoscore:
    name, title = "isoscore", "IsoScore"
    help = "Uniformity of the other language's variances along principal components (Rudman 2022): 1 sphere, 0 line"

    def of(self, pivot: Vectors, other: Vectors, *, seed: int = 0) -> Figure:
        """With d variances λ scaled to √d·λ/‖λ‖: δ = ‖λ − 1‖/√(2(d − √d)), φ = (d − δ²(d − √d))²/d², and the score is
        (dφ − 1)/(d − 1).

        >>> line = np.outer(np.arange(50), [1, 0, 0]).astype(np.float32)
        >>> round(Isoscore().of(line, line).value, 4)
        0.0
        """
        n, d = other.shape
        if n < 2 or d < 2:
            return Figure(value=math.nan, n=n, how=self.help)
        centred = other.astype(np.float64) - other.mean(axis=0)
        values = np.zeros(d)
        found = np.linalg.svd(centred, compute_uv=False) ** 2
        values[: len(found)] = found
        if not values.any():
            return Figure(value=math.nan, n=n, how=self.help)
        scaled = math.sqrt(d) * values / np.linalg.norm(values)
        defect = float(np.linalg.norm(scaled - 1)) / math.sqrt(2 * (d - math.sqrt(d)))
        used = (d - defect**2 * (d - math.sqrt(d))) ** 2 / d**2
        return Figure(value=min(1.0, max(0.0, (d * used - 1) / (d - 1))), n=n, how=self.help)


member = Isoscore()
