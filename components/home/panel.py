"""What Home is made of: what this is, three findings to click, and the collections at hand with the ways to them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from components.drift.cached import names_in, opening_rank
from components.drift.sentences import Between, finding
from components.home.pictures import drift_picture, word_picture
from components.neighbors.cached import neighbors_of
from components.neighbors.sentences import verdict
from components.parts.cards import cards, words_data
from components.parts.facts import facts_html
from components.parts.markdown import plain
from components.parts.spoken import count, later, say
from components.shell.bar import quiet_bar
from components.shell.cached import open_collection, titles
from components.shell.frame import em, frame, is_dark, lead, note, shown_errors
from components.shell.lenses import go, lenses, link
from components.shell.pickers import default_item, stories
from components.shell.stage.present import route
from components.shell.visit import workspace
from isogloss.nearest.neighbors import domino
from isogloss.nearest.query import Query
from isogloss.places import ASSETS
from isogloss.spaces.collection import Collection
from isogloss.workspace.catalogue import Catalogue
from isogloss.workspace.store import SCRIPTS

WHAT = later(
    "The same words in several corpora, periods, languages or scripts: what they are near in each, how far they moved,"
    " and whether that is more than noise."
)


def home() -> None:
    """The whole page, in its frame."""
    with frame():
        quiet_bar()
        at_hand = titles()
        own = [name for name in Catalogue(workspace()).own() if name != SCRIPTS]
        lead(say(WHAT))
        if own:
            _collections(own)
        shipped = [name for name in at_hand if name not in own]
        if shipped:
            with shown_errors():
                _findings(open_collection(shipped[0]))
            _collections(shipped)


def _findings(collection: Collection) -> None:
    """Three findings as pictures, each a way to its evidence."""
    dark = is_dark()
    words = stories(collection) or [default_item(collection)]
    left, middle, right = st.columns(3, gap="medium")
    if len(collection) > 1:
        with left, st.container(key="finding-drift"):
            st.image(
                drift_picture(collection, dark=dark), width="stretch", alt=say("Drift of words against their frequency")
            )
            st.html(f'<p class="iso-found">{_drifted(collection)}</p>')
            link("Drift", say("See what moved"), collection=collection.name)
    with middle, st.container(key="finding-word"):
        item = next((stop.item for stop in route(collection) if stop.page == "Map" and stop.item), words[-1])
        said, near = _word(collection, item)
        st.image(
            word_picture(collection, item, near, dark=dark),
            width="stretch",
            alt=say("The way of {word} among its neighbors", word=item),
        )
        st.html(f'<p class="iso-found">{said}</p>')
        link("Neighbors", say("Follow {word}", word=plain(item)), collection=collection.name, item=item)
    with right, st.container(key="finding-scripts"):
        st.image(
            (ASSETS / f"scripts-{'dark' if dark else 'light'}.svg").read_text(encoding="utf-8"),
            width="stretch",
            alt=say("Names of countries, months and weekdays in 35 scripts, before and after"),
        )
        said = say(
            "The same countries, languages, months and weekdays in 35 scripts: islands before, and one land after a"
            " model learned to transliterate and translate."
        )
        st.html(f'<p class="iso-found">{said}</p>')
        link("Scripts", say("See scripts come together"))
    others = [word for word in words if word != item]
    if others:
        told = escape(str(collection.metadata.get("description") or collection.title))
        note(say("{description} Others that moved:", description=f"<bdi>{told}</bdi>"))
        if picked := cards(words_data(others), key="stories"):
            go("Neighbors", collection=collection.name, item=picked)


def _drifted(collection: Collection) -> str:
    source, target = collection.names[0], collection.names[-1]
    ranking = opening_rank(collection, source, target)
    of_names = names_in(collection, ranking, [source, target])
    shown = None if of_names is None else ~of_names
    return finding(ranking, Between(source, target, not collection.ordered), least=0.2, named=shown)


def _word(collection: Collection, item: str) -> tuple[str, list[str]]:
    """What happened to an item, and the neighbors that the sentence names."""
    query = Query(((item, 1),))
    compared = domino(
        collection,
        query,
        neighbors_of(collection, query, 10),
        source=collection.names[0],
        target=collection.names[-1],
    )
    near = [entry[0] for part in (compared.shared, compared.lost, compared.gained) for entry in part[:4]]
    return verdict(collection, query, compared), near


def _collections(shown: Sequence[str]) -> None:
    """Each collection in a line, with what can be done with it; the rest is folded."""
    st.divider()
    for name in shown:
        with shown_errors():
            collection = open_collection(name)
            st.html(f"<h2>{escape(collection.title)}</h2>")
            items = sum(len(space) for space in collection.spaces)
            named = ", ".join(em(space) for space in collection.names[:12])
            note(count("{spaces} · {n:,} item", "{spaces} · {n:,} items", items, spaces=named))
            with st.container(horizontal=True):
                for one in lenses().values():
                    if one.needs(collection):
                        link(one.title, collection=name)
            with st.expander(say("What is in it")):
                st.html(facts_html(collection))
