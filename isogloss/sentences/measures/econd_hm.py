"""ECOND-HM: how unevenly the singular values of both languages fall off."""

from __future__ import annotations

import math

from isogloss.figure import Figure
from isogloss.sentences.measures._spectrum import effective_rank, singular_values
from isogloss.types import Vectors


class EcondHm:
    name, title = "econd-hm", "ECOND-HM"
    help = (
        "Harmonic mean of both effective condition numbers, σ₁ / σ at the effective rank (Dubossarsky 2020); 1 at best"
    )

    def of(self, pivot: Vectors, other: Vectors, *, seed: int = 0) -> Figure:
        """2·κ·κ' / (κ + κ').

        >>> import numpy as np
        >>> EcondHm().of(np.eye(6, dtype=np.float32), np.eye(6, dtype=np.float32)).value
        1.0
        """
        conditions = []
        for side in (pivot, other):
            values = singular_values(side)
            conditions.append(float(values[0] / values[effective_rank(values) - 1]) if len(values) else math.nan)
        one, two = conditions
        return Figure(value=2 * one * two / (one + two), n=len(pivot), better="less", how=self.help)


member = EcondHm()
