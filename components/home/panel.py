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
from components.parts.spoken import commas, count, later, say
from components.shell.bar import quiet_bar
from components.shell.cached import open_collection, open_in, titles
from components.shell.frame import em, frame, is_dark, lead, note, shown_errors
from components.shell.lenses import go, lenses, link
from components.shell.pickers import default_item, stories
from components.shell.stage.present import route
from components.shell.visit import workspace
from isogloss.nearest.neighbors import Domino, domino
from isogloss.nearest.query import Query
from isogloss.places import ASSETS
from isogloss.spaces.collection import Collection
from isogloss.workspace.access import visitors
from isogloss.workspace.catalogue import Catalogue
from isogloss.workspace.store import SCRIPTS, Workspace

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


def prepare() -> None:
    """Open what Home shows first and what is asked of it, for the first who comes; no page is there yet."""
    at_hand = Workspace()
    own = Catalogue(at_hand).own()
    name = next((name for name in at_hand.folders() if name not in own), None)
    if name is not None:
        collection = open_in(at_hand, name)
        for space in collection.spaces:
            _ = space.unit, space.positions
        if not visitors():  # a visit has a store of its own
            _drifted(collection)
            item, near = _followed(collection)
            word_picture(collection, item, near, dark=False)


def _findings(collection: Collection) -> None:
    """Three findings as pictures, each a way to its evidence."""
    dark = is_dark()
    left, middle, right = st.columns(3, gap="medium")
    if len(collection) > 1:
        with left, st.container(key="finding-drift"):
            st.image(
                drift_picture(collection, dark=dark), width="stretch", alt=say("Drift of words against their frequency")
            )
            st.html(f'<p class="iso-found">{_drifted(collection)}</p>')
            link("Drift", say("See what moved"), collection=collection.name)
    with middle, st.container(key="finding-word"):
        item, near = _followed(collection)
        said = verdict(collection, *_compared(collection, item))
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
    others = [word for word in _words(collection) if word != item]
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


def _words(collection: Collection) -> list[str]:
    return stories(collection) or [default_item(collection)]


def _followed(collection: Collection) -> tuple[str, list[str]]:
    """The item whose way is drawn, and the neighbors that its sentence names."""
    stops = (stop.item for stop in route(collection) if stop.page == "Map" and stop.item)
    item = next(stops, _words(collection)[-1])
    _, compared = _compared(collection, item)
    return item, [entry[0] for part in (compared.shared, compared.lost, compared.gained) for entry in part[:4]]


def _compared(collection: Collection, item: str) -> tuple[Query, Domino]:
    """An item in the first and the last space."""
    query, names = Query(((item, 1),)), collection.names
    return query, domino(collection, query, neighbors_of(collection, query, 10), source=names[0], target=names[-1])


def _collections(shown: Sequence[str]) -> None:
    """Each collection in a line, with what can be done with it; the rest is folded."""
    st.divider()
    for name in shown:
        with shown_errors():
            collection = open_collection(name)
            st.html(f"<h2>{escape(collection.title)}</h2>")
            items = sum(len(space) for space in collection.spaces)
            named = commas(em(space) for space in collection.names[:12])
            note(count("{spaces} · {n:,} item", "{spaces} · {n:,} items", items, spaces=named))
            with st.container(horizontal=True):
                for one in lenses().values():
                    if one.needs(collection):
                        link(one.title, collection=name)
            with st.expander(say("What is in it")):
                st.html(facts_html(collection))
