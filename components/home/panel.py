"""What Home is made of: a finding, and the collections at hand with the ways to them."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.neighbors.cached import neighbors_of
from components.neighbors.sentences import verdict
from components.parts.cards import cards, domino_data, least_count, words_data
from components.parts.facts import facts_html
from components.parts.palette import space_colours
from components.shell.bar import quiet_bar
from components.shell.cached import collection_names, open_collection
from components.shell.frame import frame, lead, note, shown_errors
from components.shell.lenses import go, lenses, link
from components.shell.pickers import default_item, stories
from isogloss.nearest.neighbors import domino
from isogloss.nearest.query import Query


def home() -> None:
    """The whole page, in its frame."""
    with frame():
        quiet_bar()
        names = collection_names()
        first = open_collection(names[0])
        query = Query(((default_item(first), 1),))
        lists = neighbors_of(first, query, 8)
        compared = domino(first, query, lists, source=first.names[0], target=first.names[-1])
        lead(verdict(first, query, compared))
        note(
            f"Found in {escape(str(first.metadata.get('description') or first.title))} Click any word to go on from it."
        )
        picked = cards(
            domino_data(compared, space_colours(first.names, first.ordered), least_count(first)), key="finding"
        )
        others = [word for word in stories(first) if word != query.single]
        if others:
            note("Others that moved:")
            picked = cards(words_data(others), key="stories") or picked
        if picked:
            go("Neighbors", collection=first.name, item=picked)
        note(
            "Scripts split a space too: the same countries, months and days in some forty scripts, before and after a"
            " model learns to transliterate."
        )
        link("Scripts", "See scripts come together, and type a word into the space")
        note("Two spaces that were trained apart can be brought together, and every error of that is there to be read.")
        link("Align", "Align English and French novels")
        note("Vectors or texts of your own open on every page.")
        link("Data", "Bring your own")
        st.divider()
        for name in names:
            with shown_errors():
                collection = open_collection(name)
                st.html(f"<h2>{escape(collection.title)}</h2>")
                st.html(facts_html(collection))
                with st.container(horizontal=True):
                    for one in lenses().values():
                        if one.needs(collection):
                            link(one.title, collection=name)
