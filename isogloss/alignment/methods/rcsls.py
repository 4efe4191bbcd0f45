"""Relaxed CSLS."""

from __future__ import annotations

import numpy as np

from isogloss.alignment.methods.method import Fitted, Parameters, Problem
from isogloss.linear import orthogonal
from isogloss.nearest.csls import K
from isogloss.progress import Progress
from isogloss.types import Matrix


def rcsls(problem: Problem, p: Parameters, progress: Progress) -> Fitted:
    """The relaxed CSLS loss by gradient descent from Procrustes (Joulin et al. 2018); the best iterate by training
    loss.

    −(1/n) Σ_i [2 x_iW·z_i − (1/k) Σ_{z ∈ N(x_iW)} x_iW·z − (1/k) Σ_{x ∈ N(z_i)} xW·z_i]. The rate is halved when the
    loss rises.
    """
    w = orthogonal(*problem.anchors)
    loss, slope = rcsls_loss(problem, w, p.neighbors, p.negatives)
    best, least, rate = w, loss, p.rate
    for step in range(p.iterations):
        progress(f"relaxed CSLS, training loss {least:.4f}", step / p.iterations, least)
        moved = w - rate * slope
        if p.spectral:
            u, s, v = np.linalg.svd(moved)
            moved = u @ np.diag(np.clip(s, 0, 1)) @ v
        new, new_slope = rcsls_loss(problem, moved, p.neighbors, p.negatives)
        if new > loss:
            rate /= 2
            if rate < 1e-4:
                break
            continue
        w, loss, slope = moved, new, new_slope
        if loss < least:
            best, least = w, loss
    return Fitted(best, np.eye(problem.z.shape[1]))


def rcsls_loss(problem: Problem, w: Matrix, k: int = K, negatives: int = 200_000) -> tuple[float, Matrix]:
    """The relaxed CSLS loss of a map and its gradient (the neighborhoods held fixed), float64 (dim, dim)."""
    import faiss

    x, z = problem.anchors
    every_x, every_z = problem.x[:negatives], problem.z[:negatives]
    mapped = (every_x @ w).astype(np.float32)
    k_z, k_x = min(k, len(every_z)), min(k, len(every_x))
    near_z = faiss.knn((x @ w).astype(np.float32), every_z.astype(np.float32), k_z, metric=faiss.METRIC_INNER_PRODUCT)[
        1
    ]
    near_x = faiss.knn(z.astype(np.float32), mapped, k_x, metric=faiss.METRIC_INNER_PRODUCT)[1]
    mean_z, mean_x = every_z[near_z].mean(axis=1), every_x[near_x].mean(axis=1)
    n = len(x)
    gain = 2 * ((x @ w) * z).sum() - ((x @ w) * mean_z).sum() - ((mean_x @ w) * z).sum()
    slope = 2 * x.T @ z - x.T @ mean_z - mean_x.T @ z
    return float(-gain / n), -slope / n
