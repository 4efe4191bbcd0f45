"""CSLS and hubness (Conneau et al. 2018)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.linear import unit_rows
from isogloss.nearest.exact import ExactIndex, self_neighbors
from isogloss.spaces.space import Space
from isogloss.types import Vectors
from isogloss.workspace.derived import DerivedStore, derived_key

if TYPE_CHECKING:
    from isogloss.nearest.best import Best

K = 10
_CANDIDATES, _SPARE = 48, 4
_ROWS, _COLUMNS = 1_024, 8_192
_ROUNDING = 1e-5


def mean_similarity(space: Space, other: Space, store: DerivedStore | None = None, *, k: int = K) -> Vectors:
    """r: mean cosine of each item of `space` to its k nearest items of `other`, float32, shape (n_items,).

    Within one space the item itself is left out. Computed once, kept in the store, and with `space` while that is open.
    """
    same = space is other or (space.name, space.fingerprint) == (other.name, other.fingerprint)

    def compute() -> dict[str, Vectors]:
        similarity = self_neighbors(space, k)[1] if same else ExactIndex(other).search(space.unit, k)[1]
        return {"r": similarity.mean(axis=1) if similarity.shape[1] else np.zeros(len(space), dtype=np.float32)}

    held: dict[tuple[str, bool, int], Vectors] = vars(space).setdefault("_mean_similarity", {})
    of = other.fingerprint, same, k
    if of not in held:
        if store is None:
            held[of] = compute()["r"]
        else:
            key = derived_key("csls", 1, space=space.fingerprint, other=other.fingerprint, same=same, k=k)
            held[of] = store.get(key, compute)["r"]
    return held[of]


def csls_neighbors(
    source: Vectors, target: Vectors, k: int = 10, *, neighborhood: int = K
) -> tuple[npt.NDArray[np.int64], Vectors]:
    """The k targets of highest CSLS for every source: rows and CSLS, best first, shapes (n_source, min(k, n_target)).

    source, target: (n, dim), of any length and of two spaces (within one, the item itself would count among its
    neighbors).
    neighborhood: how many neighbors r is the mean of. Cosines are computed once, in blocks, and of each source the
    targets of highest cosine are kept. A target beyond them can only come in where its r is low enough, and only those
    are looked at again: the answer is exact. Beyond the vectors it takes one block and some 60 numbers an item.

    Raises InvalidValue when the dimensions differ or k < 1.
    """
    from isogloss.nearest.best import Best

    if source.ndim != 2 or target.ndim != 2 or source.shape[1] != target.shape[1]:
        raise InvalidValue(f"the vectors have shapes {source.shape} and {target.shape}", "give two of one dimension")
    if k < 1 or neighborhood < 1:
        raise InvalidValue(f"k is {k}, the neighborhood {neighborhood}", "choose 1 or more")
    x, z = unit_rows(source), unit_rows(target)
    k, wide = min(k, len(z)), min(max(_CANDIDATES, _SPARE * k, neighborhood), len(z))
    near, far = Best.empty(len(x), wide), Best.empty(len(z), min(neighborhood, len(x)))
    for i, j, cosine in cosine_blocks(x, z):
        near.part(i, i + len(cosine)).add_rows(cosine, j)
        far.part(j, j + cosine.shape[1]).add_columns(cosine, i)
    r_source, r_target = near.values[:, :neighborhood].mean(axis=1), far.values.mean(axis=1)
    scores = 2 * near.values - r_target[near.at]
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    best = Best(np.take_along_axis(scores, order, axis=1), np.take_along_axis(near.at, order, axis=1))
    if wide < len(z):
        _beyond(x, z, r_target, 2 * near.values[:, -1], best)
    return best.at, best.values - r_source[:, None]


def _beyond(x: Vectors, z: Vectors, r_target: Vectors, most: Vectors, best: Best) -> None:
    """Put into `best` what the candidates may have missed. most: 2·cos of a missed target can be no more,
    (n_source,).
    """
    order = np.argsort(r_target, kind="stable")
    lowest = r_target[order]
    reach = np.searchsorted(lowest, most - best.values[:, -1] + _ROUNDING)
    asked = np.flatnonzero(reach)
    asked = asked[np.argsort(reach[asked], kind="stable")]
    for at in range(0, len(asked), _ROWS):
        rows = asked[at : at + _ROWS]
        part = best.taken(rows)
        some = order[: reach[rows[-1]]]
        for _, j, cosine in cosine_blocks(x[rows], z[some]):
            columns = some[j : j + cosine.shape[1]]
            found = 2 * cosine - r_target[columns]
            part.add_new(found, columns)
        best.values[rows], best.at[rows] = part.values, part.at


def cosine_blocks(x: Vectors, z: Vectors) -> Iterator[tuple[int, int, Vectors]]:
    """Row, column and values of every block of x·zᵀ."""
    for i in range(0, len(x), _ROWS):
        for j in range(0, len(z), _COLUMNS):
            yield i, j, x[i : i + _ROWS] @ z[j : j + _COLUMNS].T


def hubness(neighbors: npt.NDArray[np.int64], n_targets: int) -> float:
    """Skewness of N_k: how often each target stands in the sources' neighbor lists. Lower is better.

    >>> hubness(np.array([[0], [1], [2]]), 3)
    0.0
    """
    occurrences = np.bincount(neighbors.ravel(), minlength=n_targets).astype(np.float64)
    centred = occurrences - occurrences.mean()
    spread = centred.std()
    return float((centred**3).mean() / spread**3) if spread > 0 else 0.0
