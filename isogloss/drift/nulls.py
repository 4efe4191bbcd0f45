"""What noise alone would show: null distances in bands of frequency, p-values and their adjustment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.types import Floats

Counts = npt.NDArray[np.int64]
LEAST = 200
_STEPS = 2  # bands to a doubling of the count


@dataclass(frozen=True, eq=False)
class Null:
    """Null distances by the smaller of the two counts in the trained samples.

    edges: the least count of each band, ascending; the last band has no upper end. values: for each
    band its null distances, sorted.
    """

    edges: Counts
    values: tuple[Floats, ...]

    def band(self, counts: Counts) -> npt.NDArray[np.int64]:
        """The band of each count, −1 below the lowest."""
        return np.searchsorted(self.edges, counts, side="right") - 1

    def p_values(self, counts: Counts, distances: Floats) -> Floats:
        """p = (1 + #{null of the band ≥ d}) / (1 + N); NaN where there is no band or no distance.

        >>> null = Null(np.array([50]), (np.array([0.1, 0.2, 0.3]),))
        >>> null.p_values(np.array([60, 60, 10]), np.array([0.25, 0.05, 0.9])).tolist()
        [0.5, 1.0, nan]
        """
        out = np.full(len(distances), np.nan)
        bands = self.band(counts)
        for number, null in enumerate(self.values):
            here = (bands == number) & np.isfinite(distances)
            out[here] = (1 + len(null) - np.searchsorted(null, distances[here], side="left")) / (1 + len(null))
        return out

    def quantile(self, counts: Counts, share: float) -> Floats:
        """The quantile of each count's band, NaN where there is none."""
        if not self.values:
            return np.full(len(counts), np.nan)
        table = np.array([np.quantile(null, share) for null in self.values] + [np.nan])
        return np.asarray(table[self.band(counts)], dtype=np.float64)


def make_null(counts: Counts, distances: Floats, least: int = LEAST) -> Null:
    """Bands of half a doubling of the count, each with at least `least` null distances.

    A band with fewer is joined to the rarer one beside it, whose null is the wider, so that no word
    is called changed for want of comparison; what is still too few at the rare end has no band.
    """
    known = np.isfinite(distances) & (counts > 0)
    counts, distances = counts[known], distances[known]
    step = np.floor(np.log2(np.maximum(counts, 1)) * _STEPS).astype(np.int64)
    edges, values = [], []
    waiting: list[Floats] = []
    for one in np.unique(step)[::-1]:
        waiting.append(distances[step == one])
        if sum(map(len, waiting)) >= least:
            edges.append(int(np.ceil(2 ** (one / _STEPS) - 1e-9)))
            values.append(np.sort(np.concatenate(waiting)).astype(np.float64))
            waiting = []
    return Null(np.array(edges[::-1], dtype=np.int64), tuple(values[::-1]))


def adjust(p: Floats) -> Floats:
    """Benjamini–Hochberg q-values over all tested; NaN stays NaN and is not counted.

    >>> adjust(np.array([0.01, 0.04, 0.03, np.nan])).round(4).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    out = np.full(len(p), np.nan)
    tested = np.flatnonzero(np.isfinite(p))
    order = tested[np.argsort(-p[tested], kind="stable")]
    ranks = np.arange(len(order), 0, -1)
    out[order] = np.minimum(1.0, np.minimum.accumulate(p[order] * len(order) / ranks)) if len(order) else p[order]
    return out
