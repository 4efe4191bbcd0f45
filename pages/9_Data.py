"""Data: bring your own spaces and texts, and keep them in order."""

import streamlit as st

from components.parts.spoken import later, say
from components.shelf.build_panel import build_panel
from components.shelf.import_panel import import_panel
from components.shelf.shelf_panel import shelf_panel, shelf_sentence
from components.shell import state
from components.shell.bar import quiet_bar
from components.shell.frame import frame, lead, note, shown_errors
from components.shell.jobs import others_after
from components.shell.pickers import pick_said, show_dropped
from components.shell.visit import workspace
from isogloss.workspace.access import read_only, visitors
from isogloss.workspace.catalogue import Catalogue
from isogloss.workspace.store import SCRIPTS

WAYS = {
    later("Import vectors"): import_panel,
    later("Build from texts"): build_panel,
    later("Your collections"): shelf_panel,
}

with frame("Data"):
    quiet_bar("Data")
    lead(shelf_sentence([name for name in Catalogue(workspace()).own() if name != SCRIPTS]))
    state.check_bound({"do": list(WAYS)}, {})
    show_dropped()
    if read_only():
        note(say("This server is read-only: collections can be exported here, and nothing can be added."))
        with others_after():
            shelf_panel()
    else:
        if visitors():
            note(
                say("What you bring is yours alone and goes when you leave; a link to it works as long as your visit.")
            )
        way = pick_said(
            st.segmented_control,
            say("What to do"),
            list(WAYS),
            key="do",
            default="Import vectors",
            label_visibility="collapsed",
        )
        with others_after(), shown_errors():
            WAYS[way]()
