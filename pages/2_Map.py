"""Map: up to four maps that answer each other, with the truth of each point one hover away."""

import html

import streamlit as st

from components.maps.linked_maps import Stage, linked_maps
from components.maps.panel import chosen_items, fidelity, maps_shown, offer_layout, pick_colour, pick_view, selection
from components.maps.sentences import map_sentence, named_words
from components.shell import state
from components.shell.frame import frame, lead, note
from components.shell.lenses import page_links
from components.shell.pickers import pick_collection, show_dropped
from components.shell.search_box import search_box

with frame("Map"):
    page_links(state.read("collection") or None)
    narrow, wide = st.columns([1, 4.6], gap="large")
    with narrow:
        collection = pick_collection()
        typed = state.read("item")
        search_box(collection, typed, "Show on the map", placeholder="climate · war, peace")
        view = pick_view(collection, typed)
    data = maps_shown(collection, view)
    if data is None:
        with wide:
            show_dropped()
            offer_layout(collection, view)
    else:
        with narrow:
            colour, zoom, k = pick_colour(data, typed)
        with wide:
            show_dropped()
            items = chosen_items(collection, typed)
            lead(map_sentence(data, items))
            stage = Stage(
                arrangement=view.arrangement,
                colour=colour,
                chosen=items,
                headline=named_words(data, items) if view.around else (),
                k=k,
                zoom=zoom and bool(items),
                caption=fidelity(data),
                title=", ".join(items) or collection.title,
            )
            asked = linked_maps(data, stage)
            if asked.picked:
                state.walk_to(asked.picked)
                st.rerun()
            note(html.escape(fidelity(data)))
            selection(data, asked.points)
