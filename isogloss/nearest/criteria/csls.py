"""CSLS: cosines less the mean similarity of either side's neighborhood (Conneau et al. 2018)."""

from __future__ import annotations

from isogloss.nearest.criterion import About
from isogloss.types import Vectors


class Csls:
    name = "csls"
    retrieval = "csls"
    title = "CSLS"
    help = "2·cos − both neighborhoods' mean similarity, −2 to 2"
    needs = ("r_query", "r_target")
    lookup = True

    def score(self, cosine: Vectors, about: About) -> Vectors:
        """2·cos(x,z) − r_T(x) − r_S(z).

        >>> import numpy as np
        >>> about = About(np.float32([0.5]), np.float32([0.4]))
        >>> Csls().score(np.float32([[0.9]]), about).round(3).tolist()
        [[0.8999999761581421]]
        """
        assert about.r_query is not None
        assert about.r_target is not None
        return 2 * cosine - about.r_query[:, None] - about.r_target


member = Csls()
