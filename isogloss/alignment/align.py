"""Ways to bring two spaces into shared coordinates from anchors: each states what it minimises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from isogloss.alignment.anchors import Dictionary, split
from isogloss.alignment.diagnostics import eigenvalue_divergence, leave_one_out, relational_similarity, suspicious
from isogloss.alignment.learnt import Mapping as LearntMap
from isogloss.alignment.learnt import Side
from isogloss.alignment.methods.method import _HELD_OUT, Fitted, Parameters, Problem
from isogloss.alignment.methods.procrustes import procrustes
from isogloss.alignment.methods.rcsls import rcsls
from isogloss.alignment.methods.refine import refine
from isogloss.alignment.methods.ridge import ridge
from isogloss.alignment.methods.vecmap import vecmap, vecmap_self
from isogloss.alignment.preprocess import DEFAULT, Preprocessing
from isogloss.errors import InvalidValue
from isogloss.linear import orthogonal, unit_rows
from isogloss.progress import Progress, silent
from isogloss.spaces.space import Space

_FEW = 20


METHODS: dict[str, Callable[[Problem, Parameters, Progress], Fitted]] = {
    "procrustes": procrustes,
    "ridge": ridge,
    "refine": refine,
    "rcsls": rcsls,
    "vecmap": vecmap,
    "vecmap-self": vecmap_self,
}


def align(
    source: Space,
    target: Space,
    train: Dictionary,
    method: str = "procrustes",
    parameters: Parameters | None = None,
    steps: tuple[str, ...] = DEFAULT,
    progress: Progress = silent,
) -> tuple[LearntMap, dict[str, Any]]:
    """Learn a map from training anchors; the map and what is known of it before anything is tested.

    Diagnostics: n_train, held_out_precision_at_1 (NN, of a tenth of the anchors, under a map of the others), residual
    (mean ‖xW − z‖ of the anchors), suspicious (anchors whose leave-one-out residual lies more than 3 scaled median
    absolute deviations above the median), relational_similarity, eigenvalue_divergence (see `diagnostics`;
    of 20 anchors or more), orthogonality (‖WᵀW − I‖_F), singular_values (least, greatest). Raises InvalidValue.
    """
    if method not in METHODS:
        raise InvalidValue(f"there is no method {method[:40]!r}", f"choose from {', '.join(METHODS)}")
    if source.dim != target.dim:
        raise InvalidValue(f"the spaces have {source.dim} and {target.dim} dimensions", "give two of the same number")
    p = parameters or Parameters()
    from threadpoolctl import threadpool_limits

    (pre_x, x), (pre_z, z) = Preprocessing.learnt(source.vectors, steps), Preprocessing.learnt(target.vectors, steps)
    a, b = train.rows(source, target)
    if len(a) < 2 and not (method == "vecmap-self" and not len(train)):
        raise InvalidValue(
            f"{len(a)} of {len(train):,} training pairs are in both spaces",
            "check which side is the source, and the case of the words",
        )
    fit, problem = METHODS[method], Problem(x, z, a, b)
    fitted = fit(problem, p, progress)
    told = {"n_train": len(a), "steps": list(steps), "train": train.name} | p.of(method)
    mapping = LearntMap(method, Side(pre_x, fitted.left), Side(pre_z, fitted.right), told)
    with threadpool_limits(1, "blas"):  # many small decompositions: threads of BLAS would wait for each other
        return mapping, _diagnostics(problem, fitted, train, source, target, p) | dict(fitted.about)


def _diagnostics(
    problem: Problem, fitted: Fitted, train: Dictionary, source: Space, target: Space, p: Parameters
) -> dict[str, Any]:
    import faiss

    if not len(problem.a):
        return {"n_train": 0}
    left, right = fitted.left, fitted.right
    x, z = problem.anchors
    residual = np.linalg.norm(x @ left - z @ right, axis=1)
    values = np.linalg.svd(left, compute_uv=False)
    held = None
    if len(train.targets) >= 20:
        kept, test = split(train, _HELD_OUT, p.seed)
        (a, b), (c, d) = kept.rows(source, target), test.rows(source, target)
        if len(a) and len(c):
            w = orthogonal(problem.x[a], problem.z[b])
            u, v = unit_rows((problem.x[c] @ w).astype(np.float32)), unit_rows(problem.z.astype(np.float32))
            gold: dict[int, set[int]] = {}
            for row, other in zip(c.tolist(), d.tolist(), strict=True):
                gold.setdefault(row, set()).add(other)
            found = faiss.knn(u, v, 1, metric=faiss.METRIC_INNER_PRODUCT)[1][:, 0]
            held = float(np.mean([int(f) in gold[row] for row, f in zip(c.tolist(), found, strict=True)]))
    alike: dict[str, Any] = {"suspicious": None, "relational_similarity": None, "eigenvalue_divergence": None}
    if len(x) >= _FEW:
        relation, divergence = relational_similarity(x, z), eigenvalue_divergence(x, z)
        alike = {
            "suspicious": int(suspicious(leave_one_out(x, z)).sum()),
            "relational_similarity": asdict(relation),
            "eigenvalue_divergence": asdict(divergence),
        }
    return {
        "n_train": len(x),
        "held_out_precision_at_1": held,
        "residual": float(residual.mean()),
        **alike,
        "orthogonality": float(np.linalg.norm(left.T @ left - np.eye(len(left)))),
        "singular_values": [float(values.min()), float(values.max())],
    }
