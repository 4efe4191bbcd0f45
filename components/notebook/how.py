"""How: the formula of the figures, where it is from, the parameters in force, and the command that prints them."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.parts.spoken import say
from components.shell.frame import note, shown_errors
from components.shell.visit import workspace
from isogloss.cli.asked import in_force
from isogloss.notebook.commands import command_line
from isogloss.notebook.replay import settled
from isogloss.notebook.view import View

_SHORT = 120  # letters of a value
_OWN = ("collection", "item", "words", "source", "target")


@st.fragment
def how(view: View, key: str) -> None:
    """What is behind one quiet button; the command is the one that Keep keeps. Worked out alone, when it opens."""
    behind = st.popover(say("How"), icon=":material/function:", type="tertiary", key=f"how-{key}", on_change="rerun")
    if not behind.open:
        return
    with behind, shown_errors():
        view, kind, ground = settled(view, workspace())
        command = kind.command(view, ground)
        method = kind.method(command)
        note(f"{escape(method.formula)}.")
        note(say("Source: {source}.", source=escape(method.source)))
        told = in_force(command)
        first = sorted(told, key=lambda name: _OWN.index(name) if name in _OWN else len(_OWN))
        values = " · ".join(f"{escape(name)} <bdi>{escape(told[name][:_SHORT])}</bdi>" for name in first)
        note(say("In force: {values}", values=values))
        st.code(command_line(command), language=None, wrap_lines=True)
