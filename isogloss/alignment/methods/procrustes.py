"""Orthogonal Procrustes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from isogloss.alignment.method import Fitted, Method, Problem
from isogloss.linear import orthogonal
from isogloss.progress import Progress, silent


@dataclass(frozen=True)
class Procrustes(Method):
    """argmin ‖XW − Z‖_F with WᵀW = I (Schönemann 1966); the target stays."""

    name: ClassVar[str] = "procrustes"
    title: ClassVar[str] = "Procrustes"
    described: ClassVar[str] = "orthogonal Procrustes on shared items or anchors"
    quick: ClassVar[bool] = True

    def fit(self, problem: Problem, *, seed: int = 0, progress: Progress = silent) -> Fitted:
        return Fitted(orthogonal(*problem.anchors), problem.still)


member = Procrustes()
