"""Layouts: UMAP from exact neighbors, and how many true neighbors each point kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.maps.scaling import principal
from isogloss.nearest.exact import self_neighbors
from isogloss.progress import Progress
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.tasks.beforehand import do_beforehand
from isogloss.tasks.task import Task
from isogloss.types import Arrays, Rows, Vectors
from isogloss.workspace.derived import DerivedStore, derived_key

VERSION = 2
_FEW = 400  # points among which distances are counted one by one
KEPT_K = 10


@dataclass(frozen=True)
class LayoutParameters:
    """UMAP's own names and defaults; n_components is 2 or 3."""

    n_components: int = 2
    n_neighbors: int = 15
    min_dist: float = 0.1
    seed: int = 1

    def __post_init__(self) -> None:
        if self.n_components not in (2, 3):
            raise InvalidValue(f"a layout of {self.n_components} dimensions was asked for", "choose 2 or 3")


@dataclass(frozen=True, eq=False)
class Layout:
    """Coordinates of the items of one or several spaces.

    coordinates: float32, shape (n_points, n_components), spaces one after the other. kept: int8,
    (n_points,), how many of a point's k nearest points in the original space are among its k nearest
    on the map. spaces: names, sizes: items of each.
    """

    spaces: tuple[str, ...]
    sizes: tuple[int, ...]
    coordinates: Vectors
    kept: npt.NDArray[np.int8]
    k: int

    @property
    def kept_share(self) -> float:
        """Share of true neighbors kept over all points; 1 is a map that loses none."""
        return float(self.kept.mean() / self.k) if self.k and len(self.kept) else 1.0


def layout_key(spaces: Sequence[Space], parameters: LayoutParameters) -> str:
    return derived_key("layout", VERSION, spaces=[s.fingerprint for s in spaces], **vars(parameters))


def find_layout(
    collection: Collection, names: Sequence[str], parameters: LayoutParameters, *, store: DerivedStore
) -> Layout | None:
    """A stored layout, or None when it has yet to be computed."""
    spaces = [collection[name] for name in names]
    arrays = store.find(layout_key(spaces, parameters))
    if arrays is None or len(arrays.get("coordinates", ())) != sum(map(len, spaces)):
        return None
    k = int(arrays["k"])
    return Layout(tuple(names), tuple(map(len, spaces)), arrays["coordinates"], arrays["kept"], k)


def make_layout(
    collection: Collection, names: Sequence[str], parameters: LayoutParameters, *, store: DerivedStore
) -> Layout:
    """The stored layout of these spaces, computed on the first call; the same picture every time.

    Raises NotAligned for several spaces without shared coordinates, NotFound for an unknown one.
    """
    if len(names) > 1:
        collection.require_aligned("one map of several spaces")
    found = find_layout(collection, names, parameters, store=store)
    if found is None:
        spaces = [collection[name] for name in names]
        joint = spaces[0] if len(spaces) == 1 else _joint(spaces)
        coordinates, kept, k = compute_layout(joint, parameters)
        key = layout_key(spaces, parameters)
        store.put(key, {"coordinates": coordinates, "kept": kept, "k": np.array(k)})
        found = Layout(tuple(names), tuple(map(len, spaces)), coordinates, kept, k)
    return found


def lay_out_beforehand(
    collection: Collection,
    groups: Sequence[Sequence[str]],
    parameters: LayoutParameters,
    *,
    store: DerivedStore,
    on: str,
) -> None:
    """Compute the layouts of groups of spaces side by side where `place_of` says; here, leave them to `make_layout`."""
    tasks = {}
    for names in groups:
        spaces = [collection[name] for name in names]
        vectors = np.concatenate([space.vectors for space in spaces])
        work = "isogloss.maps.layout:layout_task"
        tasks[layout_key(spaces, parameters)] = Task(work, {"vectors": vectors}, asdict(parameters))
    do_beforehand(tasks, store=store, on=on)


def layout_task(arrays: Arrays, settings: Mapping[str, Any], progress: Progress) -> Arrays:
    """The layout of some vectors, as a task."""
    vectors = arrays["vectors"]
    space = Space("all", tuple(map(str, range(len(vectors)))), vectors, checked=True)
    coordinates, kept, k = compute_layout(space, LayoutParameters(**settings))
    return {"coordinates": coordinates, "kept": kept, "k": np.array(k)}


def _joint(spaces: Sequence[Space]) -> Space:
    items = tuple(f"{number}\x1f{item}" for number, space in enumerate(spaces) for item in space.items)
    made = {"provenance": [f"{s.name} ({s.fingerprint})" for s in spaces]}
    vectors = np.concatenate([s.vectors for s in spaces])
    return Space("+".join(s.name for s in spaces), items, vectors, metadata=made, checked=True)


def compute_layout(space: Space, parameters: LayoutParameters) -> tuple[Vectors, npt.NDArray[np.int8], int]:
    """Coordinates, kept neighbors per point, and the k they were counted at.

    UMAP (McInnes et al. 2018) on exact cosine neighbors, started from the first principal
    components, with a fixed seed. Fewer than five items, or items that fill fewer dimensions than the
    map has, are placed by those components alone.
    """
    n = len(space)
    k = min(KEPT_K, n - 1)
    width = min(max(parameters.n_neighbors - 1, k), n - 1)
    rows, similarity = self_neighbors(space, max(width, 0))
    if n < 5 or np.linalg.matrix_rank(space.unit[:1000] - space.unit[0]) < parameters.n_components:
        coordinates = principal(space.unit, parameters.n_components)
    else:
        coordinates = _umap(space.unit, rows, similarity, parameters)
    return coordinates, kept_neighbors(rows[:, :k], coordinates, k), k


def _umap(unit: Vectors, rows: Rows, similarity: Vectors, parameters: LayoutParameters) -> Vectors:
    from isogloss.maps.graph import curve, fuzzy_graph  # numba: only when a layout is computed
    from isogloss.maps.optimizer import optimize

    n, width = len(unit), min(parameters.n_neighbors, len(unit) - 1)
    own = np.arange(n)[:, None]
    indices = np.hstack([own, rows[:, : width - 1]]).astype(np.int32)
    distances = np.hstack([np.zeros((n, 1)), np.clip(1 - similarity[:, : width - 1], 0, 2)]).astype(np.float32)
    rng = np.random.default_rng(parameters.seed)
    head, tail, weights = fuzzy_graph(indices, distances)
    first = principal(unit, parameters.n_components)
    start = 10 * first / max(float(np.abs(first).max()), 1e-12) + rng.normal(scale=1e-4, size=first.shape)
    start = 10 * (start - start.min(axis=0)) / np.ptp(start, axis=0)
    epochs = 500 if n <= 10_000 else 200  # umap-learn's own choice
    return optimize(
        start.astype(np.float32),
        head,
        tail,
        weights=weights,
        n_epochs=epochs,
        curve=curve(parameters.min_dist),
        seed=parameters.seed,
    )


def _nearest(coordinates: Vectors, k: int) -> Rows:
    """The k nearest points of every point, itself among them, shape (n, k)."""
    n = len(coordinates)
    if n <= _FEW:
        at = coordinates.astype(np.float64)
        far = sum((axis[:, None] - axis) ** 2 for axis in at.T)
        return np.argsort(far, axis=1, kind="stable")[:, :k]
    from scipy.spatial import cKDTree

    return np.asarray(cKDTree(coordinates).query(coordinates, k=k)[1].reshape(n, -1))


def kept_neighbors(true_rows: Rows, coordinates: Vectors, k: int) -> npt.NDArray[np.int8]:
    """|N_k(original) ∩ N_k(map)| per point, int8, shape (n_points,). Raises nothing; k of 0 keeps 0.

    >>> kept_neighbors(np.array([[1], [0], [1]]), np.float32([[0, 0], [0, 1], [0, 9]]), 1).tolist()
    [1, 1, 1]
    """
    n = len(coordinates)
    if k < 1:
        return np.zeros(n, dtype=np.int8)
    near = _nearest(coordinates, min(k + 1, n))
    kept = np.zeros(n, dtype=np.int8)
    for start in range(0, n, 20_000):
        block = slice(start, start + 20_000)
        own = near[block] == np.arange(start, start + len(near[block]))[:, None]
        own[~own.any(axis=1), -1] = True
        mapped = near[block][~own].reshape(len(own), -1)
        kept[block] = (true_rows[block][:, :, None] == mapped[:, None, :]).any(axis=2).sum(axis=1)
    return kept
