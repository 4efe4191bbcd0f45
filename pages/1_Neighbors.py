"""Neighbors: an item, and what lies near it in every space."""

import streamlit as st

from components.maps.local import neighbor_maps
from components.neighbors.cached import neighbors_of
from components.neighbors.sentences import composed, how, verdict
from components.neighbors.table import neighbor_table
from components.neighbors.uses import uses_panel
from components.neighbors.variants import variants_panel
from components.parts.cards import cards, domino_data, least_count, lists_data
from components.parts.palette import space_colours
from components.parts.tables import to_csv
from components.shell import state
from components.shell.cached import derived_of
from components.shell.frame import frame, lead, note
from components.shell.lenses import link, page_links
from components.shell.lookup import holds, say_folded, show_missing
from components.shell.pickers import EACH, default_item, pick_collection, pick_pair, show_dropped
from components.shell.search_box import search_box
from isogloss.nearest.criterion import lookup_criteria
from isogloss.nearest.neighbors import answered_by, domino
from isogloss.nearest.query import parse

with frame("Neighbors"):
    page_links(state.read("collection") or None)
    narrow, wide = st.columns([1, 3.4], gap="large")
    with narrow:
        collection = pick_collection()
        typed = state.read("item") or default_item(collection)
        search_box(collection, typed, "Item", placeholder="climate · war, peace · a : b :: c : ?")
        sources = [EACH, *collection.names] if collection.aligned else [EACH]
        state.check_bound({"space": sources, "criterion": lookup_criteria()}, {"space": EACH})
        space = st.selectbox(
            "Query vector from",
            sources,
            key="space",
            bind="query-params",
            help="Each space's own vector shows how the item is used there. One space's vector, looked up in the "
            "others, finds what stood there in its place. Spaces must be aligned for that.",
        )
        with st.expander("More"):
            k = st.slider("Neighbors (k)", 3, 50, 10, key="k", bind="query-params")
            criterion = st.segmented_control(
                "Criterion",
                lookup_criteria(),
                default="cosine",
                key="criterion",
                bind="query-params",
                required=True,
                help="CSLS takes from each similarity what hubs gain by being near everything.",
            )
            pair = pick_pair(collection)
        st.caption("Press / to search. Arithmetic: king - man + woman. Several words: war, peace.")
    source = None if space == EACH else space
    colours = space_colours(collection.names, collection.ordered)
    with wide:
        show_dropped()
        found, dominoes = [], []
        for number, query in enumerate(parse(typed, collection)):
            say_folded(dict(query.folded))
            if missing := [item for item in query.items if not holds(collection, item, source)]:
                show_missing(collection, missing[0], [source] if source else None, key=f"near-{number}")
                continue
            lists = neighbors_of(collection, query, k, criterion=criterion or "cosine", source=source)
            found.append((query, lists))
            compared = domino(collection, query, lists, source=pair[0], target=pair[1])
            dominoes += [compared] if query.single else []
            lead(verdict(collection, query, compared))
            if made := composed(collection, query):
                note(made)
            picked = None
            if len(collection) > 1:
                picked = cards(domino_data(compared, colours, least_count(collection)), key=f"domino-{number}")
                st.divider()
            picked = cards(lists_data(collection, query, lists, colours=colours), key=f"lists-{number}") or picked
            if picked:
                state.walk_to(picked)
                st.rerun()
        picked = neighbor_maps(collection, [query.single for query, _ in found if query.single], dominoes)
        if picked:
            state.walk_to(picked)
            st.rerun()
        single = next((query.single for query, _ in found if query.single), None)
        if single:
            uses_panel(collection, single, collection.names)
            if single in collection:
                variants_panel(collection, single)
        if single and len(collection) > 1:
            asked = {"collection": collection.name, "item": single, "from": pair[0], "to": pair[1]}
            link("Drift", "Did it move by more than noise?", **asked)
        if not found:
            st.stop()
        link("Map", "The maps at full size", collection=collection.name, item=typed)
        kinds = answered_by(collection, derived_of(collection), criterion or "cosine")
        note(how(collection, criterion or "cosine", source, k=k, kinds=kinds))
        table = neighbor_table(collection, found)
        with st.expander("As a table"):
            st.dataframe(table, hide_index=True, alt="Neighbors of the item in every space")
        st.download_button(
            "Download as CSV", lambda: to_csv(table), "neighbors.csv", "text/csv", icon=":material/download:"
        )
