"""EVS: the difference of the eigenvalues of two graphs of nearest neighbors."""

from __future__ import annotations

import math

import numpy as np

from isogloss.figure import Figure
from isogloss.linear import unit_rows
from isogloss.types import Floats, Vectors

_ENERGY, _MOST = 0.9, 10_000


class Evs:
    name, title = "evs", "EVS"
    help = (
        "Σ (λ − μ)² of the Laplacians of both 1-NN graphs, as many as hold 90% of either's sum (Søgaard 2018); 0 alike"
    )

    def of(self, pivot: Vectors, other: Vectors, *, seed: int = 0) -> Figure:
        """NaN of fewer than 3 sentences; at most 10,000 are looked at. Not to be compared with the likeness of spaces
        on the page Align, which has graphs of 10 neighbors.

        >>> x = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)
        >>> round(Evs().of(x, x[:, ::-1]).value, 6)
        0.0
        """
        n = min(len(pivot), _MOST)
        if n < 3:
            return Figure(value=math.nan, n=n, better="less", how=self.help)
        one, two = (_eigenvalues(side[:n]) for side in (pivot, other))
        k = min(_enough(one), _enough(two))
        return Figure(value=float(((one[:k] - two[:k]) ** 2).sum()), n=n, better="less", how=self.help)


def _eigenvalues(side: Vectors) -> Floats:
    """Of D − A, the largest first; an edge lies between a sentence and its nearest, whichever names the other."""
    rows = unit_rows(side)
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -np.inf)
    graph = np.zeros(cosines.shape)
    at = np.arange(len(rows))
    graph[at, cosines.argmax(axis=1)] = 1
    graph = np.maximum(graph, graph.T)
    return np.asarray(np.linalg.eigvalsh(np.diag(graph.sum(axis=1)) - graph)[::-1])


def _enough(values: Floats) -> int:
    """How many of the largest hold the energy."""
    return int(np.searchsorted(np.cumsum(values), _ENERGY * values.sum()) + 1)


member = Evs()
