"""Imbalance: a corpus and its clone by shifted tokens: what share and shared words do to two equal languages."""

import streamlit as st

from components.imbalance.panel import imbalance_panel, pick_grid, pick_view, shown
from components.parts.spoken import say
from components.shell.bar import drawer, quiet_bar
from components.shell.frame import frame, lead, note, shown_errors
from components.shell.pickers import show_dropped

with frame("Imbalance"):
    quiet_bar("Imbalance")
    name, told = "", None
    with drawer(), shown_errors():
        name, told = pick_grid()
        view = pick_view(told) if told is not None else None
    dropped = st.container()
    with shown_errors():
        if told is not None and view is not None:
            shown(name, told, *view)
        elif not name:
            lead(say("What makes two languages meet?"))
            note(say("No corpus has been cloned yet: clone one below."))
    with shown_errors():
        imbalance_panel()
    with dropped:
        show_dropped()
