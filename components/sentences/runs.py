"""Kept runs of one kind: which is looked at, and what stands where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components.shell import state
from components.shell.frame import lead, note
from components.shell.pickers import pick_kept
from components.shell.visit import workspace
from isogloss.sentences.kept import RETRIEVAL, ROMANISED, STS, KeptRuns

LAYERS = "Layers"
VIEWS = {LAYERS: "", "Retrieval": RETRIEVAL, "STS": STS, "Romanised": ROMANISED}
_EMPTY = {
    RETRIEVAL: "Which language finds its sentences in which other?",
    STS: "Do cosines follow people's scores of how alike two sentences are?",
    ROMANISED: "Is a sentence found as well in Latin letters as in its own?",
}


def pick_view() -> str:
    """Bound to the address."""
    state.check_bound({"view": list(VIEWS)}, {"view": LAYERS})
    view = st.segmented_control(
        "View",
        list(VIEWS),
        default=LAYERS,
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
    )
    return str(view or LAYERS)


def pick_run(kind: str) -> tuple[str, Mapping[str, Any] | None]:
    """Name and content of the run of the address, else the first. Raises InvalidValue, StoreError."""
    return pick_kept(KeptRuns(workspace(), kind), "Run", key="run")


def empty(kind: str) -> None:
    """Nothing was kept."""
    lead(_EMPTY[kind])
    note("Nothing has been measured yet: measure a model below.")
