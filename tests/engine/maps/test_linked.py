"""Maps that answer each other: true neighbors and kept shares against a direct count, in every way of drawing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from isogloss.errors import InvalidValue, NotAligned, NotFound
from isogloss.maps import linked
from isogloss.maps.layout import LayoutParameters, make_layout
from isogloss.maps.linked import SpaceMap, distances, find_maps, shared_neighbors, true_neighbors
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.workspace.derived import DerivedStore

pytestmark = pytest.mark.usefixtures("principal_maps")


def space(name: str, n: int, seed: int, skip: int = 0) -> Space:
    rng = np.random.default_rng(seed)
    base = np.random.default_rng(0).normal(size=(n + skip, 6))
    vectors = (base + 0.2 * rng.normal(size=base.shape))[skip:].astype(np.float32)
    return Space(name, tuple(f"w{i}" for i in range(skip, n + skip)), vectors)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> DerivedStore:
    return DerivedStore(tmp_path_factory.mktemp("derived"))


@pytest.fixture(scope="module")
def collection(principal_maps: None, store: DerivedStore) -> Collection:
    made = Collection("c", (space("a", 60, 1), space("b", 70, 2, skip=5)), alignment=Alignment("declared"))
    make_layout(made, made.names, LayoutParameters(), store=store)
    for name in made.names:
        make_layout(made, [name], LayoutParameters(), store=store)
    return made


def brute(one: Space, k: int) -> list[set[int]]:
    similarity = one.unit @ one.unit.T
    np.fill_diagonal(similarity, -np.inf)
    return [set(row[:k].tolist()) for row in np.argsort(-similarity, axis=1)]


@pytest.mark.parametrize("how", ["joint", "matched"])
def test_neighbors_and_kept_are_those_of_a_direct_count(collection: Collection, store: DerivedStore, how: str) -> None:
    maps = find_maps(collection, collection.names, how, parameters=LayoutParameters(), store=store)
    assert maps is not None
    for one in maps:
        true = brute(one.space, one.k)
        assert [set(row.tolist()) for row in one.neighbors] == true
        assert [set(one.near(i)) for i in range(len(one.space))] == true
        far = ((one.coordinates[:, None] - one.coordinates[None]) ** 2).sum(axis=2)
        np.fill_diagonal(far, np.inf)
        mapped = [set(row[: one.k].tolist()) for row in np.argsort(far, axis=1)]
        assert one.kept.tolist() == [len(a & b) for a, b in zip(true, mapped, strict=True)]


def test_matching_moves_a_map_and_keeps_its_shape(collection: Collection, store: DerivedStore) -> None:
    maps = find_maps(collection, collection.names, "matched", parameters=LayoutParameters(), store=store)
    assert maps is not None
    own = make_layout(collection, ["b"], LayoutParameters(), store=store).coordinates
    moved = maps[1].coordinates
    before = np.linalg.norm(own[:, None] - own[None], axis=2)
    after = np.linalg.norm(moved[:, None] - moved[None], axis=2)
    np.testing.assert_allclose(after / after.max(), before / before.max(), atol=1e-4)
    assert maps[1].shared == 55
    assert 0 <= (maps[1].residual or 0) <= 1
    assert maps[0].residual is None


def test_some_spaces_of_a_joint_map_lie_where_they_do_among_all(collection: Collection, store: DerivedStore) -> None:
    one = find_maps(collection, ["b"], "joint", parameters=LayoutParameters(), store=store)
    both = find_maps(collection, collection.names, "joint", parameters=LayoutParameters(), store=store)
    assert one is not None
    assert both is not None
    np.testing.assert_array_equal(one[0].coordinates, both[1].coordinates)


def test_shared_neighbors_by_item(collection: Collection, store: DerivedStore) -> None:
    maps = find_maps(collection, collection.names, "joint", parameters=LayoutParameters(), store=store)
    assert maps is not None
    a, b = maps
    found = shared_neighbors(a, b)
    for row, item in enumerate(a.space.items):
        if item not in b.space:
            assert found[row] == -1
            continue
        here = {a.space.items[j] for j in a.neighbors[row]}
        there = {b.space.items[j] for j in b.neighbors[b.space[item]]}
        assert found[row] == len(here & there)
    assert shared_neighbors(a, a).tolist() == [a.k] * len(a.space)


def test_a_layout_that_is_not_there(collection: Collection, tmp_path: Path) -> None:
    assert (
        find_maps(collection, collection.names, "joint", parameters=LayoutParameters(), store=DerivedStore(tmp_path))
        is None
    )
    assert find_maps(collection, ["a"], "matched", parameters=LayoutParameters(), store=DerivedStore(tmp_path)) is None


def test_what_cannot_be_drawn_is_refused(collection: Collection, store: DerivedStore) -> None:
    loose = Collection("loose", collection.spaces)
    with pytest.raises(NotAligned):
        find_maps(loose, loose.names, "joint", parameters=LayoutParameters(), store=store)
    with pytest.raises(InvalidValue):
        find_maps(collection, collection.names, "stacked", parameters=LayoutParameters(), store=store)
    with pytest.raises(NotFound):
        find_maps(collection, ["nowhere"], "matched", parameters=LayoutParameters(), store=store)


def test_a_large_space_is_looked_up_one_by_one(
    collection: Collection, store: DerivedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linked, "LARGE", 10)
    maps = find_maps(collection, ["a"], "matched", parameters=LayoutParameters(), store=store)
    assert maps is not None
    assert maps[0].neighbors.shape == (60, 0)
    assert [set(maps[0].near(i)) for i in range(60)] == brute(collection["a"], maps[0].k)


def test_tiny_spaces_have_what_there_is(store: DerivedStore) -> None:
    for n in (1, 2):
        one = Space("s", tuple(f"w{i}" for i in range(n)), np.eye(n, 3, dtype=np.float32))
        small = Collection("small", (one,))
        make_layout(small, ["s"], LayoutParameters(), store=store)
        maps = find_maps(small, ["s"], "matched", parameters=LayoutParameters(), store=store)
        assert maps is not None
        assert maps[0].k == n - 1
        assert maps[0].near(0) == list(range(1, n))


def test_distances_are_cosine_distances(collection: Collection) -> None:
    one = collection["a"]
    found = distances(one, "w3")
    direct = 1 - one.vectors @ one.vectors[3] / np.linalg.norm(one.vectors, axis=1) / np.linalg.norm(one.vectors[3])
    np.testing.assert_allclose(found, direct, atol=1e-6)
    with pytest.raises(NotFound):
        distances(one, "w99")


def test_neighbors_are_kept_once_found(collection: Collection, tmp_path: Path) -> None:
    store = DerivedStore(tmp_path)
    first = true_neighbors(collection["a"], 4, store)
    assert len(list(tmp_path.glob("neighbors-*.npz"))) == 1
    np.testing.assert_array_equal(first, true_neighbors(collection["a"], 4, store))
    assert isinstance(SpaceMap(collection["a"], first, first, first, 4).near(0), list)
