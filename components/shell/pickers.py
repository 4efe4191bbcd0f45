"""Pickers that several pages share; each is bound to the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import streamlit as st

from components.parts.markdown import as_written, plain
from components.parts.spoken import later, say, spoken
from components.shell import state
from components.shell.cached import open_collection, titles
from components.shell.language.chosen import kept
from isogloss.interface.languages import ENGLISH
from isogloss.spaces.collection import Collection

EACH = later("each its own")


class Shelf(Protocol):
    """Results of one kind, kept by name."""

    def files(self) -> Mapping[str, Any]: ...

    def open(self, name: str, /) -> Any: ...


def pick_collection(default: str = "") -> Collection:
    """The collection of the page. Raises NotFound when there is none, or none of that name."""
    known = titles()
    names = list(known)
    asked = state.read("collection", default or names[0])
    if asked not in names:
        open_collection(asked)  # raises, with the nearest names
    if len(names) == 1:
        return open_collection(names[0])
    # Not bound: a bound box would write titles into the address, and Back should return to the other collection.
    chosen = st.selectbox(
        say("Collection"),
        names,
        index=names.index(asked),
        format_func=known.__getitem__,
        key=f"collection-{asked}",
        label_visibility="collapsed",
        width=210,
    )
    if chosen != asked:
        st.query_params.from_dict({"collection": chosen, **kept()})
        st.rerun()
    return open_collection(chosen)


def stories(collection: Collection) -> list[str]:
    """The items that a collection says are worth a look, as far as it holds them."""
    told = collection.metadata.get("stories")
    return [item for item in told if item in collection] if isinstance(told, list) else []


def default_item(collection: Collection) -> str:
    """An item worth opening with: a story of the collection, or its most frequent shared item."""
    if told := stories(collection):
        return told[0]
    first = collection.spaces[0].items
    return next((item for item in first if all(item in s for s in collection.spaces[1:])), first[0])


def pick_pair(collection: Collection) -> tuple[str, str]:
    """Two spaces to compare; the first and the last unless the address says otherwise."""
    names = collection.names
    state.check_bound({"from": names, "to": names}, {"from": names[0], "to": names[-1]})
    if len(names) <= 2:
        return names[0], names[-1]
    source = st.selectbox(say("Compare"), names, key="from", bind="query-params", index=0)
    target = st.selectbox(say("with"), names, key="to", bind="query-params", index=len(names) - 1)
    if source == target:  # compared with itself there is nothing to see
        at = names.index(source)
        other = names[at + 1] if at + 1 < len(names) else names[at - 1]
        st.caption(
            say("{space} is the same as itself: shown is {other} beside it.", space=plain(source), other=plain(other))
        )
        return (source, other) if at + 1 < len(names) else (other, source)
    return source, target


def pick_one(label: str, names: list[str], default: str, *, key: str, joined: bool = False) -> str:
    """One of the names that people gave: as pills where Markdown shows all of them as written, else in a box.

    joined: pills without gaps between them.
    """
    if all(map(as_written, names)):
        pick = st.segmented_control if joined else st.pills
        return pick(label, names, default=default, required=True, key=key, bind="query-params", wrap=True) or default
    return st.selectbox(label, names, index=names.index(default), key=key, bind="query-params")


def pick_said(
    pick: Any,
    label: str,
    options: Sequence[str],
    *,
    key: str,
    default: str,
    ours: Sequence[str] | None = None,
    said: Callable[[str], str] = say,
    **more: Any,
) -> str:
    """One of the options of ours, in the words of the visit's language; the address holds the English one.

    pick: a widget of Streamlit. A bound widget would write what it shows into the address. ours: the options that are
    words of ours, where names that people gave stand among them; all by default. said: how one of ours is said.
    """
    names, asked = list(options), default
    if spoken() != ENGLISH and (told := state.read(key, default)) in names:
        asked = told
    more |= {"index": names.index(asked)} if pick == st.selectbox else {"default": asked, "required": True}
    if spoken() == ENGLISH:
        return str(pick(label, names, key=key, bind="query-params", **more) or default)

    words = {one: said(one) if ours is None or one in ours else one for one in names}
    # By its value: what is folded away when it is drawn takes its first option, not what the session says of it.
    own = f"{key}-said-{names.index(asked)}"
    chosen = pick(label, names, key=own, format_func=words.__getitem__, on_change=_say_chosen, args=(key, own), **more)
    return str(chosen or default)


def _say_chosen(key: str, own: str) -> None:
    st.query_params[key] = st.session_state[own]


def pick_kept(shelf: Shelf, label: str, *, key: str) -> tuple[str, Any]:
    """Name and content of the result of the address, or the one just made, else the first; ("", None) where none is.

    Raises NotFound, StoreError, InvalidValue.
    """
    names = list(shelf.files())
    if not names:
        return "", None
    state.turned(key)
    state.check_bound({key: names}, {key: names[0]})
    name = str(st.selectbox(label, names, key=key, bind="query-params"))
    return name, shelf.open(name)


def show_dropped() -> None:
    """What the address asked for and could not have."""
    for key, value, default in state.take_dropped():
        st.caption(
            ":material/info: " + say("The link's value for {key} could not be used; showing the default.", key=key)
        )
        st.code(f"{key} = {value}  →  {default}", language=None, wrap_lines=True)
