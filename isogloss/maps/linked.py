"""Maps of several spaces that answer each other: coordinates, and the truth of the original spaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.maps.layout import KEPT_K, LayoutParameters, find_layout, kept_neighbors
from isogloss.maps.matched import match_layouts
from isogloss.nearest.exact import ExactIndex, self_neighbors
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.types import Rows, Vectors
from isogloss.workspace.derived import DerivedStore, derived_key

HOW = ("joint", "matched")
LARGE = 200_000
_VERSION = 1


@dataclass(frozen=True, eq=False)
class SpaceMap:
    """One space on its map.

    coordinates: float32, (n_items, n_components). neighbors: int32, (n_items, k), the true nearest
    items in the original space by cosine, best first; (n_items, 0) for a space of more than 200,000 items, whose
    neighbors are looked up one by one. kept: int8, (n_items,), how many of the k true neighbors are among the
    k nearest of the same space on the map (of a large space: of the same layout). residual and shared: of the
    Procrustes match to the map before, None where nothing was matched.
    """

    space: Space
    coordinates: Vectors
    neighbors: npt.NDArray[np.int32]
    kept: npt.NDArray[np.int8]
    k: int
    residual: float | None = None
    shared: int | None = None

    def near(self, row: int) -> list[int]:
        """The true neighbors of a row, best first; looked up where they were not kept for all."""
        if self.neighbors.shape[1] or not self.k:
            return [int(j) for j in self.neighbors[row]]
        found = ExactIndex(self.space).search(self.space.unit[row], self.k + 1)[0][0]
        return [int(j) for j in found if j != row][: self.k]


def true_neighbors(space: Space, k: int, store: DerivedStore) -> npt.NDArray[np.int32]:
    """The k nearest other items of every item in the original space, exact; kept once computed."""
    small = np.uint16 if len(space) <= 2**16 else np.int32  # half the size on disk
    found = store.get(_neighbors_key(space, k), lambda: {"rows": self_neighbors(space, k)[0].astype(small)})
    return found["rows"].astype(np.int32)


def find_neighbors(space: Space, store: DerivedStore) -> Rows | None:
    """The same, as many as maps show, where they were computed before."""
    found = store.find(_neighbors_key(space, min(KEPT_K, len(space) - 1)))
    return None if found is None else found["rows"].astype(np.int64)


def _neighbors_key(space: Space, k: int) -> str:
    return derived_key("neighbors", _VERSION, space=space.fingerprint, k=k)


def find_maps(
    collection: Collection, names: Sequence[str], how: str, *, parameters: LayoutParameters, store: DerivedStore
) -> list[SpaceMap] | None:
    """The maps of these spaces, or None when a layout has yet to be computed.

    how: *joint*, one UMAP of all spaces of the collection together; *matched*, each space's own UMAP, each turned onto
    the one before it by Procrustes on the items they share. A collection of one space has one map either way.
    Raises NotAligned for a joint map of spaces without shared coordinates, InvalidValue, NotFound.
    """
    if how not in HOW:
        raise InvalidValue(f"maps {how!r} were asked for", f"choose {' or '.join(HOW)}")
    spaces = [collection[name] for name in names]
    k = max(0, min(KEPT_K, *(len(s) - 1 for s in spaces)))  # one k for all, so that their shares compare
    if how == "joint" and len(collection) > 1:
        collection.require_aligned("one map of several spaces")
        layout = find_layout(collection, collection.names, parameters, store=store)
        if layout is None:
            return None
        ends = dict(zip(layout.spaces, np.cumsum(layout.sizes), strict=True))
        parts = {s.name: slice(ends[s.name] - len(s), ends[s.name]) for s in spaces}
        return [
            _space_map(s, layout.coordinates[parts[s.name]], layout.kept[parts[s.name]], layout.k, k, store)
            for s in spaces
        ]
    maps: list[SpaceMap] = []
    for space in spaces:
        own = find_layout(collection, [space.name], parameters, store=store)
        if own is None:
            return None
        if not maps:
            maps.append(_space_map(space, own.coordinates, own.kept, own.k, k, store))
            continue
        before = maps[-1]
        shared = [item for item in space.items if item in before.space]
        match = match_layouts(
            own.coordinates,
            before.coordinates,
            [space[i] for i in shared],
            target_rows=[before.space[i] for i in shared],
        )
        maps.append(_space_map(space, match.coordinates, own.kept, own.k, k, store, match.residual, match.n))
    return maps


def _space_map(
    space: Space,
    coordinates: Vectors,
    kept: npt.NDArray[np.int8],
    kept_k: int,
    k: int,
    store: DerivedStore,
    residual: float | None = None,
    shared: int | None = None,
) -> SpaceMap:
    if len(space) > LARGE:
        return SpaceMap(space, coordinates, np.empty((len(space), 0), np.int32), kept, kept_k, residual, shared)
    near = true_neighbors(space, k, store)
    return SpaceMap(
        space, coordinates, near, kept_neighbors(near.astype(np.int64), coordinates, k), k, residual, shared
    )


def shared_neighbors(source: SpaceMap, target: SpaceMap) -> npt.NDArray[np.int8]:
    """|N_k(item in source) ∩ N_k(item in target)| by item, for every item of source; −1 where target lacks it.

    int8, shape (n_source,). The local neighborhood measure of Hamilton et al. (2016) as a plain count.
    """
    to_target = np.array([target.space.positions.get(i, -1) for i in source.space.items], dtype=np.int64)
    here = np.flatnonzero(to_target >= 0)
    out = np.full(len(source.space), -1, dtype=np.int8)
    near = to_target[source.neighbors[here]]
    there = target.neighbors[to_target[here]]
    out[here] = ((near[:, :, None] == there[:, None, :]) & (near[:, :, None] >= 0)).any(axis=2).sum(axis=1)
    return out


def distances(space: Space, item: str) -> Vectors:
    """Cosine distance (0 to 2, down is closer) of an item to every item of its space; float32, (n_items,).

    Raises NotFound.
    """
    return np.asarray(1.0 - space.unit @ space.unit[space[item]], dtype=np.float32)
