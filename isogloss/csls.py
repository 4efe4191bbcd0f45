"""CSLS and hubness (Conneau et al. 2018)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from isogloss.derived import DerivedStore, derived_key
from isogloss.index import ExactIndex, self_neighbors
from isogloss.space import Space, Vectors

K = 10


def mean_similarity(space: Space, other: Space, store: DerivedStore | None = None, k: int = K) -> Vectors:
    """r: mean cosine of each item of `space` to its k nearest items of `other`, float32, shape (n_items,).

    Within one space the item itself is left out. Computed once and kept in the store.
    """

    same = space is other or (space.name, space.fingerprint) == (other.name, other.fingerprint)

    def compute() -> dict[str, Vectors]:
        similarity = self_neighbors(space, k)[1] if same else ExactIndex(other).search(space.unit, k)[1]
        return {"r": similarity.mean(axis=1) if similarity.shape[1] else np.zeros(len(space), dtype=np.float32)}

    if store is None:
        return compute()["r"]
    return store.get(derived_key("csls", 1, space=space.fingerprint, other=other.fingerprint, same=same, k=k), compute)[
        "r"
    ]


def csls(
    cosine: npt.NDArray[np.float32], r_source: npt.NDArray[np.float32], r_target: npt.NDArray[np.float32]
) -> Vectors:
    """2·cos(x,z) − r_T(x) − r_S(z).

    cosine: (n_source, n_target). r_source: r_T(x) of each source, (n_source,). r_target: r_S(z) of
    each target, (n_target,). Higher is closer.

    >>> csls(np.float32([[.9]]), np.float32([.5]), np.float32([.4])).round(3).tolist()
    [[0.8999999761581421]]
    """
    return 2 * cosine - r_source[:, None] - r_target[None, :]


def hubness(neighbors: npt.NDArray[np.int64], n_targets: int) -> float:
    """Skewness of N_k: how often each target stands in the sources' neighbor lists. Lower is better.

    >>> hubness(np.array([[0], [1], [2]]), 3)
    0.0
    """
    occurrences = np.bincount(neighbors.ravel(), minlength=n_targets).astype(np.float64)
    centred = occurrences - occurrences.mean()
    spread = centred.std()
    return float((centred**3).mean() / spread**3) if spread > 0 else 0.0
