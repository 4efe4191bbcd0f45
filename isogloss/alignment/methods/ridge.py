"""Ridge regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from isogloss.alignment.method import Fitted, Method, Problem, parameter
from isogloss.progress import Progress, silent


@dataclass(frozen=True)
class Ridge(Method):
    """argmin ‖XW − Z‖² + λ‖W‖²: W = (XᵀX + λI)⁻¹XᵀZ. ridge: λ."""

    name: ClassVar[str] = "ridge"
    title: ClassVar[str] = "Ridge"
    described: ClassVar[str] = "ridge regression on anchors"
    quick: ClassVar[bool] = True

    ridge: float = parameter(1.0, "λ", low=0.0, high=1e6)

    def fit(self, problem: Problem, *, seed: int = 0, progress: Progress = silent) -> Fitted:
        x, z = problem.anchors
        solved = np.asarray(np.linalg.solve(x.T @ x + self.ridge * np.eye(x.shape[1]), x.T @ z), dtype=np.float64)
        return Fitted(solved, problem.still)


member = Ridge()
