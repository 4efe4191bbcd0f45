"""The stage: headline and picture fill the screen, and keys go through a route of findings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from components.parts.cards import cards, words_data
from components.shell import state
from components.shell.lenses import go, lenses
from components.shell.pickers import stories
from isogloss.spaces.collection import Collection

_keys = st.components.v2.component(
    "isogloss.stage_keys",
    html="<span></span>",
    js=(Path(__file__).parent / "stage_keys.js").read_text(encoding="utf-8"),
)
_MOST_STOPS = 12
_PARAMETERS = ("item", "from", "to", "view", "by", "remove", "space", "measure")


@dataclass(frozen=True)
class Stop:
    """One finding of a route: a page and what its address says."""

    page: str
    parameters: dict[str, str]


def presenting() -> bool:
    """Whether the page is shown to an audience."""
    return state.read("present") == "true"


def switch() -> None:
    """The switch of the bar; on the stage it is the way back."""
    st.toggle(
        "Present", key="present", bind="query-params", help="For an audience. PageUp and PageDown go on; Esc ends."
    )


def route(collection: Collection) -> list[Stop]:
    """The findings that a collection ships with (`route` of its metadata), or its stories; what it says is checked."""
    told = collection.metadata.get("route")
    stops = []
    for one in told if isinstance(told, list) else []:
        if isinstance(one, dict) and one.get("page") in lenses():
            stops.append(Stop(str(one["page"]), {key: str(one[key]) for key in _PARAMETERS if key in one}))
    found = stops or [Stop("Neighbors", {"item": item}) for item in stories(collection)[:5]]
    return found[:_MOST_STOPS]


def keys(collection: Collection) -> None:
    """On the stage: PageUp and PageDown, as a pointer sends them, and Esc."""
    if not presenting():
        return
    with st.container(key="presenting"):
        pressed = _keys(data={}, key="stage-keys", on_step_change=_end).step
    stops = route(collection)
    if pressed in ("next", "before") and stops:
        at = _place(stops, pressed)
        st.session_state["_stop"] = at
        go(stops[at].page, collection=collection.name, present="true", **stops[at].parameters)


def _end() -> None:
    if (st.session_state.get("stage-keys") or {}).get("step") == "end":
        st.session_state["present"] = False  # before the switch of this run is drawn


def _place(stops: list[Stop], pressed: str) -> int:
    """The stop that comes next or before; from a page of the route by its word, else from where one was."""
    item = state.read("item")
    here = int(st.session_state.get("_stop", -1))
    if not (0 <= here < len(stops) and stops[here].parameters.get("item", "") == item):
        here = next((i for i, stop in enumerate(stops) if stop.parameters.get("item", "") == item), -1)
    return (here + 1) % len(stops) if pressed == "next" else (max(here, 0) - 1) % len(stops)


def end_of_stage(collection: Collection) -> None:
    """On the stage a page ends with example words, as chips; what comes after is not drawn."""
    if not presenting():
        return
    picked = cards(words_data([word for word in stories(collection) if word != state.read("item")][:8]), key="stage")
    if picked:
        state.walk_to(picked)
        st.rerun()
    st.stop()
