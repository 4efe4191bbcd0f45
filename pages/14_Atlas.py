"""Atlas: papers of surveys on a map: whether their sections hold together, and which of them are answered here."""

import html

import streamlit as st

from components.atlas.answers import answers
from components.atlas.panel import figures_line, headline, papers_table, tables
from components.atlas.pick import pick, pick_section, surveyed
from components.atlas.picture import draw, map_line
from components.notebook.tools import tools
from components.parts.spoken import say
from components.shell import state
from components.shell.bar import drawer, quiet_bar
from components.shell.frame import frame, lead, note, shown_errors
from components.shell.pickers import show_dropped

with frame("Atlas"):
    quiet_bar("Atlas")
    found = None
    with drawer(), shown_errors():
        asked = pick()
        found = surveyed(asked)
        section = pick_section(found)
    show_dropped()
    if found is None:
        lead(say("Do the sections of a list of papers hold together?"))
        note(say("Bring one in the drawer, or choose a catalogue that ships."))
    else:
        lead(headline(found, section))
        picked = draw(found, section, state.read("title"))
        if picked and picked != state.read("title"):
            st.query_params["title"] = picked
            st.rerun()
        if asked.brought is None:
            tools("Atlas", catalogue=asked.catalogue)
        note(html.escape(map_line(found, section)))
        figures_line(found)
        tables(found, section)
        papers_table(found, section)
    answers()
