"""The search box: matches as one types, from the engine's own search; Enter or a click chooses."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components.parts.sent import sent
from components.parts.spoken import later, say
from components.shell.cached import search_of
from components.shell.lenses import go
from components.shell.state import walk_to
from isogloss.spaces.collection import Collection

_FOLDER = Path(__file__).parent
_box = st.components.v2.component(
    "isogloss.search_box",
    html='<div class="box"></div>',
    css=(_FOLDER / "search_box.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "search_box.js").read_text(encoding="utf-8"),
)
_KINDS = {"exact": "", "prefix": "", "substring": later("contains"), "near": later("near match")}


def search_box(
    collection: Collection, chosen: str, label: str, *, placeholder: str, to: str = "", key: str = "search"
) -> None:
    """Draw the box in its own fragment; choosing writes the address and runs the page, or opens the page `to`."""
    _fragment(collection, chosen, label, placeholder=placeholder, to=to, key=key)


@st.fragment
def _fragment(collection: Collection, chosen: str, label: str, *, placeholder: str, to: str, key: str) -> None:
    typed = str((st.session_state.get(key) or {}).get("typed") or "")
    result = _box(
        data=sent(
            {
                "label": label,
                "placeholder": placeholder,
                "chosen": chosen,
                "typed": typed,
                "matches": matches(collection, typed),
                "nothing": say("no item is like this in any space"),
                "list": say("Matches"),
            }
        ),
        key=key,
        on_typed_change=lambda: None,
        on_chosen_change=lambda: None,
    )
    if isinstance(result.chosen, str) and result.chosen.strip():
        if to:
            go(to, collection=collection.name, item=result.chosen)
        walk_to(result.chosen)
        st.rerun(scope="app")


def matches(collection: Collection, typed: str) -> list[dict[str, str]]:
    """Up to ten matches with how they match and their count over all spaces."""
    counted = any(space.counts is not None for space in collection.spaces)
    return [
        {"item": m.item, "note": " · ".join(filter(None, [say(_KINDS[m.kind]), f"{m.count:,}" if counted else ""]))}
        for m in search_of(collection)(typed, limit=10)
    ]
