"""Nothing taken out."""

from __future__ import annotations

from isogloss.separation.removal import Fitting, Ranks, Removal


class Nothing:
    name = "none"
    title = "none"
    help = "nothing is taken out."

    def ranks(self, n_groups: int, dim: int, n: int) -> Ranks | None:
        return None

    def fit(self, on: Fitting, rank: int) -> Removal:
        return Removal(self.name, 0, None, (), on.seen)


member = Nothing()
