"""The map figure, its points and its labels, without a browser."""

import numpy as np
import pytest

from components.labels import place, shorten, width
from components.map_figure import map_figure
from components.map_points import KEPT, SPACE, MapPoints
from components.palette import GREY
from isogloss.derived import DerivedStore
from isogloss.layout import LayoutParameters, make_layout
from isogloss.neighbors import neighbors
from isogloss.path import path
from isogloss.query import Query
from tests.small_collections import HOSTILE, scripts_collection


@pytest.fixture(scope="module")
def points() -> MapPoints:
    collection = scripts_collection()
    return MapPoints(collection, make_layout(collection, collection.names, LayoutParameters(), DerivedStore()))


def test_every_point_is_drawn_once_with_its_row(points: MapPoints) -> None:
    figure = map_figure(points, SPACE, [])
    rows = np.concatenate([trace.customdata[:, 0] for trace in figure.data])
    assert sorted(rows) == list(range(len(points)))
    for trace in figure.data:
        drawn = np.stack([trace.x, trace.y], axis=1)
        np.testing.assert_array_equal(drawn, points.layout.coordinates[trace.customdata[:, 0]])
        np.testing.assert_array_equal(trace.customdata[:, 2], points.layout.kept[trace.customdata[:, 0]])


def test_unselected_points_turn_grey_and_stay(points: MapPoints) -> None:
    for trace in map_figure(points, SPACE, []).data:
        assert trace.unselected.marker.color == GREY
        assert trace.unselected.marker.opacity > 0


@pytest.mark.parametrize("colour", [SPACE, KEPT, "count", "per_million", "kind"])
def test_any_column_colours(points: MapPoints, colour: str) -> None:
    figure = map_figure(points, colour, [])
    assert sum(len(trace.x) for trace in figure.data) == len(points)


def test_items_never_become_markup(points: MapPoints) -> None:
    text = map_figure(points, SPACE, []).to_json()
    assert "<img" not in text.replace("\\u003c", "<")
    assert "x" * 100 not in text
    assert HOSTILE[0] in points.items


def test_a_path_passes_the_item_in_every_space(points: MapPoints) -> None:
    collection = points.collection
    found = neighbors(collection, Query((("мир", 1),)), 3)
    stops = path(collection, collection.names, "мир", found)
    assert [points.items[s.row] for s in stops] == ["мир", "мир"]
    assert [points.items[n] for n in stops[1].neighbors] == [n.item for n in found["two"] or []]
    figure = map_figure(points, SPACE, [stops], zoom=True)
    line = figure.data[-1]
    np.testing.assert_array_equal(line.x, points.layout.coordinates[[s.row for s in stops], 0])
    assert any("мир one" in (a.text or "") for a in figure.layout.annotations)


def test_the_table_of_a_selection(points: MapPoints) -> None:
    table = points.table([0, len(points) - 1])
    assert table["item"].to_pylist() == [points.items[0], points.items[-1]]
    assert table["space"].to_pylist() == ["one", "two"]


def test_labels_do_not_overlap() -> None:
    rng = np.random.default_rng(1)
    xy = rng.random((200, 2), dtype=np.float32)
    texts = [f"label {i}" for i in range(200)]
    placed = place(xy, texts, (0, 1, 0, 1), size=13, canvas=(900, 640))
    assert 20 < len(placed) < 200
    boxes = []
    for one in placed:
        cx, cy = xy[one.index, 0] * 900 + one.dx, xy[one.index, 1] * 640 + one.dy
        boxes.append((cx - width(texts[one.index], 13) / 2, cy - 9, cx + width(texts[one.index], 13) / 2, cy + 9))
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_labels_that_must_be_shown_are() -> None:
    xy = np.zeros((5, 2), dtype=np.float32)
    placed = place(xy, ["same"] * 5, (-1, 1, -1, 1), always=5)
    assert [p.index for p in placed] == [0, 1, 2, 3, 4]
    assert len({(p.dx, p.dy) for p in placed}) == 5


def test_wide_characters_and_marks_have_their_width() -> None:
    assert width("气候", 10) == 20
    assert width("é", 10) == width("e\u0301", 10)
    assert len(shorten("x" * 10_000)) == 32
