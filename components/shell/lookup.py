"""The item of the address: found however it was typed, or said to be missing, with why and with what is near it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import streamlit as st

from components.parts.markdown import plain
from components.parts.spoken import commas, later, say
from components.shell import state
from components.shell.frame import em, lead, note
from components.shell.visit import workspace
from isogloss.corpora.passages import Passages
from isogloss.errors import IsoglossError
from isogloss.spaces.collection import Collection
from isogloss.spaces.lookup import Absence, absence, known_form, least_uses

_NOWHERE = later("no space holds it")


def pick_item(collection: Collection, typed: str) -> str:
    """The form in which the collection holds an item; empty, with a word of why, where it holds none."""
    typed = typed.strip()
    found = known_form(typed, collection) if typed else ""
    if found is None:
        show_missing(collection, typed)
        return ""
    say_folded({typed: found})
    return found


def say_folded(forms: dict[str, str]) -> None:
    """Say which words were taken in another form than they were typed in."""
    told = [
        say("{found} for {typed}", found=em(found), typed=em(typed))
        for typed, found in forms.items()
        if typed and found != typed
    ]
    if told:
        note(say("Shown is {forms}: the exact form is not there.", forms=commas(told)))


def holds(collection: Collection, item: str, space: str | None = None) -> bool:
    """Whether any space, or the one named, has a vector of an item, be it one made of subwords."""
    asked = [collection[space]] if space else collection.spaces
    return any(item in one or one.composes(item) for one in asked)


def show_missing(
    collection: Collection, item: str, spaces: Sequence[str] | None = None, *, typed: str = "", key: str = "near"
) -> str:
    """That an item is not there, why, and a way to each that is near it. Returns the nearest, empty for none.

    typed: all that was typed; what else it names stays.
    """
    found = absence(collection, item, list(spaces) if spaces else None)
    uses = _uses(collection, item)
    where, why = em(collection.title or collection.name), html.escape(why_so(_why(found, collection), uses))
    lead(say("{word} is not in {collection}: {why}.", word=em(item), collection=where, why=why))
    if uses and any(uses.values()):
        told = commas(say("{n:,} in {space}", n=n, space=em(space)) for space, n in uses.items())
        note(say("Its uses in the texts: {uses}.", uses=told))
    if found.near:
        note(say("Near it in spelling:"))
        with st.container(horizontal=True, key=key):
            for number, near in enumerate(found.near):
                if st.button(plain(near), key=f"{key}-{number}", help=say("near it in spelling"), type="tertiary"):
                    state.walk_to(_instead(typed, item, near))
                    st.rerun()
    return found.near[0] if found.near else ""


def _instead(typed: str, item: str, near: str) -> str:
    """What was typed with another item in one's place; the other alone where the one does not stand there.

    >>> _instead("war, paece, art", "paece", "peace"), _instead("Paece", "paece", "peace"), _instead("", "a", "b")
    ('war, peace, art', 'peace', 'b')
    """
    found, n = re.subn(rf"(?<!\w){re.escape(item)}(?!\w)", lambda _: near, typed, count=1)
    return found if n else near


def why_so(why: str, uses: dict[str, int] | None) -> str:
    """Why, more exactly where the texts are at hand.

    >>> why_so("no space holds it", {"a": 0}), why_so("no space holds it", None)
    ('it is never used in the texts', 'no space holds it')
    """
    if uses is not None and not any(uses.values()):
        return say("it is never used in the texts")
    return why


def _why(found: Absence, collection: Collection) -> str:
    """The same as its `why`, in the language of the visit."""
    if found.elsewhere:
        return say("it is only in {spaces}", spaces=commas(found.elsewhere))
    if (least := least_uses(collection)) and found.why != _NOWHERE:
        return say("it is used under {least:,} times, or never: so rare words have no vector here", least=least)
    return say(_NOWHERE)


def _uses(collection: Collection, item: str) -> dict[str, int] | None:
    """How often it stands in the texts of each space, None where they are not at hand or it is a phrase."""
    passages = Passages(workspace(), collection.name)
    if not passages.attached or least_uses(collection) is None:
        return None
    try:
        uses = passages.find(item, limit=1).uses
    except IsoglossError:
        return None
    return None if any(n is None for n in uses.values()) else {space: n or 0 for space, n in uses.items()}
