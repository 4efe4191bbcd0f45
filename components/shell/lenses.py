"""The pages, in their order, and what leads to them: every file in `pages/` is a lens on a collection."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from components.parts.spoken import later, say
from components.shell.cached import has_scripts
from components.shell.language.chosen import kept
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
    something to see there. follows: whether the navigation goes on with the collection of a name. group: one of
    GROUPS. shows: what of the address goes with one to the page.
    """

    page: str
    title: str
    help: str
    invites: str
    its: str
    needs: Callable[[Collection], bool]
    follows: Callable[[str], bool]
    group: str
    shows: tuple[str, ...]


@dataclass(frozen=True)
class _Words:
    invites: str
    its: str
    needs: Callable[[Collection], bool] = lambda collection: True
    follows: Callable[[str], bool] = lambda name: True
    group: str = "Explore"
    shows: tuple[str, ...] = ("collection", "item")


GROUPS = ("Explore", "Compare", "Change", "Keep", "Data")
_SAID = (  # titles are the names of files; here they are for those who translate
    *(later("Explore"), later("Compare"), later("Change"), later("Keep"), later("Data")),
    *(later("Neighbors"), later("Map"), later("Drift"), later("Scripts"), later("Align"), later("Notebook")),
    *(later("Sentences"), later("Pairs"), later("Vocabulary"), later("Teach"), later("Imbalance")),
    *(later("Stories"), later("Atlas")),
)
_PAIR = ("collection", "item", "from", "to")
_WORDS = {
    "Neighbors": _Words(later("Look up neighbors"), later("Its neighbors"), shows=_PAIR),
    "Map": _Words(later("Open the map"), later("Its map")),
    "Drift": _Words(later("Measure drift"), later("Its drift"), lambda collection: len(collection) > 1, shows=_PAIR),
    # Of a collection in one script there is nothing to see: the page opens on its own.
    "Scripts": _Words(
        later("Compare scripts"), later("Its scripts"), lambda collection: has_scripts(collection.name), has_scripts
    ),
    "Align": _Words(
        later("Align these two"),
        later("Align these two"),
        lambda collection: len(collection) > 1 and not collection.aligned,
        group="Compare",
        shows=(),
    ),
    "Notebook": _Words(
        later("Open the notebook"), later("The notebook"), lambda collection: False, group="Keep", shows=()
    ),
    "Sentences": _Words(
        later("Models across languages"), later("Its languages"), lambda collection: False, group="Compare", shows=()
    ),
    "Pairs": _Words(
        later("Texts and what was made of them"),
        later("Its pairs"),
        lambda collection: False,
        group="Compare",
        shows=(),
    ),
    "Vocabulary": _Words(
        later("The words of a model"), later("Its words"), lambda collection: False, group="Change", shows=()
    ),
    "Teach": _Words(later("Teach a head"), later("Its lessons"), lambda collection: False, group="Change", shows=()),
    "Imbalance": _Words(
        later("Clone a corpus"), later("Its clones"), lambda collection: False, group="Change", shows=()
    ),
    "Stories": _Words(later("Tell a story"), later("The stories"), lambda collection: False, group="Keep", shows=()),
    "Atlas": _Words(later("Papers on a map"), later("Its papers"), lambda collection: False, group="Keep", shows=()),
    "Data": _Words(later("Bring your own"), later("Its files"), lambda collection: False, group="Data", shows=()),
}


@cache
def lenses(folder: Path = ROOT / "pages") -> dict[str, Lens]:
    """Title → lens, in the order of the groups and, in each, of the files' numbers; the pages are read and not run."""
    found = {}
    for path in sorted(folder.glob("*.py"), key=lambda p: (int(p.name.partition("_")[0] or 0), p.name)):
        if match := _PAGE.fullmatch(path.name):
            title = match[1].replace("_", " ")
            words = _WORDS.get(title, _Words(f"Open {title}", f"Its {title.lower()}"))
            told = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
            help = told.removeprefix(f"{title}: ")
            found[title] = Lens(f"{folder.name}/{path.name}", title, help, **vars(words))
    return dict(sorted(found.items(), key=lambda one: GROUPS.index(one[1].group)))


def groups() -> dict[str, list[Lens]]:
    """Group → its pages, in the order of GROUPS; groups without pages are left out."""
    found: dict[str, list[Lens]] = {group: [] for group in GROUPS}
    for one in lenses().values():
        found[one.group].append(one)
    return {group: members for group, members in found.items() if members}


def lens(title: str) -> Lens:
    """Raises NotFound."""
    if title not in lenses():
        raise NotFound(say("there is no page {name}", name=repr(title[:40])), list(lenses()))
    return lenses()[title]


def way(page: str, label: str, *, icon: str | None = None, told: dict[str, str] | None = None) -> None:
    """A way to a page of a file, with what its address says.

    Streamlit looks for a page of a path on the disk, at each link of each run; of an object it knows where it is.
    """
    st.page_link(_known(page), label=label, icon=icon, query_params={**(told or {}), **kept()} or None)


@cache
def _known(page: str) -> Any:
    return st.Page(ROOT / page, default=page == HOME)


def link(title: str, label: str = "", **parameters: str) -> None:
    """A way to a page, with what it should show."""
    one = lens(title)
    way(one.page, label or say(one.invites), icon=_ARROW, told=parameters)


def go(title: str, **parameters: str) -> None:
    """Open a page at once."""
    st.switch_page(lens(title).page, query_params={**parameters, **kept()})
