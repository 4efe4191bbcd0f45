"""Map: up to four maps that answer each other, with the truth of each point one hover away."""

import html
from functools import partial

import streamlit as st

from components.drift.sheet import show_sheet
from components.maps.linked_maps import Stage, linked_maps
from components.maps.panel import (
    animation,
    chosen_items,
    fidelity,
    maps_shown,
    offer_layout,
    pick_colour,
    pick_view,
    selection,
)
from components.maps.sentences import map_sentence, named_words
from components.notebook.keep import keep_rows
from components.notebook.tools import tools
from components.shell import state
from components.shell.bar import bar, drawer
from components.shell.frame import frame, lead, note
from components.shell.pickers import show_dropped
from components.shell.stage.present import end_of_stage

with frame("Map"):
    collection = bar("Map")
    typed = state.read("item")
    with drawer():
        view = pick_view(collection, typed)
    data = maps_shown(collection, view)
    show_dropped()
    if data is None:
        offer_layout(collection, view)
    else:
        with drawer():
            colour, zoom, k = pick_colour(data, typed)
        items = chosen_items(collection, typed)
        lead(map_sentence(data, items))
        sheet = st.empty()
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
        end_of_stage(collection)
        tools("Map", collection=collection.name, item=", ".join(items))
        if len(items) == 1 and len(collection) > 1:
            with sheet.container():
                show_sheet(collection, items[0], collection.names[0], collection.names[-1])
        note(html.escape(fidelity(data)))
        animation(data, items)
        selection(data, asked.points, partial(keep_rows, "Map", key="selected-points", collection=collection.name))
