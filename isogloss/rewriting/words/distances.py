"""How far each version of a text lies from what it says in other languages, in an encoder's space."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from isogloss.figure import Figure
from isogloss.linear import unit_rows
from isogloss.resampling import mean_interval
from isogloss.types import Vectors

_DRAWS = 500
HOW = "mean of 1 − cosine to the same sentence in that language"


def distances(
    versions: Mapping[str, Sequence[str]],
    others: Mapping[str, Sequence[str]],
    encode: Callable[[Sequence[str]], Vectors],
    *,
    seed: int = 0,
) -> dict[str, dict[str, Figure]]:
    """Version → language → figure. versions, others: by name, texts row by row; blank ones of others do not count."""
    there = {name: unit_rows(encode(list(texts))) for name, texts in others.items()}
    found: dict[str, dict[str, Figure]] = {}
    for version, texts in versions.items():
        here = unit_rows(encode(list(texts)))
        found[version] = {}
        for name, vectors in there.items():
            known = here.any(axis=1) & vectors.any(axis=1) & np.array([bool(text) for text in others[name]])
            apart = (1 - np.einsum("ij,ij->i", here, vectors))[known].astype(np.float64).clip(0.0, 2.0)
            low, high = mean_interval(apart, _DRAWS, np.random.default_rng(seed))
            value = float(apart.mean()) if len(apart) else math.nan
            found[version][name] = Figure(value=value, n=len(apart), better="less", low=low, high=high, how=HOW)
    return found
