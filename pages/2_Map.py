"""Map: a UMAP layout of one space or of all together, with the truth of each point one hover away."""

import streamlit as st

from components import state
from components.cards import cards
from components.data import layout_of, neighbors_of
from components.frame import em, frame, is_dark, lead, note
from components.home import words_data
from components.jobs import offer
from components.map_figure import map_figure
from components.map_points import KEPT, SPACE, MapPoints
from components.pickers import page_links, pick_collection, show_dropped
from components.search_box import search_box
from components.sentences import map_sentence
from components.tables import to_csv
from isogloss.layout import LayoutParameters
from isogloss.path import path
from isogloss.query import parse

ALL = "all spaces together"

with frame("Map"):
    page_links(state.read("collection") or None)
    narrow, wide = st.columns([1, 3.4], gap="large")
    with narrow:
        collection = pick_collection()
        typed = state.read("item")
        search_box(collection, typed, "Show on the map", "climate · war, peace")
        views = [ALL, *collection.names] if collection.aligned and len(collection) > 1 else collection.names
        state.check_bound({"space": views, "dimensions": ["2-D", "3-D"]}, {})
        view = st.selectbox("Map of", views, key="space", bind="query-params")
        dimensions = st.segmented_control(
            "Dimensions", ["2-D", "3-D"], default="2-D", required=True, key="dimensions", bind="query-params"
        )
    names = tuple(collection.names) if view == ALL else (view,)
    parameters = LayoutParameters(n_components=3 if dimensions == "3-D" else 2)
    layout = layout_of(collection, names, parameters)
    with wide:
        show_dropped()
        if layout is None:
            n = sum(len(collection[name]) for name in names)
            lead(f"The map of {em(view)} has yet to be drawn.")
            offer(
                f"layout-{collection.fingerprint}-{names}-{dimensions}",
                ["layout", collection.name, "--dimensions", str(parameters.n_components), "--spaces", *names],
                f"UMAP of {n:,} points: about {max(10, n / 600):,.0f} s on one core. It is kept afterwards.",
                "Draw the map",
            )
            st.stop()
    points = MapPoints(collection, layout)
    with narrow:
        columns = [c for c in [SPACE, *points.numbers, *points.categories] if c != SPACE or len(names) > 1]
        columns = list(dict.fromkeys(columns))
        state.check_bound({"colour": columns}, {})
        colour = st.selectbox("Colour by", columns, key="colour", bind="query-params")
        zoom = st.toggle("Zoom to the chosen words", value=True, key="zoom", bind="query-params", disabled=not typed)
        if typed:
            st.page_link(
                "pages/1_Neighbors.py", label="Its neighbors in full", icon=":material/arrow_forward:",
                query_params={"collection": collection.name, "item": typed},
            )  # fmt: skip
        k = st.slider("Neighbors shown", 3, 25, 8, key="k", bind="query-params", disabled=not typed)
    with wide:
        queries = [q.single for q in parse(typed, collection) if q.single] if typed else []
        for item in queries:
            collection.require_item(item)
        query_lists = {q.single: neighbors_of(collection, q, k) for q in parse(typed, collection) if q.single}
        paths = [path(collection, names, item, query_lists[item]) for item in queries]
        lead(map_sentence(points, queries, paths))
        event = st.plotly_chart(
            map_figure(points, colour, paths, zoom=zoom and bool(queries), dark=is_dark()), key="map", on_select="rerun",
            selection_mode=("points", "box", "lasso"), config={"scrollZoom": True, "displaylogo": False},
            alt=f"Map of {len(points):,} items of {view}",
        )  # fmt: skip
        note(
            f"UMAP from exact cosine neighbors (n_neighbors 15, min_dist 0.1, fixed seed). Distances on a map mislead: it keeps "
            f"{layout.kept_share:.0%} of each item's {layout.k} true neighbors (n = {len(points):,} points; random places would "
            f"keep {layout.chance_share():.2%}; more is better). Colour by “{KEPT}” to see where, hover to see it of one item."
        )
        chosen = [int(p["customdata"][0]) for p in event["selection"]["points"] if p.get("customdata")]
        if chosen:
            table = points.table(chosen).sort_by([("count", "descending")] if "count" in points.numbers else "item")
            note(f"{len(chosen):,} points selected. Click a word for its neighbors.")
            picked = cards(words_data(list(dict.fromkeys(table["item"].to_pylist()))[:60]), key="selected")
            if picked:
                st.switch_page("pages/1_Neighbors.py", query_params={"collection": collection.name, "item": picked})
            st.dataframe(table, hide_index=True, alt="Selected items")
            st.download_button(
                "Download as CSV", lambda: to_csv(table), "selection.csv", "text/csv", icon=":material/download:"
            )
        else:
            note(
                "Select points by click, box or lasso to list them here."
                if dimensions == "2-D"
                else "In 3-D, click a point to list it here."
            )
