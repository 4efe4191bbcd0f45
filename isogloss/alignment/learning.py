"""Two spaces brought into shared coordinates from anchors, and what is known of that before anything is tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from isogloss.alignment.anchors.checked import FEW
from isogloss.alignment.anchors.dictionary import Dictionary, split
from isogloss.alignment.diagnostics import (
    divergence_row,
    eigenvalue_divergence,
    leave_one_out,
    orthogonality,
    relation_row,
    relational_similarity,
    singular_values,
    suspicious,
)
from isogloss.alignment.learnt import Mapping as LearntMap
from isogloss.alignment.learnt import Side
from isogloss.alignment.method import HELD_OUT, METHODS, Fitted, Given, Method, Problem
from isogloss.alignment.preprocess import DEFAULT, Preprocessing
from isogloss.errors import InvalidValue
from isogloss.linear import one_thread, orthogonal, unit_rows
from isogloss.progress import Progress, silent
from isogloss.spaces.space import Space
from isogloss.types import Rows


@dataclass(frozen=True)
class Learning:
    """How maps are learnt, by whatever method. steps: of the preprocessing. given: parameters of methods by name, the
    others as they are by default. seed: of all that is drawn.
    """

    steps: tuple[str, ...] = DEFAULT
    given: Given = field(default_factory=dict)
    seed: int = 0

    def method(self, name: str) -> Method:
        """Raises InvalidValue."""
        return METHODS[name].given(self.given)


def learn_mapping(
    source: Space,
    target: Space,
    train: Dictionary,
    *,
    method: str = "procrustes",
    learning: Learning | None = None,
    progress: Progress = silent,
) -> tuple[LearntMap, dict[str, Any]]:
    """Learn a map from training anchors; the map and what is known of it before anything is tested.

    Diagnostics: n_train, held_out_precision_at_1 (NN, of a tenth of the anchors, under a map of the others), residual
    (mean ‖xW − z‖ of the anchors), suspicious (anchors whose leave-one-out residual lies more than 3 scaled median
    absolute deviations above the median), relational_similarity, eigenvalue_divergence (see `diagnostics`;
    of 20 anchors or more), orthogonality (‖WᵀW − I‖_F), singular_values (least, greatest). Raises InvalidValue.
    """
    how = learning or Learning()
    way = how.method(method)
    if source.dim != target.dim:
        raise InvalidValue(f"the spaces have {source.dim} and {target.dim} dimensions", "give two of the same number")
    (pre_x, x), (pre_z, z) = (Preprocessing.learnt(space.vectors, how.steps) for space in (source, target))
    a, b = train.rows(source, target)
    if len(a) < 2 and not (way.unsupervised and not len(train)):
        raise InvalidValue(
            f"{len(a)} of {len(train):,} training pairs are in both spaces",
            "check which side is the source, and the case of the words",
        )
    problem = Problem(x, z, a, b)
    fitted = way.fit(problem, seed=how.seed, progress=progress)
    told = {"n_train": len(a), "steps": list(how.steps), "train": train.name} | way.of(how.seed)
    mapping = LearntMap(method, Side(pre_x, fitted.left), Side(pre_z, fitted.right), told)
    if not len(a):
        return mapping, {"n_train": 0} | dict(fitted.about)
    kept = split(train, HELD_OUT, seed=how.seed) if len(train.targets) >= FEW else None
    with one_thread():  # many small decompositions
        held = None if kept is None else _held_out(problem, *(one.rows(source, target) for one in kept))
        return mapping, _diagnostics(problem, fitted, held) | dict(fitted.about)


def _diagnostics(problem: Problem, fitted: Fitted, held: float | None) -> dict[str, Any]:
    x, z = problem.anchors
    residual = np.linalg.norm(x @ fitted.left - z @ fitted.right, axis=1)
    alike: Mapping[str, Any] = {"suspicious": None, "relational_similarity": None, "eigenvalue_divergence": None}
    if len(x) >= FEW:
        alike = {
            "suspicious": int(suspicious(leave_one_out(x, z)).sum()),
            "relational_similarity": relation_row(relational_similarity(x, z)),
            "eigenvalue_divergence": divergence_row(eigenvalue_divergence(x, z)),
        }
    return {
        "n_train": len(x),
        "held_out_precision_at_1": held,
        "residual": float(residual.mean()),
        **alike,
        "orthogonality": orthogonality(fitted.left),
        "singular_values": list(singular_values(fitted.left)),
    }


def _held_out(problem: Problem, kept: tuple[Rows, Rows], test: tuple[Rows, Rows]) -> float | None:
    """Share of the held-out sources whose nearest target is a gold one, under Procrustes of the others; None where a
    part is empty.
    """
    import faiss

    (a, b), (c, d) = kept, test
    if not (len(a) and len(c)):
        return None
    w = orthogonal(problem.x[a], problem.z[b])
    u, v = unit_rows((problem.x[c] @ w).astype(np.float32)), unit_rows(problem.z.astype(np.float32))
    gold: dict[int, set[int]] = {}
    for row, other in zip(c.tolist(), d.tolist(), strict=True):
        gold.setdefault(row, set()).add(other)
    found = faiss.knn(u, v, 1, metric=faiss.METRIC_INNER_PRODUCT)[1][:, 0]
    return float(np.mean([int(f) in gold[row] for row, f in zip(c.tolist(), found, strict=True)]))
