"""What the browser gets of maps: round trips, odd items, selections resolved as the browser resolves them."""

from __future__ import annotations

import gzip
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from components.maps.data import KEPT, SPACE, MapData, turn
from components.maps.facets import MISSING, number_facet, text_facet
from components.maps.large import LargeMaps, box_of
from components.maps.pack import pack, unpack, zipped
from isogloss.errors import InvalidValue
from isogloss.maps.layout import LayoutParameters, make_layout
from isogloss.maps.linked import SpaceMap, find_maps
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.workspace.derived import DerivedStore
from tests.kit.collections import HOSTILE, scripts_collection

pytestmark = pytest.mark.usefixtures("principal_maps")


def made(collection: Collection, store: DerivedStore, how: str = "joint") -> MapData:
    make_layout(collection, collection.names, LayoutParameters(), store=store)
    maps = find_maps(collection, collection.names, how, parameters=LayoutParameters(), store=store)
    assert maps is not None
    return MapData(collection, maps, how, LayoutParameters())


@pytest.fixture(scope="module")
def data(principal_maps: None, tmp_path_factory: pytest.TempPathFactory) -> MapData:
    return made(scripts_collection(), DerivedStore(tmp_path_factory.mktemp("derived")))


def flat(n: int, kinds: bool = False) -> MapData:
    items = tuple(f"w{i}" for i in range(n))
    columns = pa.table({"kind": ["a"] * n}) if kinds else pa.table({})
    space = Space("s", items, np.eye(n, 4, dtype=np.float32) + 1, columns) if n else None
    if space is None:
        space = Space("s", (), np.empty((0, 4), np.float32))
    one = SpaceMap(space, np.zeros((n, 2), np.float32), np.empty((n, 0), np.int32), np.zeros(n, np.int8), 0)
    return MapData(Collection("c", (space,)), [one], "matched", LayoutParameters())


def test_header_and_arrays_come_back(data: MapData) -> None:
    header, arrays = unpack(data.block)
    assert [m["space"] for m in header["maps"]] == ["one", "two"]
    assert header["k"] == data.k
    for i, one in enumerate(data.maps):
        np.testing.assert_array_equal(arrays[f"places{i}"].reshape(-1, 2), one.coordinates)
        np.testing.assert_array_equal(arrays[f"near{i}"].reshape(-1, data.k), one.neighbors)
        np.testing.assert_array_equal(arrays[f"kept{i}"], one.kept)
        texts = [header["labels"][j] for j in arrays[f"ids{i}"]]
        assert [t.rstrip("…") for t in texts] == [
            item[: len(t.rstrip("…"))] for t, item in zip(texts, one.space.items, strict=True)
        ]
        assert sorted(arrays[f"order{i}"].tolist()) == list(range(len(one.space)))
    for i, facet in enumerate(data.facets):
        np.testing.assert_array_equal(arrays[f"code{i}"], facet.codes)


def test_a_large_block_travels_compressed_behind_its_version() -> None:
    small = pack({"version": "é:1"}, {"x": np.zeros(100, dtype=np.int32)})
    assert zipped("é:1", small) == small
    large = pack({"version": "é:1"}, {"x": np.arange(1 << 19, dtype=np.int32)})
    sent = zipped("é:1", large)
    mark, length = np.frombuffer(sent, "<u4", 2).tolist()
    assert mark == 0xFFFFFFFF
    assert sent[8 : 8 + length].decode() == "é:1"
    assert gzip.decompress(sent[8 + length :]) == large
    assert sent == zipped("é:1", large)
    assert len(sent) < len(large) / 2


def test_arrays_lie_at_multiples_of_eight() -> None:
    block = pack({"a": "é" * 3}, {"x": np.arange(3, dtype=np.uint8), "y": np.arange(2, dtype=np.float32)})
    header, arrays = unpack(block)
    assert header == {"a": "ééé"}
    assert arrays["y"].tolist() == [0, 1]
    length = int(np.frombuffer(block, np.uint32, 1)[0])
    places = json.loads(block[4 : 4 + length])["arrays"]
    assert all(at % 8 == 0 for _, at, _ in places.values())
    assert len(block) % 8 == 0


def test_a_type_the_browser_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="float64"):
        pack({}, {"x": np.zeros(2)})


@pytest.mark.parametrize("n", [0, 1, 2])
def test_hardly_any_items(n: int) -> None:
    header, arrays = unpack(flat(n).block)
    assert len(header["labels"]) == n
    assert arrays["places0"].size == 2 * n
    assert arrays["ids0"].size == n


def test_a_column_without_a_difference_is_no_choice_of_colour() -> None:
    assert flat(3, kinds=True).colours == [SPACE]


def test_items_missing_in_one_space_and_long_labels(data: MapData) -> None:
    header, arrays = unpack(data.block)
    last = data.maps[0].space.items[-1]
    assert data.ids[last] not in arrays["ids1"].tolist()
    assert max(map(len, header["labels"])) == 120
    assert HOSTILE[0] in header["labels"]  # as text: labels.js and lists.js write it as text
    assert data.item(data.ids["x" * 10_000]) == "x" * 10_000


def test_the_version_says_what_the_bytes_depend_on(data: MapData) -> None:
    again = MapData(data.collection, data.maps, "joint", LayoutParameters())
    other = MapData(data.collection, data.maps, "matched", LayoutParameters())
    fewer = MapData(data.collection, data.maps[:1], "joint", LayoutParameters())
    assert again.version == data.version
    assert len({data.version, other.version, fewer.version}) == 3


@pytest.mark.parametrize("item_id", [-1, 10_000, "0", None, 1.0])
def test_a_number_no_item_has(data: MapData, item_id: object) -> None:
    with pytest.raises(InvalidValue):
        data.item(item_id)


def test_distances_of_an_item_in_each_space(data: MapData) -> None:
    missing = data.maps[0].space.items[-1]
    header, arrays = unpack(data.distance_bytes(data.ids[missing]))
    assert header["version"].startswith(data.version)
    assert (arrays["d1"] == 255).all()
    one = data.maps[0].space
    direct = 1 - one.unit @ one.unit[one[missing]]
    np.testing.assert_allclose(arrays["d0"] / 254, np.clip(direct, 0, 1), atol=0.003)


def test_rows_of_a_selection_are_taken_as_they_are(data: MapData) -> None:
    message = {"version": data.version, "rows": [3, 3, 0, -1, 10**9, "x", len(data) - 1]}
    assert data.selected(message) == [3, 0, len(data) - 1]


@pytest.mark.parametrize("bad", [None, 3, {}, {"version": "other", "rows": [1]}, {"rows": [1]}])
def test_a_malformed_selection_selects_nothing(data: MapData, bad: object) -> None:
    assert data.selected(bad) == []


@pytest.mark.parametrize(
    "change",
    [
        {"outline": [[0, 0]]},
        {"outline": "x"},
        {"maps": [99]},
        {"maps": None},
        {"t": "x"},
        {"turned": [1]},
        {"filters": 3},
    ],
)
def test_a_malformed_outline_selects_nothing(data: MapData, change: dict[str, object]) -> None:
    message = {"version": data.version, "rows": [], "outline": [[-99, -99], [99, -99], [0, 99]], "maps": [0], "t": 0}
    assert data.selected(message) != []
    assert data.selected(message | change) == []


def test_an_outline_is_resolved_on_its_maps_and_under_its_filters(data: MapData) -> None:
    outline = [[-99, -99], [99, -99], [99, 99], [-99, 99]]
    base = {"version": data.version, "rows": [], "outline": outline, "maps": [0, 1], "t": 0}
    assert data.selected(base) == list(range(len(data)))
    assert data.selected(base | {"maps": [1]}) == list(range(data.starts[1], len(data)))
    kinds = next(f for f in data.facets if f.name == "kind")
    found = data.selected(base | {"filters": [["kind", [0]]]})
    assert found == np.flatnonzero(kinds.codes == 0).tolist()
    assert data.selected(base | {"filters": [[SPACE, [1]]]}) == list(range(data.starts[1], len(data)))


@pytest.mark.parametrize("t", [0.0, 0.3, 0.5, 0.8, 1.0])
def test_an_outline_in_a_morph_follows_it(data: MapData, t: float) -> None:
    a, b = data.maps
    near = a if t < 0.5 else b
    places = {}
    for item in near.space.items:
        pa_ = a.coordinates[a.space[item]] if item in a.space else b.coordinates[b.space[item]]
        pb = b.coordinates[b.space[item]] if item in b.space else pa_
        places[item] = pa_.astype(float) * (1 - t) + pb.astype(float) * t
    middle = np.median(np.array(list(places.values())), axis=0)
    outline = [[-99, -99], [float(middle[0]), -99], [float(middle[0]), 99], [-99, 99]]
    message = {"version": data.version, "rows": [], "outline": outline, "maps": [0, 1], "t": t, "blend": True}
    found = {data.table([p])["item"][0].as_py() for p in data.selected(message)}
    assert found == {item for item, (x, _) in places.items() if np.float32(x) < middle[0]}
    assert found


def test_a_turn_keeps_lengths() -> None:
    turned = turn(0.7, -0.4)
    np.testing.assert_allclose(turned @ turned.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(turned) == pytest.approx(1)


def test_the_table_of_a_selection(data: MapData) -> None:
    table = data.table([0, data.starts[1]])
    assert table["item"].to_pylist() == [data.maps[0].space.items[0], data.maps[1].space.items[0]]
    assert table["space"].to_pylist() == ["one", "two"]
    assert table["count"].to_pylist() == [m.space.counts[0] for m in data.maps if m.space.counts is not None]
    assert table[f"kept of {data.k}"].to_pylist() == [int(m.kept[0]) for m in data.maps]


def test_kept_share_is_the_mean_also_where_a_space_is_small(data: MapData, tmp_path: Path) -> None:
    kept = np.concatenate([m.kept for m in data.maps])
    assert data.kept_share == pytest.approx(kept.sum() / (len(data) * data.k))
    few = Space("few", tuple("abc"), np.eye(3, 4, dtype=np.float32) + 0.1)
    many = Space(
        "many", tuple(f"w{i}" for i in range(40)), np.random.default_rng(1).normal(size=(40, 4)).astype(np.float32)
    )
    uneven = Collection("uneven", (few, many))
    store = DerivedStore(tmp_path)
    for name in uneven.names:
        make_layout(uneven, [name], LayoutParameters(), store=store)
    maps = find_maps(uneven, uneven.names, "matched", parameters=LayoutParameters(), store=store)
    assert maps is not None
    assert {m.k for m in maps} == {2}
    assert 0 <= MapData(uneven, maps, "matched", LayoutParameters()).kept_share <= 1
    assert all(0 <= m.kept.max() <= 2 for m in maps)
    assert next(f for f in data.facets if f.name == KEPT).levels


def test_bands_hold_their_values() -> None:
    values = np.array([50, 99, 100, 299, 300, 1_000_000, np.nan])
    facet = number_facet("count", values)
    assert [facet.levels[c] for c in facet.codes[:-1]] == [
        "50–99",
        "50–99",
        "100–299",
        "100–299",
        "300–999",
        "1,000,000–2,999,999",
    ]
    assert facet.codes[-1] == MISSING
    assert facet.shades is not None
    assert facet.shades[0] == 0
    assert facet.shades[5] == 254


@pytest.mark.parametrize("name", ["count", "capital_share", "anything", "per_million", KEPT])
def test_any_numbers_have_bands_in_order(name: str) -> None:
    rng = np.random.default_rng(1)
    values = rng.lognormal(3, 3, 5_000) if name != "capital_share" else rng.random(5_000)
    values = np.round(values) if name in ("count", KEPT) else values
    facet = number_facet(name, values)
    assert 1 < len(facet.levels) <= 24
    ends = [values[facet.codes == c] for c in range(len(facet.levels))]
    assert all(len(e) for e in ends)
    assert all(a.max() < b.min() for a, b in pairwise(ends))


def test_texts_beyond_eight_are_others() -> None:
    values = [chr(97 + i) for i in range(12) for _ in range(12 - i)]
    facet = text_facet("tag", values)
    assert facet.levels == ["a", "b", "c", "d", "e", "f", "g", "others"]
    assert (facet.codes == 7).sum() == sum(12 - i for i in range(7, 12))
    assert len(facet.colours) == 8


@pytest.fixture(scope="module")
def large() -> LargeMaps:
    rng = np.random.default_rng(1)
    n = 60_000
    columns = pa.table({"count": np.arange(n, 0, -1)})
    space = Space("s", tuple(f"w{i}" for i in range(n)), rng.normal(size=(n, 4)).astype(np.float32), columns)
    places = rng.normal(size=(n, 2)).astype(np.float32)
    one = SpaceMap(space, places, np.empty((n, 0), np.int32), np.full(n, 3, np.int8), 10)
    return LargeMaps(MapData(Collection("big", (space,)), [one], "matched", LayoutParameters()))


def test_a_whole_large_map_is_its_density_and_few_points(large: LargeMaps) -> None:
    header, arrays = unpack(large.view(None, ()))
    assert header["detail"][0]["points"] == 60_000
    assert not header["detail"][0]["all"]
    assert len(arrays["global"]) == 4_000
    assert arrays["global"].max() < 60_000
    assert arrays["density0"].max() == 255
    usual = 60_000 // 10
    assert set(range(usual, usual + 100)) <= set(arrays["global"].tolist())  # the ones most worth a label


def test_zoomed_in_every_point_is_there(large: LargeMaps) -> None:
    box = (-0.3, -0.3, 0.3, 0.3)
    header, arrays = unpack(large.view(box, (), ":detail"))
    places = large.data.maps[0].coordinates
    direct = np.flatnonzero((np.abs(places) <= 0.3).all(axis=1))
    assert header["detail"][0]["all"]
    assert arrays["global"].tolist() == direct.tolist()
    np.testing.assert_array_equal(arrays["places0"].reshape(-1, 2), places[direct])
    assert [header["labels"][i] for i in arrays["ids0"]] == [f"w{r}" for r in direct]
    assert arrays["global"].tolist() == direct.tolist()


def test_the_chosen_and_their_true_neighbors_are_always_there(large: LargeMaps) -> None:
    header, arrays = unpack(large.view((90.0, 90.0, 91.0, 91.0), ("w59999",)))
    one = large.data.maps[0]
    true = one.near(59_999)
    rows = arrays["global"].tolist()
    assert set(rows) == {59_999, *true}
    near = arrays["near0"].reshape(-1, large.data.k)
    assert arrays["ids0"].tolist() == list(range(len(rows)))
    assert [rows[j] for j in near[rows.index(59_999)]] == true
    assert header["large"]


@pytest.mark.parametrize(
    "bad",
    [None, 3, {}, {"box": [0, 0, 1]}, {"box": [1, 0, 0, 1]}, {"box": [0, 0, "x", 1]}, {"box": [0, 0, float("nan"), 1]}],
)
def test_what_is_no_box_is_none(bad: object) -> None:
    assert box_of(bad) is None


def test_aligned_or_not_matters_only_to_joint_maps(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = DerivedStore(tmp_path_factory.mktemp("derived"))
    spaces = scripts_collection().spaces
    loose = Collection("loose", spaces, alignment=Alignment())
    for name in loose.names:
        make_layout(loose, [name], LayoutParameters(), store=store)
    maps = find_maps(loose, loose.names, "matched", parameters=LayoutParameters(), store=store)
    assert maps is not None
    assert len(MapData(loose, maps, "matched", LayoutParameters()).block) > 1_000


def test_a_text_column_that_names_every_item_apart_gets_no_bars() -> None:
    n = 250
    columns = pa.table({"text": [f"text {i}" for i in range(n)], "kind": ["a", "b"] * (n // 2)})
    space = Space("s", tuple(f"i{i}" for i in range(n)), np.random.default_rng(0).normal(size=(n, 4)), columns)
    one = SpaceMap(space, np.zeros((n, 2), np.float32), np.zeros((n, 0), np.int32), np.zeros(n, np.int8), 10)
    data = MapData(Collection("c", (space,)), [one], "joint", "p")
    assert [f.name for f in data.facets] == ["kind", "kept"]
