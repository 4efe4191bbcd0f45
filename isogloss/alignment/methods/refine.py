"""Procrustes, refined on mutual neighbors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import ClassVar

import numpy as np

from isogloss.alignment.method import HELD_OUT, Fitted, Method, Problem, parameter
from isogloss.alignment.methods import _shared
from isogloss.linear import orthogonal, unit_rows
from isogloss.nearest.csls import csls_neighbors
from isogloss.progress import Progress, silent
from isogloss.types import Matrix


@dataclass(frozen=True)
class Refine(Method):
    """Procrustes again and again, on mutual CSLS neighbors among the most frequent items (Conneau et al. 2018).

    How many rounds is chosen on a tenth of the training anchors that are held out for it, never on a test dictionary.
    rounds: at most. frequent: how many of the most frequent items of each side may become anchors.
    """

    name: ClassVar[str] = "refine"
    title: ClassVar[str] = "Refinement"
    described: ClassVar[str] = "Procrustes, refined on mutual neighbors"

    rounds: int = parameter(5, "rounds at most", low=1, high=20)
    frequent: int = _shared.frequent()

    def fit(self, problem: Problem, *, seed: int = 0, progress: Progress = silent) -> Fitted:
        drawn = np.random.default_rng(seed).permutation(len(problem.a))
        held, kept = np.split(drawn, [max(1, round(HELD_OUT * len(drawn)))])
        trial, scores = replace(problem, a=problem.a[kept], b=problem.b[kept]), []
        for round_, w in enumerate(self._rounds(trial)):
            mapped, gold = problem.x[problem.a[held]] @ w, problem.z[problem.b[held]]
            both = (unit_rows(side.astype(np.float32)) for side in (mapped, gold))
            scores.append(float(np.multiply(*both).sum(axis=1).mean()))
            share = (round_ + 1) / (2 * self.rounds + 2)
            progress(f"refining, mean cosine of held-out anchors {scores[-1]:.4f}", share, scores[-1])
        best = int(np.argmax(scores))
        progress("refining on all anchors", 0.5)
        *_, last = islice(self._rounds(problem), best + 1)
        return Fitted(last, problem.still, {"rounds": best})

    def _rounds(self, problem: Problem) -> Iterator[Matrix]:
        """The map of the anchors, then of the mutual neighbors under it, and so on."""
        w = orthogonal(*problem.anchors)
        yield w
        x, z = problem.x[: self.frequent], problem.z[: self.frequent]
        for _ in range(self.rounds):
            mapped = (x @ w).astype(np.float32)
            there = csls_neighbors(mapped, z.astype(np.float32), 1)[0][:, 0]
            back = csls_neighbors(z.astype(np.float32), mapped, 1)[0][:, 0]
            mutual = np.flatnonzero(back[there] == np.arange(len(x)))
            if len(mutual) < x.shape[1]:
                return
            w = orthogonal(x[mutual], z[there[mutual]])
            yield w


member = Refine()
