"""Ridge regression."""

from __future__ import annotations

import numpy as np

from isogloss.alignment.methods.method import Fitted, Parameters, Problem
from isogloss.progress import Progress


def ridge(problem: Problem, p: Parameters, progress: Progress) -> Fitted:
    """argmin ‖XW − Z‖² + λ‖W‖²: W = (XᵀX + λI)⁻¹XᵀZ."""
    x, z = problem.anchors
    solved = np.asarray(np.linalg.solve(x.T @ x + p.ridge * np.eye(x.shape[1]), x.T @ z), dtype=np.float64)
    return Fitted(solved, np.eye(z.shape[1]))
