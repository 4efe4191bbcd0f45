"""Procrustes, refined on mutual neighbors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from isogloss.alignment.methods.method import _HELD_OUT, Fitted, Parameters, Problem
from isogloss.linear import orthogonal, unit_rows
from isogloss.nearest.csls import csls_neighbors
from isogloss.progress import Progress
from isogloss.types import Matrix


def refine(problem: Problem, p: Parameters, progress: Progress) -> Fitted:
    """Procrustes again and again, on mutual CSLS neighbors among the most frequent items (Conneau et al. 2018).

    How many rounds is chosen on a tenth of the training anchors that are held out for it, never on a test dictionary.
    """
    drawn = np.random.default_rng(p.seed).permutation(len(problem.a))
    held, kept = np.split(drawn, [max(1, round(_HELD_OUT * len(drawn)))])
    trial = replace(problem, a=problem.a[kept], b=problem.b[kept])
    scores = []
    for round_, w in enumerate(_rounds(trial, p)):
        mapped, gold = problem.x[problem.a[held]] @ w, problem.z[problem.b[held]]
        scores.append(
            float((unit_rows(mapped.astype(np.float32)) * unit_rows(gold.astype(np.float32))).sum(axis=1).mean())
        )
        progress(
            f"refining, mean cosine of held-out anchors {scores[-1]:.4f}", (round_ + 1) / (2 * p.rounds + 2), scores[-1]
        )
    best = int(np.argmax(scores))
    progress("refining on all anchors", 0.5)
    *_, last = islice(_rounds(problem, p), best + 1)
    return Fitted(last, np.eye(problem.z.shape[1]), {"rounds": best})


def _rounds(problem: Problem, p: Parameters) -> Iterator[Matrix]:
    """The map of the anchors, then of the mutual neighbors under it, and so on."""
    w = orthogonal(*problem.anchors)
    yield w
    x, z = problem.x[: p.frequent], problem.z[: p.frequent]
    for _ in range(p.rounds):
        mapped = (x @ w).astype(np.float32)
        there = csls_neighbors(mapped, z.astype(np.float32), 1)[0][:, 0]
        back = csls_neighbors(z.astype(np.float32), mapped, 1)[0][:, 0]
        mutual = np.flatnonzero(back[there] == np.arange(len(x)))
        if len(mutual) < x.shape[1]:
            return
        w = orthogonal(x[mutual], z[there[mutual]])
        yield w
