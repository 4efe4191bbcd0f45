"""The bar on top of every page: the pages in groups, one field for the word at hand, the collection, the stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from components.parts.spoken import say
from components.shell import state
from components.shell.frame import shown_errors
from components.shell.language.chosen import document
from components.shell.language.picker import pick_language
from components.shell.lenses import HOME, Lens, groups, lenses, way
from components.shell.pickers import default_item, pick_collection
from components.shell.search_box import search_box
from components.shell.stage import present
from isogloss.errors import NotFound
from isogloss.spaces.collection import Collection

_closes = st.components.v2.component(
    "isogloss.drawer", html="<span></span>", js=(Path(__file__).parent / "drawer.js").read_text(encoding="utf-8")
)
_MENU = ":material/menu:"


def bar(title: str = "", *, default: str = "", make: Callable[[], str] | None = None) -> Collection:
    """The bar of a page that shows words of a collection, and that collection.

    title: of the page. default: the collection it opens on; make: what gives its name where that may take long; the
    ways to other pages stand before it begins. Raises NotFound when there is none of the name asked for.
    """
    row = st.container(horizontal=True, key="bar", vertical_alignment="center", gap="small", wrap=False)
    with row:
        _ways(title)
        search = st.container(key="bar-search")
    name = make() if make else default
    with row:
        collection = pick_collection(name)
        present.switch()
    typed = state.read("item")
    state.remember(collection.name)
    with search:
        search_box(collection, typed, say("Search a word"), placeholder=_placeholder(collection), to=_shows(title))
    present.keys(collection, title)
    return collection


def quiet_bar(title: str = "") -> None:
    """The same of a page that shows no words: what is typed there opens Neighbors; without collections, no field."""
    with shown_errors():
        try:
            bar(title, default=state.remembered())
        except NotFound:
            if "collection" in st.query_params:
                raise


@contextmanager
def drawer() -> Iterator[None]:
    """The place of what is seldom touched: open beside wide pages, closed over narrow ones and on the stage."""
    with st.sidebar:
        yield


def _placeholder(collection: Collection) -> str:
    return f"{default_item(collection)} · a, b · a - b + c"[:60]


def _shows(title: str) -> str:
    """The page on which a word is shown that is typed on the page of a title."""
    return "" if title in lenses() and "item" in lenses()[title].shows else "Neighbors"


def _ways(title: str) -> None:
    """The mark; the pages of this group and of groups of one; the other groups as menus; and one menu of all."""
    current = lenses()[title].group if title in lenses() else next(iter(groups()))
    told = {name: state.carried(one.shows, one.follows) for name, one in lenses().items()}
    way(HOME, "Isogloss", icon=":material/alt_route:", told=state.carried(("collection",)))
    with st.container(horizontal=True, key="bar-pages", vertical_alignment="center", gap="small", wrap=False):
        for group, members in groups().items():
            if group == current or len(members) == 1:
                _links(members, told)
            else:
                with st.popover(say(group), type="tertiary"):
                    _links(members, told)
    with st.container(key="bar-menu"), st.popover(say("Pages"), icon=_MENU, type="tertiary"):
        for group, members in groups().items():
            st.caption(say(group))
            _links(members, told)
    pick_language()
    _closes(data=document(), key="hidden-drawer")


def _links(members: list[Lens], told: dict[str, dict[str, str] | None]) -> None:
    """told: title → what its address says; asked once, since most pages stand in two menus."""
    for one in members:
        way(one.page, say(one.title), told=told[one.title])
