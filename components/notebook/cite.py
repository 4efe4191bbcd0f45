"""Cite: the view at hand in words and for BibTeX, each copied with a click."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from components.parts.spoken import say
from components.shell.cached import titles
from components.shell.frame import note, shown_errors
from components.shell.visit import workspace
from isogloss.errors import InvalidValue
from isogloss.notebook.cite import Citation
from isogloss.notebook.replay import settled
from isogloss.notebook.view import View
from isogloss.workspace.access import base_url


@st.fragment
def cite(view: View, key: str) -> None:
    """What is behind one quiet button. Worked out alone, when it opens."""
    behind = st.popover(
        say("Cite"), icon=":material/format_quote:", type="tertiary", key=f"cite-{key}", on_change="rerun"
    )
    if not behind.open:
        return
    with behind, shown_errors():
        found = citation(view)
        st.code(found.text, language=None, wrap_lines=True)
        st.code(found.bibtex, language=None, wrap_lines=True)
        if not found.base:
            note(say("The command stands for a link: this server has no address for others (ISOGLOSS_BASE_URL)."))


def citation(view: View) -> Citation:
    """Of a view. Raises InvalidValue, NotFound, StoreError."""
    view, kind, ground = settled(view, workspace())
    command: tuple[str, ...] = ()
    with suppress(InvalidValue):  # a view that no command gives has a link all the same
        command = kind.command(view, ground)
    return Citation(
        view,
        kind.title(view),
        titles().get(ground.collection, ground.collection) if ground else "",
        dict(ground.fingerprints) if ground else {},
        command,
        base_url(),
    )
