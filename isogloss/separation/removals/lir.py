"""LIR: each group's own top-rank right singular vectors, uncentred, projected out (Yang et al. 2021)."""

from __future__ import annotations

import numpy as np

from isogloss.separation.removal import Fitting, Ranks, Removal

_OFFERED = 16


class Lir:
    name = "lir"
    title = "lir"
    help = "projects out each group's own first directions."

    def ranks(self, n_groups: int, dim: int, n: int) -> Ranks | None:
        most = min(dim - 1, n)
        return Ranks(min(1, most), most, min(dim - 1, _OFFERED), f"{dim} dimensions")

    def fit(self, on: Fitting, rank: int) -> Removal:
        bases = []
        for group in range(on.n_groups):
            rows = on.vectors[on.codes == group].astype(np.float64)
            basis = np.linalg.svd(rows, full_matrices=False)[2][:rank] if len(rows) else np.zeros((0, rows.shape[1]))
            bases.append(basis.astype(np.float32))
        return Removal(self.name, rank, None, tuple(bases), on.seen)


member = Lir()
