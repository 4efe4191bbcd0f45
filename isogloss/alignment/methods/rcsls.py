"""Relaxed CSLS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from isogloss.alignment.method import Fitted, Method, Problem, parameter
from isogloss.alignment.methods import _shared
from isogloss.linear import orthogonal
from isogloss.nearest.csls import K
from isogloss.progress import Progress, silent
from isogloss.types import Matrix


@dataclass(frozen=True)
class Rcsls(Method):
    """The relaxed CSLS loss by gradient descent from Procrustes (Joulin et al. 2018); the best iterate by training
    loss.

    −(1/n) Σ_i [2 x_iW·z_i − (1/k) Σ_{z ∈ N(x_iW)} x_iW·z − (1/k) Σ_{x ∈ N(z_i)} xW·z_i]. The rate is halved when the
    loss rises. rate: the learning rate. iterations: its authors' program with `niter` 10 takes 11. spectral: whether
    singular values are clipped to [0, 1]. neighbors: k. negatives: how many of the most frequent items are pushed away.
    """

    name: ClassVar[str] = "rcsls"
    title: ClassVar[str] = "RCSLS"
    described: ClassVar[str] = "relaxed CSLS on anchors"

    rate: float = parameter(1.0, "learning rate", low=0.01, high=100.0, help="1, or 25 as in its authors' example.")
    iterations: int = parameter(11, "iterations", low=1, high=100)
    spectral: bool = parameter(False, "spectral", help="Singular values clipped to [0, 1].")
    neighbors: int = _shared.neighbors()
    negatives: int = parameter(200_000, "most frequent items to be pushed away", low=100, high=2_000_000, step=1_000)

    def fit(self, problem: Problem, *, seed: int = 0, progress: Progress = silent) -> Fitted:
        w = orthogonal(*problem.anchors)
        loss, slope = rcsls_loss(problem, w, self.neighbors, negatives=self.negatives)
        best, least, rate = w, loss, self.rate
        for step in range(self.iterations):
            progress(f"relaxed CSLS, training loss {least:.4f}", step / self.iterations, least)
            moved = w - rate * slope
            if self.spectral:
                u, s, v = np.linalg.svd(moved)
                moved = u @ np.diag(np.clip(s, 0, 1)) @ v
            new, new_slope = rcsls_loss(problem, moved, self.neighbors, negatives=self.negatives)
            if new > loss:
                rate /= 2
                if rate < 1e-4:
                    break
                continue
            w, loss, slope = moved, new, new_slope
            if loss < least:
                best, least = w, loss
        return Fitted(best, problem.still)


def rcsls_loss(problem: Problem, w: Matrix, k: int = K, *, negatives: int = 200_000) -> tuple[float, Matrix]:
    """The relaxed CSLS loss of a map and its gradient (the neighborhoods held fixed), float64 (dim, dim)."""
    import faiss

    x, z = problem.anchors
    every_x, every_z = problem.x[:negatives], problem.z[:negatives]
    mapped = (every_x @ w).astype(np.float32)
    k_z, k_x = min(k, len(every_z)), min(k, len(every_x))
    moved, targets = (x @ w).astype(np.float32), every_z.astype(np.float32)
    near_z = faiss.knn(moved, targets, k_z, metric=faiss.METRIC_INNER_PRODUCT)[1]
    near_x = faiss.knn(z.astype(np.float32), mapped, k_x, metric=faiss.METRIC_INNER_PRODUCT)[1]
    mean_z, mean_x = every_z[near_z].mean(axis=1), every_x[near_x].mean(axis=1)
    n = len(x)
    gain = 2 * ((x @ w) * z).sum() - ((x @ w) * mean_z).sum() - ((mean_x @ w) * z).sum()
    slope = 2 * x.T @ z - x.T @ mean_z - mean_x.T @ z
    return float(-gain / n), -slope / n


member = Rcsls()
