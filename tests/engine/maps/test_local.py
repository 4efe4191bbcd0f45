"""A word's neighborhood laid out for itself: planted structure, a direct count, the budget and what must be there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from sklearn.manifold import smacof

import isogloss as iso
from isogloss.errors import InvalidValue, IsoglossError, NotAligned, NotFound
from isogloss.maps.layout import LayoutParameters, make_layout
from isogloss.maps.local import MOST, SIZE, LocalLayout, local_layout, whole_share
from isogloss.maps.scaling import principal, scaled
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.workspace.derived import DerivedStore


def planted(n: int = 150, spaces: int = 3, aligned: bool = True, skip: int = 0) -> Collection:
    """Two groups of items along two directions, the same in all spaces; later spaces lack the first `skip` items."""
    rng = np.random.default_rng(7)
    base = rng.normal(size=(n, 12)) * 0.3
    base[: n // 2, 0] += 3
    base[n // 2 :, 1] += 3
    made = []
    for number in range(spaces):
        vectors = (base + 0.1 * rng.normal(size=base.shape)).astype(np.float32)
        lack = skip if number else 0
        items, counts = tuple(f"w{i}" for i in range(lack, n)), pa.table({"count": np.arange(lack + 1, n + 1)})
        made.append(Space(f"s{number}", items, vectors[lack:], counts))
    return Collection("c", tuple(made), alignment=Alignment("declared" if aligned else "none"))


@pytest.fixture
def store(tmp_path: object) -> DerivedStore:
    return DerivedStore(tmp_path)  # type: ignore[arg-type]


def direct_share(local: LocalLayout, places: list[np.ndarray]) -> float:
    """Kept neighbors by sorting all distances, in the space and on the map."""
    kept = most = 0
    for one, at in zip(local.maps, places, strict=True):
        cosine = one.space.unit @ one.space.unit.T
        far = ((at[:, None] - at[None]).astype(np.float64) ** 2).sum(axis=2)
        np.fill_diagonal(cosine, -np.inf)
        np.fill_diagonal(far, np.inf)
        for row in range(len(at)):
            kept += len(set(np.argsort(-cosine[row])[: local.k]) & set(np.argsort(far[row])[: local.k]))
            most += local.k
    return kept / most


@pytest.mark.parametrize("how", ["joint", "matched"])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_planted_groups_stay_apart_and_shares_are_those_of_a_direct_count(how: str, dimensions: int) -> None:
    local = local_layout(planted(), ["w0", "w149"], how=how, n_components=dimensions)
    for one in local.maps:
        first = np.array([int(item[1:]) < 75 for item in one.space.items])
        assert 10 < first.sum() < len(first) - 10
        a, b = one.coordinates[first], one.coordinates[~first]
        between = np.linalg.norm(a.mean(axis=0) - b.mean(axis=0))
        within = max(np.linalg.norm(part - part.mean(axis=0), axis=1).max() for part in (a, b))
        assert between > 2 * within
    assert local.kept_share == pytest.approx(direct_share(local, [m.coordinates for m in local.maps]))
    assert local.kept_share > local.chance_share
    assert [row["kept"] for row in local.table().to_pylist()] == [int(v) for m in local.maps for v in m.kept]


def test_what_the_whole_map_keeps_of_the_same(store: DerivedStore, principal_maps: None) -> None:
    collection = planted()
    local = local_layout(collection, "w3", store=store)
    assert whole_share(collection, local, store=store) is None
    whole = make_layout(collection, collection.names, LayoutParameters(), store=store)
    parts = np.split(whole.coordinates, np.cumsum(whole.sizes)[:-1])
    places = [
        part[[collection[one.space.name][item] for item in one.space.items]]
        for part, one in zip(parts, local.maps, strict=True)
    ]
    assert whole_share(collection, local, store=store) == pytest.approx(direct_share(local, places))


def test_the_same_picture_every_time_and_the_nearest_in_it() -> None:
    collection = planted()
    one, again = local_layout(collection, "w3"), local_layout(planted(), "w3")
    assert one.items == again.items
    for a, b in zip(one.maps, again.maps, strict=True):
        np.testing.assert_array_equal(a.coordinates, b.coordinates)
    for space in collection.spaces:
        nearest = np.argsort(-(space.unit @ space.unit[space["w3"]]))[1:11]
        assert {space.items[row] for row in nearest} <= set(one.items)
        own = one.maps[collection.names.index(space.name)]
        assert [own.space.items[j] for j in own.near(own.space["w3"])] == [space.items[row] for row in nearest]


@pytest.mark.parametrize("size", [2, 30, SIZE, MOST])
def test_the_budget_holds_and_what_must_be_there_is(size: int) -> None:
    collection = planted(240)
    far = [f"w{i}" for i in range(200, 206)]
    local = local_layout(collection, "w0", must=[*far, "nowhere"], size=size)
    assert local.items[:7] == ("w0", *far)
    assert len(local.items) == max(size, 7) == len(set(local.items))
    assert len(local) == 3 * len(local.items)
    assert len(local_layout(collection, "w0", must=[f"w{i}" for i in range(240)]).items) == MOST


def test_spaces_that_lack_the_word() -> None:
    aligned, loose = planted(skip=5), planted(aligned=False, skip=5)
    there = local_layout(aligned, "w0")
    assert [m.space.name for m in there.maps] == aligned.names
    assert "w0" not in there.maps[1].space
    near = np.argsort(-(aligned["s1"].unit @ aligned["s0"].unit[0]))[:5]  # by its vector of the space next to it
    assert {aligned["s1"].items[row] for row in near} <= set(there.items)
    alone = local_layout(loose, "w0")
    assert (alone.how, [m.space.name for m in alone.maps], alone.left_out) == ("matched", ["s0"], ("s1", "s2"))
    assert set(near) <= {aligned["s1"][item] for item in local_layout(aligned, "w0", spaces=["s1"]).items}
    with pytest.raises(NotFound, match="s1"):
        local_layout(loose, "w0", spaces=["s1"])
    with pytest.raises(NotAligned):
        local_layout(loose, "w9", how="joint")


@pytest.mark.parametrize(
    ("asked", "more", "error"),
    [
        ([], {}, InvalidValue),
        ("w0", {"size": 1}, InvalidValue),
        ("w0", {"size": 201}, InvalidValue),
        ("w0", {"how": "umap"}, InvalidValue),
        ("w0", {"n_components": 4}, InvalidValue),
        ("nothing", {}, NotFound),
        ("w0", {"spaces": ["s9"]}, NotFound),
    ],
)
def test_what_cannot_be_drawn_is_said(asked: str, more: dict[str, object], error: type[IsoglossError]) -> None:
    with pytest.raises(error):
        local_layout(planted(20), asked, **more)  # type: ignore[arg-type]


def test_few_and_equal_items() -> None:
    for n in (1, 2, 4):
        space = Space("s", tuple("abcd"[:n]), np.ones((n, 3), np.float32))
        local = local_layout(Collection("c", (space,)), "a")
        assert len(local) == n
        assert np.isfinite(local.maps[0].coordinates).all()
        assert 0 <= local.kept_share <= 1


def test_an_item_of_any_length_is_found() -> None:
    items = ("x" * 10_000, "b", "c")
    local = local_layout(Collection("c", (Space("s", items, np.eye(3, dtype=np.float32)),)), items[0])
    assert local.items[0] == items[0]


def test_distances_of_a_plane_come_back() -> None:
    rng = np.random.default_rng(3)
    corners = rng.normal(size=(40, 2))
    far = np.linalg.norm(corners[:, None] - corners[None], axis=2).astype(np.float32)
    found = scaled(far, (corners + 0.3 * rng.normal(size=corners.shape)).astype(np.float32))
    assert np.abs(np.linalg.norm(found[:, None] - found[None], axis=2) - far).max() < 0.02
    assert found[:, 0].std() >= found[:, 1].std()


def test_places_are_as_good_as_those_of_many_plain_steps() -> None:
    """Of what no plane can hold: the sum that is left is at most what scikit-learn's SMACOF leaves after 100 steps."""
    rng = np.random.default_rng(4)
    points = rng.normal(size=(60, 20)).astype(np.float32)
    far = np.linalg.norm(points[:, None] - points[None], axis=2)
    start = principal(points, 2)

    def left(x: npt.NDArray[np.floating]) -> float:
        return float(((np.linalg.norm(x[:, None] - x[None], axis=2) - far) ** 2).sum())

    theirs, _ = smacof(far, n_components=2, init=start, n_init=1, max_iter=100, eps=0)
    assert left(scaled(far, start)) <= left(theirs) * 1.0005


def test_a_notebook_asks_for_it() -> None:
    local = iso.layout(planted(), around="W3", dimensions=3)  # taken in the form that is known
    assert local.asked == ("w3",)
    assert local.table().column_names == ["item", "space", "x", "y", "z", "kept"]
    assert "around w3: 60 items, 180 points" in repr(local)
    assert "<table" in local._repr_html_()
