"""Neighbors: an item, and what lies near it in every space."""

import streamlit as st

from components.drift.sheet import show_sheet
from components.maps.local import maps_around
from components.neighbors.cached import neighbors_of
from components.neighbors.sentences import composed, how, verdict
from components.neighbors.table import neighbor_table
from components.neighbors.uses import uses_panel
from components.neighbors.variants import variants_panel
from components.notebook.tools import tools
from components.parts.cards import cards, domino_data, least_count, lists_data
from components.parts.figure_tools import domino_svg, figure_tools
from components.parts.palette import space_colours
from components.parts.spoken import say
from components.parts.tables import csv_of, file_name
from components.shell import state
from components.shell.bar import bar, drawer
from components.shell.cached import derived_of
from components.shell.frame import em, frame, lead, note
from components.shell.lenses import link
from components.shell.lookup import holds, say_folded, show_missing
from components.shell.pickers import EACH, default_item, pick_pair, pick_said, show_dropped
from components.shell.stage.present import end_of_stage
from isogloss.nearest.criterion import lookup_criteria
from isogloss.nearest.neighbors import answered_by, domino
from isogloss.nearest.query import parse

with frame("Neighbors"):
    collection = bar("Neighbors")
    typed = state.read("item") or default_item(collection)
    with drawer():
        pair = pick_pair(collection)
        sources = [EACH, *collection.names] if collection.aligned else [EACH]
        state.check_bound({"space": sources, "criterion": lookup_criteria()}, {"space": EACH})
        said = say(
            "Each space's own vector shows how the item is used there. One space's vector, looked up in the others,"
            " finds what stood there in its place. Spaces must be aligned for that."
        )
        space = pick_said(
            st.selectbox, say("Query vector from"), sources, key="space", default=EACH, ours=[EACH], help=said
        )
        state.check_number("k", 3, 50, 10)
        k = st.slider(say("Neighbors (k)"), 3, 50, 10, key="k", bind="query-params")
        criterion = st.segmented_control(
            say("Criterion"),
            lookup_criteria(),
            default="cosine",
            key="criterion",
            bind="query-params",
            required=True,
            help=say("CSLS takes from each similarity what hubs gain by being near everything."),
        )
        st.caption(say("Press / to search. Arithmetic: king - man + woman. Several words: war, peace."))
    source = None if space == EACH else space
    colours = space_colours(collection.names, collection.ordered)
    show_dropped()
    queries, instead = [], ""
    for number, query in enumerate(parse(typed, collection)):
        say_folded(dict(query.folded))
        if missing := [item for item in query.items if not holds(collection, item, source)]:
            spaces = [source] if source else None
            near = show_missing(collection, missing[0], spaces, typed=typed, key=f"near-{number}")
            instead = instead or near
        else:
            queries.append(query)
    if not queries and holds(collection, word := instead or default_item(collection), source):
        queries = parse(word, collection)[:1]
        note(say("Shown in its place: {word}.", word=em(queries[0].label)))
    found = []
    for query in queries:
        lists = neighbors_of(collection, query, k, criterion=criterion or "cosine", source=source)
        compared = domino(collection, query, lists, source=pair[0], target=pair[1])
        found.append((query, lists, compared))
        lead(verdict(collection, query, compared))
        if made := composed(collection, query):
            note(made)
    if not found:
        st.stop()
    singles = [query.single for query, _, _ in found if query.single]
    sheet = st.empty()
    picked = maps_around(collection, singles, [compared for query, _, compared in found if query.single])
    end_of_stage(collection)
    for number, (query, lists, compared) in enumerate(found):
        tools("Neighbors", key=f"-{number}", collection=collection.name, item=query.label)
        if len(collection) > 1:
            drawn = domino_data(compared, colours, least_count(collection))
            picked = cards(drawn, key=f"domino-{number}") or picked
            told = say(
                "{word}: its {k} nearest in {source} and {target} ({collection}), {criterion}.",
                word=query.label,
                k=k,
                source=pair[0],
                target=pair[1],
                collection=collection.title,
                criterion=criterion,
            )
            name = ("neighbors", query.label, *pair)
            figure_tools(f"domino-{number}", name, told, svg=domino_svg(drawn))
            st.divider()
        picked = cards(lists_data(collection, query, lists, colours=colours), key=f"lists-{number}") or picked
    if picked:
        state.walk_to(picked)
        st.rerun()
    if len(singles) == 1:
        with sheet.container():
            show_sheet(collection, singles[0], *pair)
    if singles:
        uses_panel(collection, singles[0], collection.names)
        if singles[0] in collection:
            variants_panel(collection, singles[0])
    with st.container(horizontal=True):
        if singles and len(collection) > 1:
            at = {"collection": collection.name, "item": singles[0], "from": pair[0], "to": pair[1]}
            link("Drift", say("Did it move by more than noise?"), **at)
        link("Map", say("The maps at full size"), collection=collection.name, item=typed)
    kinds = answered_by(collection, derived_of(collection), criterion or "cosine")
    note(how(collection, criterion or "cosine", source, k=k, kinds=kinds))
    table = neighbor_table(collection, [(query, lists) for query, lists, _ in found])
    with st.expander(say("As a table")):
        st.dataframe(table, hide_index=True, alt=say("Neighbors of the item in every space"))
    st.download_button(
        say("Download as CSV"),
        csv_of(table, f"neighbors of {typed} in {collection.title} · k {k} · {criterion}"),
        file_name("neighbors", collection.name, typed),
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="neighbors-csv",
    )
