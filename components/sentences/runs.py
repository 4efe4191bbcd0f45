"""Kept runs of one kind: which is looked at, and what stands where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components.parts.spoken import later, say
from components.shell import state
from components.shell.frame import lead, note
from components.shell.pickers import pick_kept, pick_said
from components.shell.visit import workspace
from isogloss.sentences.kept import RETRIEVAL, ROMANISED, STS, KeptRuns

LAYERS = later("Layers")
VIEWS = {LAYERS: "", later("Retrieval"): RETRIEVAL, "STS": STS, later("Romanised"): ROMANISED}
_EMPTY = {
    RETRIEVAL: later("Which language finds its sentences in which other?"),
    STS: later("Do cosines follow people's scores of how alike two sentences are?"),
    ROMANISED: later("Is a sentence found as well in Latin letters as in its own?"),
}


def pick_view() -> str:
    """Bound to the address."""
    state.check_bound({"view": list(VIEWS)}, {"view": LAYERS})
    return pick_said(
        st.segmented_control,
        say("View"),
        list(VIEWS),
        key="view",
        default=LAYERS,
        ours=[one for one in VIEWS if one != "STS"],
        label_visibility="collapsed",
    )


def pick_run(kind: str) -> tuple[str, Mapping[str, Any] | None]:
    """Name and content of the run of the address, else the first. Raises InvalidValue, StoreError."""
    return pick_kept(KeptRuns(workspace(), kind), say("Run"), key="run")


def empty(kind: str) -> None:
    """Nothing was kept."""
    lead(say(_EMPTY[kind]))
    note(say("Nothing has been measured yet: measure a model below."))
