"""VecMap, supervised and self-learning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from isogloss.alignment.methods.method import Fitted, Parameters, Problem
from isogloss.alignment.methods.self_learning import Schedule, learn, learn_unsupervised
from isogloss.errors import InvalidValue
from isogloss.progress import Progress
from isogloss.types import Matrix


def vecmap(problem: Problem, p: Parameters, progress: Progress) -> Fitted:
    """VecMap's supervised steps (Artetxe et al. 2018): whiten, map, re-weight by S^½, de-whiten; both sides move."""
    x, z = problem.anchors
    white_x, white_z = _whitening(x), _whitening(z)
    u, s, vt = np.linalg.svd((x @ white_x).T @ (z @ white_z))
    weight = np.diag(np.sqrt(s))
    back_x, back_z = u.T @ np.linalg.inv(white_x) @ u, vt @ np.linalg.inv(white_z) @ vt.T
    return Fitted(white_x @ u @ weight @ back_x, white_z @ vt.T @ weight @ back_z)


def vecmap_self(problem: Problem, p: Parameters, progress: Progress) -> Fitted:
    """VecMap's self-learning from the anchors as a seed, or from none at all; then its supervised steps on what it
    found.
    """
    schedule = Schedule(frequent=p.frequent, neighbors=p.neighbors, keep=p.keep, patience=p.patience, seed=p.seed)
    if len(problem.a):
        found, about = learn(problem.x, problem.z, problem.a, problem.b, schedule, progress), {}
    else:
        found, agreed = learn_unsupervised(problem.x, problem.z, schedule, progress)
        about = {"two_runs_agree": agreed}
    fitted = vecmap(replace(problem, a=found.a, b=found.b), p, progress)
    told = {"rounds": found.rounds, "induced_pairs": len(found.a), "mutual": found.mutual}
    return replace(fitted, about=told | about)


def _whitening(rows: Matrix) -> Matrix:
    """V diag(1/s) Vᵀ of the singular values of the rows: it makes their cross-products the identity."""
    _, s, vt = np.linalg.svd(rows, full_matrices=False)
    if len(s) < rows.shape[1] or s[-1] < 1e-10 * s[0]:
        raise InvalidValue(
            f"{len(rows):,} anchors span fewer than the {rows.shape[1]} dimensions", "add anchors, or use procrustes"
        )
    return np.asarray(vt.T @ np.diag(1 / s) @ vt)
