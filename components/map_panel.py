"""The parts of the Map page: its pickers, what it says of its own fidelity, and the table of a selection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import state
from components.cards import cards
from components.data import neighbors_of
from components.frame import em, lead, note
from components.home import words_data
from components.jobs import offer
from components.map_points import KEPT, SPACE, MapPoints
from components.tables import to_csv
from isogloss.collection import Collection
from isogloss.layout import Layout, LayoutParameters
from isogloss.path import Stop, path
from isogloss.query import parse

ALL = "all spaces together"
_MOST_WORDS = 60


def pick_view(collection: Collection) -> tuple[str, LayoutParameters]:
    """Which spaces, in how many dimensions."""
    views = [ALL, *collection.names] if collection.aligned and len(collection) > 1 else collection.names
    state.check_bound({"space": views, "dimensions": ["2-D", "3-D"]}, {})
    view = st.selectbox("Map of", views, key="space", bind="query-params")
    dimensions = st.segmented_control(
        "Dimensions", ["2-D", "3-D"], default="2-D", required=True, key="dimensions", bind="query-params"
    )
    return view, LayoutParameters(n_components=3 if dimensions == "3-D" else 2)


def pick_colour(points: MapPoints, typed: str) -> tuple[str, bool, int]:
    """The column that colours, whether to zoom to the chosen words, and how many neighbors to show."""
    columns = dict.fromkeys([SPACE, *points.numbers, *points.categories])
    if len(points.layout.spaces) == 1:
        del columns[SPACE]
    state.check_bound({"colour": list(columns)}, {})
    colour = st.selectbox("Colour by", list(columns), key="colour", bind="query-params")
    zoom = st.toggle("Zoom to the chosen words", value=True, key="zoom", bind="query-params", disabled=not typed)
    k = st.slider("Neighbors shown", 3, 25, 8, key="k", bind="query-params", disabled=not typed)
    if typed:
        st.page_link(
            "pages/1_Neighbors.py", label="Its neighbors in full", icon=":material/arrow_forward:",
            query_params={"collection": points.collection.name, "item": typed},
        )  # fmt: skip
    return colour, zoom, k


def chosen_paths(points: MapPoints, typed: str, k: int) -> tuple[list[str], list[list[Stop]]]:
    """The items typed and the path of each; arithmetic has no place on a map and is left out. Raises NotFound."""
    items, paths = [], []
    for query in parse(typed, points.collection):
        if query.single:
            lists = neighbors_of(points.collection, query, k)
            items.append(query.single)
            paths.append(path(points.collection, points.layout.spaces, query.single, lists))
    return items, paths


def offer_layout(collection: Collection, names: tuple[str, ...], parameters: LayoutParameters) -> None:
    """Say that a map has yet to be drawn, and draw it in a process of its own when asked to."""
    n = sum(len(collection[name]) for name in names)
    lead(f"The map of {em(', '.join(names))} has yet to be drawn.")
    offer(
        f"layout-{collection.fingerprint}-{names}-{parameters.n_components}",
        ["layout", collection.name, "--dimensions", str(parameters.n_components), "--spaces", *names],
        f"UMAP of {n:,} points: about {max(10, n / 600):,.0f} s on one core. It is kept afterwards.",
        "Draw the map",
    )


def fidelity(layout: Layout) -> None:
    """How far the map can be trusted, in one line."""
    note(
        "UMAP from exact cosine neighbors (n_neighbors 15, min_dist 0.1, fixed seed). Distances on a map mislead: it keeps "
        f"{layout.kept_share:.0%} of each item's {layout.k} true neighbors (n = {len(layout.kept):,} points; random places "
        f"would keep {layout.chance_share():.2%}; more is better). Colour by “{KEPT}” to see where, hover for one item."
    )


def selected_rows(event: Mapping[str, Any], n: int) -> list[int]:
    """Rows of the selected points, each once; the browser sends `customdata` as a list or as a dictionary.

    >>> selected_rows({"selection": {"points": [{"customdata": [2, 9]}, {"customdata": {"0": 1}}, {}]}}, 3)
    [2, 1]
    """
    found = []
    for point in event["selection"]["points"]:
        custom = point.get("customdata")
        row = custom.get("0") if isinstance(custom, Mapping) else custom[0] if custom else None
        if row is not None and 0 <= int(row) < n:
            found.append(int(row))
    return list(dict.fromkeys(found))


def selection(points: MapPoints, event: Mapping[str, Any]) -> None:
    """The selected points as words to follow, a table and a download."""
    rows = selected_rows(event, len(points))
    if not rows:
        flat = points.layout.coordinates.shape[1] == 2
        note(
            "Select points by click, box or lasso to list them here."
            if flat
            else "In 3-D, click a point to list it here."
        )
        return
    table = points.table(rows)
    table = table.sort_by([("count", "descending")]) if "count" in table.column_names else table.sort_by("item")
    words = list(dict.fromkeys(table["item"].to_pylist()))
    shown = f"; the {_MOST_WORDS} most frequent stand here" if len(words) > _MOST_WORDS else ""
    note(f"{len(rows):,} points selected{shown}. Click a word for its neighbors.")
    picked = cards(words_data(words[:_MOST_WORDS]), key="selected")
    if picked:
        st.switch_page("pages/1_Neighbors.py", query_params={"collection": points.collection.name, "item": picked})
    st.dataframe(table, hide_index=True, alt="Selected items")
    st.download_button(
        "Download as CSV", lambda: to_csv(table), "selection.csv", "text/csv", icon=":material/download:"
    )
