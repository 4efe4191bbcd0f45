"""Orthogonal Procrustes."""

from __future__ import annotations

import numpy as np

from isogloss.alignment.methods.method import Fitted, Parameters, Problem
from isogloss.linear import orthogonal
from isogloss.progress import Progress


def procrustes(problem: Problem, p: Parameters, progress: Progress) -> Fitted:
    """argmin ‖XW − Z‖_F with WᵀW = I (Schönemann 1966); the target stays."""
    return Fitted(orthogonal(*problem.anchors), np.eye(problem.z.shape[1]))
