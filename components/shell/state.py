"""The address bar is the save button: what a page reads from it, and what had to be dropped."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from isogloss.text.normalize import nfc

WORD = ("collection", "item", "from", "to")  # what goes with one from page to page
MOST_CHARACTERS = 12_000  # a token of 10,000 characters can still be followed


def read(key: str, default: str = "") -> str:
    """A raw parameter of the address, bounded."""
    return str(st.query_params.get(key, default))[:MOST_CHARACTERS]


def dropped(key: str, value: str, default: str) -> None:
    """Say that a value of the address could not be used."""
    st.session_state.setdefault("_dropped", {})[key] = (value, default)


def check_bound(options: dict[str, list[str]], defaults: dict[str, str]) -> None:
    """Read the raw parameters of bound widgets before the widgets do, to say what had to be dropped."""
    for key, allowed in options.items():
        if key in st.query_params and read(key) not in allowed:
            dropped(key, read(key), defaults.get(key, allowed[0] if allowed else ""))


def check_number(key: str, low: float, high: float, default: float) -> None:
    """The same for a number within its bounds."""
    if key not in st.query_params:
        return
    try:
        fits = low <= float(read(key)) <= high
    except ValueError:
        fits = False
    if not fits:
        dropped(key, read(key), f"{default:g}, of {low:g} to {high:g}")


def take_dropped() -> list[tuple[str, str, str]]:
    """(key, value, default) of every dropped value, once."""
    return [(key, *pair) for key, pair in st.session_state.pop("_dropped", {}).items()]


def turn_to(key: str, value: str) -> None:
    """Choose for a widget that stands on the page already, and run the page again: `turned` comes before the widget."""
    st.session_state[f"_next-{key}"] = value
    st.rerun()


def turned(key: str) -> None:
    """Take what `turn_to` chose."""
    if (value := st.session_state.pop(f"_next-{key}", None)) is not None:
        st.session_state[key] = value


def walk_to(item: str) -> None:
    """Go on to an item: pushes the address, so that Back returns."""
    st.query_params["item"] = nfc(item)[:MOST_CHARACTERS]


def _told() -> dict[str, str]:
    """What the address says of the word at hand. One look at the address: each of them asks the session."""
    told = st.query_params.to_dict()
    return {key: str(told[key])[:MOST_CHARACTERS] for key in WORD if key in told}


def remember(collection: str) -> None:
    """Keep what the address says of the word at hand, for pages that show no words and for the ways on from them."""
    before = st.session_state.get("_at", {})
    told = _told()
    keeps = before if before.get("collection") == collection and "item" not in told else {}
    st.session_state["_at"] = {**keeps, **told, "collection": collection}


def remembered() -> str:
    """The collection that was looked at last; empty for none."""
    return str(st.session_state.get("_at", {}).get("collection", ""))


def carried(keys: tuple[str, ...], follows: Callable[[str], bool] = lambda name: True) -> dict[str, str] | None:
    """What goes with one to a page that shows these keys; whether it is shown to an audience goes everywhere."""
    at = _told()
    if "item" not in at:
        at = {**st.session_state.get("_at", {}), **at}
    found = {key: at[key] for key in keys if key in at}
    if found.get("collection") and not follows(found["collection"]):
        found = {}
    if read("present") == "true":
        found["present"] = "true"
    return found or None


def newly(key: str, value: str | None) -> str | None:
    """The value when it differs from the one seen last under this key: a selection stands, a choice is made once."""
    before = st.session_state.get(f"_seen-{key}")
    st.session_state[f"_seen-{key}"] = value
    return value if value is not None and value != before else None
