"""Map: a UMAP layout of one space or of all together, with the truth of each point one hover away."""

import streamlit as st

from components import state
from components.data import points_of
from components.frame import frame, is_dark, lead
from components.map_figure import map_figure
from components.map_panel import ALL, chosen_paths, fidelity, offer_layout, pick_colour, pick_view, selection
from components.pickers import page_links, pick_collection, show_dropped
from components.search_box import search_box
from components.sentences import map_sentence

with frame("Map"):
    page_links(state.read("collection") or None)
    narrow, wide = st.columns([1, 3.4], gap="large")
    with narrow:
        collection = pick_collection()
        typed = state.read("item")
        search_box(collection, typed, "Show on the map", "climate · war, peace")
        view, parameters = pick_view(collection)
    names = tuple(collection.names) if view == ALL else (view,)
    points = points_of(collection, names, parameters)
    if points is None:
        with wide:
            show_dropped()
            offer_layout(collection, names, parameters)
    else:
        with narrow:
            colour, zoom, k = pick_colour(points, typed)
        with wide:
            show_dropped()
            items, paths = chosen_paths(points, typed, k)
            lead(map_sentence(points, items, paths))
            event = st.plotly_chart(
                map_figure(points, colour, paths, zoom=zoom and bool(items), dark=is_dark()), key="map", on_select="rerun",
                selection_mode=("points", "box", "lasso"), config={"scrollZoom": True, "displaylogo": False},
                alt=f"Map of {len(points):,} items of {view}",
            )  # fmt: skip
            fidelity(points.layout)
            selection(points, event)
