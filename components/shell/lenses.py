"""The pages, in their order, and what leads to them: every file in `pages/` is a lens on a collection."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from components.shell.cached import has_scripts
from isogloss.errors import NotFound
from isogloss.places import ROOT
from isogloss.spaces.collection import Collection

HOME = "app.py"
_PAGE = re.compile(r"\d+_(\w+)\.py")
_ARROW = ":material/arrow_forward:"


@dataclass(frozen=True)
class Lens:
    """page: its file, as Streamlit names it. title: in the navigation. help: what it is for, one line.

    invites: a link to it in words, on Home. its: the same after something was made. needs: whether a collection has
    something to see there. follows: whether the navigation goes on with the collection of a name.
    """

    page: str
    title: str
    help: str
    invites: str
    its: str
    needs: Callable[[Collection], bool]
    follows: Callable[[str], bool]


@dataclass(frozen=True)
class _Words:
    invites: str
    its: str
    needs: Callable[[Collection], bool] = lambda collection: True
    follows: Callable[[str], bool] = lambda name: True


_WORDS = {
    "Neighbors": _Words("Look up neighbors", "Its neighbors"),
    "Map": _Words("Open the map", "Its map"),
    "Drift": _Words("Measure drift", "Its drift", lambda collection: len(collection) > 1),
    # Of a collection in one script there is nothing to see: the page opens on its own.
    "Scripts": _Words("Compare scripts", "Its scripts", lambda collection: has_scripts(collection.name), has_scripts),
    "Align": _Words("Align it", "Its alignment", lambda collection: False),
    "Data": _Words("Bring your own", "Its files", lambda collection: False, lambda name: False),
}


@cache
def lenses(folder: Path = ROOT / "pages") -> dict[str, Lens]:
    """Title → lens, in the order of the files' numbers; the pages are read and not run."""
    found = {}
    for path in sorted(folder.glob("*.py"), key=lambda p: (int(p.name.partition("_")[0] or 0), p.name)):
        if match := _PAGE.fullmatch(path.name):
            title = match[1].replace("_", " ")
            words = _WORDS.get(title, _Words(f"Open {title}", f"Its {title.lower()}"))
            told = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
            help = told.removeprefix(f"{title}: ")
            found[title] = Lens(f"{folder.name}/{path.name}", title, help, **vars(words))
    return found


def lens(title: str) -> Lens:
    """Raises NotFound."""
    if title not in lenses():
        raise NotFound(f"there is no page {title[:40]!r}", list(lenses()))
    return lenses()[title]


def link(title: str, label: str = "", **parameters: str) -> None:
    """A way to a page, with what it should show."""
    one = lens(title)
    st.page_link(one.page, label=label or one.invites, icon=_ARROW, query_params=parameters or None)


def go(title: str, **parameters: str) -> None:
    """Open a page at once."""
    st.switch_page(lens(title).page, query_params=parameters)


def page_links(name: str | None = None) -> None:
    """The ways to the pages, on top of each. name: of the collection in view, with which some of them go on."""
    with st.container(horizontal=True, key="nav"):
        st.page_link(HOME, label="Isogloss", icon=":material/alt_route:")
        for one in lenses().values():
            parameters = {"collection": name} if name and one.follows(name) else None
            st.page_link(one.page, label=one.title, query_params=parameters)
