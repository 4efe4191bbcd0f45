"""The notebook of this page: that of its workspace, or of the visit alone where nothing can be written."""

from __future__ import annotations

import os

import streamlit as st

from components.parts.spoken import say
from components.shell.visit import workspace
from isogloss.notebook.ledger import FILE, Ledger
from isogloss.workspace.access import read_only, visitors


def book() -> Ledger:
    """Where cases are kept; one's own in the workspace, a visitor's in the visit."""
    if not writes():
        if "_notebook" not in st.session_state:
            st.session_state["_notebook"] = Ledger(None)
        found: Ledger = st.session_state["_notebook"]
        return found
    return Ledger(workspace().root / FILE)


def where_kept() -> str:
    """What has to be said of where cases are kept; empty for one's own workspace."""
    if not writes():
        return say("Nothing can be written here: cases stay while this page is open. Download them before you leave.")
    return say("Cases are yours alone and go when you leave: download them before.") if visitors() else ""


def writes() -> bool:
    """Whether what one keeps is written to the disk."""
    if read_only():
        return False
    place = workspace().root
    while not place.exists() and place != place.parent:
        place = place.parent
    return os.access(place, os.W_OK)
