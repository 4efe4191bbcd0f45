"""VecMap, supervised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from isogloss.alignment.method import Fitted, Method, Problem
from isogloss.errors import InvalidValue
from isogloss.progress import Progress, silent
from isogloss.types import Matrix


@dataclass(frozen=True)
class Vecmap(Method):
    """VecMap's supervised steps (Artetxe et al. 2018): whiten, map, re-weight by S^½, de-whiten; both sides move."""

    name: ClassVar[str] = "vecmap"
    title: ClassVar[str] = "VecMap"
    described: ClassVar[str] = "VecMap, supervised"
    quick: ClassVar[bool] = True

    def fit(self, problem: Problem, *, seed: int = 0, progress: Progress = silent) -> Fitted:
        x, z = problem.anchors
        white_x, white_z = _whitening(x), _whitening(z)
        u, s, vt = np.linalg.svd((x @ white_x).T @ (z @ white_z))
        weight = np.diag(np.sqrt(s))
        back_x, back_z = u.T @ np.linalg.inv(white_x) @ u, vt @ np.linalg.inv(white_z) @ vt.T
        return Fitted(white_x @ u @ weight @ back_x, white_z @ vt.T @ weight @ back_z)


def _whitening(rows: Matrix) -> Matrix:
    """V diag(1/s) Vᵀ of the singular values of the rows: it makes their cross-products the identity."""
    _, s, vt = np.linalg.svd(rows, full_matrices=False)
    if len(s) < rows.shape[1] or s[-1] < 1e-10 * s[0]:
        raise InvalidValue(
            f"{len(rows):,} anchors span fewer than the {rows.shape[1]} dimensions", "add anchors, or use procrustes"
        )
    return np.asarray(vt.T @ np.diag(1 / s) @ vt)


member = Vecmap()
