"""Which catalogues, which sections, how many neighbors."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.parts.spoken import Spoken, later, say
from components.shell import state
from components.shell.frame import NotYet
from components.shell.intake import Brought, kept, uploaded
from components.shell.pickers import pick_said
from components.shell.visit import workspace
from isogloss.atlas.entry import Catalogue
from isogloss.atlas.markdown import take_catalogue
from isogloss.atlas.shipped import shipped_catalogue, shipped_names
from isogloss.atlas.survey import Survey, survey
from isogloss.encoders.later import Later
from isogloss.notebook.kinds.atlas import ALL, LEVELS, MINE, MOST_K, OPENING, K
from isogloss.workspace.access import read_only

EVERY = "all"
_WORDS = (later("all that ship"), later("my own"), later("all"))
_DEPTHS = (later("whole paths"), later("first headings"), later("two headings"), later("three headings"))
_LONGEST = 400_000


@dataclass(frozen=True)
class Asked:
    """catalogue: a name of PICKS. path: of one's own list."""

    catalogue: str
    k: int
    depth: int
    brought: Brought | None = None


def pick() -> Asked:
    """Bound to the address. Raises NotYet for a list of one's own that is not there."""
    names = [ALL, *shipped_names(), *([] if read_only() else [MINE])]
    depths, opening = LEVELS, OPENING
    state.check_bound({"catalogue": names, "level": list(depths)}, {"catalogue": ALL, "level": opening})
    catalogue = pick_said(st.selectbox, say("Catalogue"), names, key="catalogue", default=ALL, ours=_WORDS)
    level = pick_said(
        st.selectbox,
        say("Sections by"),
        list(depths),
        key="level",
        default=opening,
        help=say("How many headings tell sections apart; finer ones hold fewer papers."),
    )
    state.check_number("k", 1, MOST_K, K)
    k = int(st.slider(say("Nearest papers"), 1, MOST_K, K, key="k", bind="query-params"))
    brought = _own() if catalogue == MINE else None
    return Asked(catalogue, k, depths[level], brought)


def _own() -> Brought:
    given = uploaded(say("A list in Markdown"), "atlas-file", ("md", "markdown", "txt"))
    text = st.text_area(
        say("or paste it"),
        key="atlas-text",
        max_chars=_LONGEST,
        height=140,
        placeholder=say("- [Title](https://…)"),
    )
    if given is not None:
        return kept(given.getbuffer(), given.name)
    if text.strip():
        return kept(text.encode("utf-8", "replace"), "pasted.md")
    raise NotYet(say("no list was brought"), say("bring a list of papers in Markdown, or paste one, in the drawer"))


def surveyed(asked: Asked) -> Survey:
    """Raises InvalidValue for a list without papers."""
    return _surveyed(asked.catalogue, asked.k, asked.depth, str(asked.brought.path) if asked.brought else "", asked)


@st.cache_resource(max_entries=16, show_spinner=Spoken("Reading the titles…"))
def _surveyed(catalogue: str, k: int, depth: int, path: str, _asked: Asked) -> Survey:
    store = workspace().derived("encoded")
    return survey(_catalogues(_asked), Later(), store, k=k, depth=depth)


def _catalogues(asked: Asked) -> list[Catalogue]:
    if asked.brought is not None:
        return [take_catalogue(asked.brought.path, name=asked.brought.name.rpartition(".")[0] or "mine")]
    return [shipped_catalogue(name) for name in (shipped_names() if asked.catalogue == ALL else [asked.catalogue])]


def pick_section(found: Survey) -> str:
    """One section, or EVERY."""
    names = [EVERY, *found.titles.sections]
    state.check_bound({"section": names}, {"section": EVERY})
    if st.session_state.get("section", EVERY) not in names:  # of the catalogue before
        st.session_state["section"] = EVERY
    return pick_said(st.selectbox, say("Section"), names, key="section", default=EVERY, ours=_WORDS)
