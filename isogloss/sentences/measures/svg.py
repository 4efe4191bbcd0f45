"""SVG: the gap between the singular values of two languages."""

from __future__ import annotations

import math

import numpy as np

from isogloss.figure import Figure
from isogloss.sentences.measures._spectrum import singular_values
from isogloss.types import Vectors


class Svg:
    name, title = "svg", "SVG"
    help = (
        "Singular value gap: sum of (log σ of the one − log σ of the other)² (Dubossarsky 2020); 0 for a turned space"
    )

    def of(self, pivot: Vectors, other: Vectors, *, seed: int = 0) -> Figure:
        """Unit rows, as both have them above zero; NaN where that is nowhere.

        >>> x = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)
        >>> round(Svg().of(x, x[:, ::-1]).value, 6)
        0.0
        """
        one, two = singular_values(pivot), singular_values(other)
        both = min(len(one), len(two))
        value = float(((np.log(one[:both]) - np.log(two[:both])) ** 2).sum()) if both else math.nan
        return Figure(value=value, n=len(pivot), better="less", how=self.help)


member = Svg()
