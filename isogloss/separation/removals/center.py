"""Centring: x − μ_g (Libovický, Rosa & Fraser 2020)."""

from __future__ import annotations

import numpy as np

from isogloss.separation.removal import Fitting, Ranks, Removal


class Center:
    name = "center"
    title = "center"
    help = "takes each group's mean off."

    def ranks(self, n_groups: int, dim: int, n: int) -> Ranks | None:
        return None

    def fit(self, on: Fitting, rank: int) -> Removal:
        return Removal(self.name, 0, on.means.astype(np.float32), (), on.seen)


member = Center()
