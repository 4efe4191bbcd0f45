"""The stage: headline and picture fill the screen, and keys go through a route of findings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from components.parts.cards import cards, words_data
from components.parts.spoken import say
from components.shell import state
from components.shell.lenses import lenses, way
from components.shell.pickers import stories
from isogloss.spaces.collection import Collection

_keys = st.components.v2.component(
    "isogloss.stage_keys",
    html="<span></span>",
    js=(Path(__file__).parent / "stage_keys.js").read_text(encoding="utf-8"),
)
_MOST_STOPS = 12
_MOST_CHIPS = 8


@dataclass(frozen=True)
class Stop:
    """One finding of a route: a page and what its address says."""

    page: str
    parameters: dict[str, str]

    @property
    def item(self) -> str:
        return self.parameters.get("item", "")


def presenting() -> bool:
    """Whether the page is shown to an audience."""
    return state.read("present") == "true"


def switch() -> None:
    """The switch of the bar; on the stage it is the way back. Not bound: links of the stage say it in the address."""
    now = presenting()
    help = say("For an audience. PageUp and PageDown go on; Esc ends.")
    if st.toggle(say("Present"), now, key=f"present-{now}", help=help) == now:
        return
    if now:
        del st.query_params["present"]
    else:
        st.query_params["present"] = "true"
    st.rerun()


def route(collection: Collection) -> list[Stop]:
    """The findings that a collection ships with (`route` of its metadata), or its stories; what it says is checked."""
    told = collection.metadata.get("route")
    stops = []
    for one in told if isinstance(told, list) else []:
        if isinstance(one, dict) and one.get("page") in lenses():
            at = {"item": str(one["item"])} if "item" in one else {}
            at |= {key: one[key] for key in ("from", "to") if one.get(key) in collection.names}
            stops.append(Stop(str(one["page"]), at))
    found = stops or [Stop("Neighbors", {"item": item}) for item in stories(collection)[:5]]
    return found[:_MOST_STOPS]


def keys(collection: Collection, title: str) -> None:
    """On the stage: PageUp and PageDown, as a pointer sends them, and Esc.

    To another page they follow a link that is not shown; of a link to the page one is on, Streamlit drops the address.
    """
    if not presenting():
        return
    with st.container(key="presenting"):
        ways: dict[str, Stop] = {}
        if stops := route(collection):
            item = state.read("item")
            at = next((i for i, one in enumerate(stops) if (one.page, one.item) == (title, item)), -1)
            ways = {"before": stops[max(at, 0) - 1], "next": stops[(at + 1) % len(stops)]}
        for label, stop in ways.items():
            told = {"collection": collection.name, "present": "true", **stop.parameters}
            way(lenses()[stop.page].page, label, told=told)
        _keys(data={}, key="stage-keys", on_step_change=partial(_step, ways))


def _step(ways: dict[str, Stop]) -> None:
    """Go on within the page, before it is drawn."""
    asked = str((st.session_state.get("stage-keys") or {}).get("step") or "")
    if asked == "end":
        st.query_params.pop("present", None)
    elif asked in ways:
        for key, value in ways[asked].parameters.items():
            if key == "item":
                state.walk_to(value)
            else:
                st.session_state[key] = value  # a bound widget's; it writes the address


def end_of_stage(collection: Collection) -> None:
    """On the stage a page ends with example words, as chips; what comes after is not drawn."""
    if not presenting():
        return
    words = [word for word in stories(collection) if word != state.read("item")][:_MOST_CHIPS]
    if picked := cards(words_data(words), key="stage-words"):
        state.walk_to(picked)
        st.rerun()
    st.stop()
