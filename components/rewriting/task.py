"""Which task the page shows: pairs are checked, or texts are switched, looked at word by word, or compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st

from components.parts.spoken import later, say
from components.rewriting.tasks import consistency, etymology, switch
from components.shell import state
from components.shell.pickers import pick_said

CHECK = later("Check")


class Task(NamedTuple):
    """pick: what stands in the drawer. show: what is picked, and what draws the tools beneath the picture."""

    pick: Callable[[], Any]
    show: Callable[[Any, Callable[[], None]], None]


TASKS = {
    later("Switch"): Task(switch.pick, switch.show),
    later("Etymology"): Task(etymology.pick, etymology.show),
    later("Consistency"): Task(consistency.pick, consistency.show),
}
_HELP = later(
    "Check: what became of rewritten texts. Switch: entities in other languages. Etymology: where words come from, and"
    " where the language changes. Consistency: whether vectors agree across languages."
)


def pick_task() -> str:
    """Bound to the address."""
    names = [CHECK, *TASKS]
    state.check_bound({"task": names}, {"task": CHECK})
    return pick_said(st.segmented_control, say("Task"), names, key="task", default=CHECK, help=say(_HELP))
