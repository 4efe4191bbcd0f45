"""Two spaces of which it is known what belongs together."""

from __future__ import annotations

import numpy as np

from isogloss.alignment.anchors.dictionary import Dictionary
from isogloss.alignment.bli import retrieve
from isogloss.alignment.learnt import Mapping
from isogloss.spaces.space import Space

N, DIM = 400, 20


def turned(seed: int = 0, noise: float = 0.0, n: int = N) -> tuple[Space, Space, Dictionary]:
    """A space, the same space turned (and blurred), and which items belong together."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, DIM)) * np.linspace(2, 0.5, DIM) + 0.3
    turn, _ = np.linalg.qr(rng.normal(size=(DIM, DIM)))
    z = x @ turn + noise * rng.normal(size=x.shape)
    order = rng.permutation(n)
    source = Space("source", tuple(f"s{i}" for i in range(n)), x.astype(np.float32))
    target = Space("target", tuple(f"t{i}" for i in order), z[order].astype(np.float32))
    return source, target, Dictionary(tuple((f"s{i}", f"t{i}") for i in range(n)))


def precision(source: Space, target: Space, mapping: Mapping, test: Dictionary, retrieval: str = "nn") -> float:
    """P@1 from source to target."""
    x, z = mapping.source.apply(source.vectors), mapping.target.apply(target.vectors)
    found = retrieve(source, target, test, x=x, z=z, retrievals=[retrieval])[retrieval]
    return found.figures()["precision_at_1"].value
