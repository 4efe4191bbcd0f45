"""Teach: a small head on frozen vectors, taught by pairs, judged on languages and items that it had not seen."""

import streamlit as st

from components.heads.panel import pick_lesson, pick_measure, shown, teach_panel
from components.parts.spoken import say
from components.shell.bar import drawer, quiet_bar
from components.shell.frame import frame, lead, note, shown_errors
from components.shell.pickers import show_dropped

with frame("Teach"):
    quiet_bar("Teach")
    name, told, measure = "", None, "MRR"
    with drawer(), shown_errors():
        name, told = pick_lesson()
        measure = pick_measure()
    dropped = st.container()
    with shown_errors():
        if told is not None:
            shown(name, told, measure)
        elif not name:
            lead(say("Can a small head be taught what a model does not know?"))
            note(say("No head has been taught yet: teach one below."))
    with shown_errors():
        teach_panel()
    with dropped:
        show_dropped()
