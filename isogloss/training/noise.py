"""How firmly each vector of a space stands, and from that the interval of a similarity within it.

From half samples: δ = u₁ − u₂, the difference of a word's unit vectors in the two halves of a slice.
A full sample's vector varies by |δ|²/4 (balanced half samples), spread over directions by a covariance
that all words of the space share. Cosines of word pairs recomputed in the halves calibrate the result.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from isogloss.linear import unit_rows
from isogloss.spaces.controls import Noise, predicted
from isogloss.spaces.space import Space
from isogloss.training.replicate import Apart
from isogloss.training.samples import Sample
from isogloss.types import Rows

PAIRS = 600


def sampled_pairs(space: Space, seed: int) -> Rows:
    """Random pairs of rows on which the prediction is calibrated, (2, PAIRS)."""
    return np.random.default_rng(seed).integers(len(space), size=(2, PAIRS))


def halves_apart(a: Sample, b: Sample, *, rows: Rows, pairs: Rows) -> Apart:
    """What one replicate says of a space.

    rows: the vocabulary row of each item of the space. pairs: as `sampled_pairs` gives them.
    """
    units = []
    for sample in (a, b):
        at = np.minimum(np.searchsorted(sample.rows, rows), len(sample.rows) - 1)
        unit = unit_rows(sample.vectors[at])
        unit[sample.rows[at] != rows] = np.nan
        units.append(unit)
    apart = units[0] - units[1]
    square = (apart**2).sum(axis=1)
    known = apart[np.isfinite(square) & (square > 0)]
    directions = known / np.linalg.norm(known, axis=1, keepdims=True)
    cosines = np.array([np.einsum("nd,nd->n", unit[pairs[0]], unit[pairs[1]]) for unit in units])
    return Apart(square, directions.T @ directions / max(len(known), 1), cosines)


def make_noise(space: Space, pairs: Rows, replicates: Sequence[Apart]) -> Noise:
    """Put the replicates of one space together."""
    squares = np.array([one.square for one in replicates], dtype=np.float64)
    n = np.isfinite(squares).sum(axis=0)
    variance = np.where(n >= 2, np.nansum(squares, axis=0) / np.maximum(n, 1) / 4, np.nan).astype(np.float32)
    covariance = np.mean([one.directions for one in replicates], axis=0).astype(np.float32)
    cosines = np.concatenate([one.cosines for one in replicates]).astype(np.float64)
    known = np.isfinite(cosines).all(axis=0) & (pairs[0] != pairs[1])
    ratio = 1.0
    if known.sum() >= 30:
        actual = cosines[:, known].std(axis=0, ddof=1)
        expected = predicted(space.unit, variance, covariance, a=pairs[0][known], b=pairs[1][known])
        ratio = float(np.nanmedian(actual / expected))
    return Noise(variance, covariance, ratio)
