"""Whether an item's vectors agree across languages (CLC), and when its words are mixed (CSS)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from components.parts.interval_dots import Dot, interval_dots
from components.parts.labels import named
from components.parts.palette import OKABE_ITO
from components.parts.spoken import commas, count, later, parted, say
from components.parts.told import read_said, told
from components.rewriting.tasks._shared import choice, files, picture, table
from components.rewriting.views._shown import said
from components.shell import state
from components.shell.frame import lead, note
from components.shell.intake import Brought
from components.shell.stage.present import presenting
from isogloss.encoders.encoder import open_encoder
from isogloss.figure import Figure
from isogloss.rewriting.agreeing.consistency import ENGLISH, Consistency, consistency
from isogloss.rewriting.agreeing.vectors import ItemVectors, brought_items, encoded_items
from isogloss.rewriting.given.items import NOTE, PIVOT, given_items
from isogloss.sentences.given.own import own_sentences
from isogloss.types import Vectors

TEXTS, VECTORS = later("texts"), later("vectors")
_FROM_AFAR = 4  # languages at either end that an audience can read
_REFERENCES = {ENGLISH: later("with the reference"), "all_pairs": later("every two")}


@dataclass(frozen=True)
class Asked:
    """kind: what the files hold. brought: one's own file, and the names of its rows where it needs them."""

    kind: str
    brought: tuple[Brought, ...]


def pick() -> Asked:
    """In the drawer. Raises InvalidValue."""
    which = (TEXTS, VECTORS)
    about = say("Vectors may be of images, or of another program.")
    kind = choice(say("The file holds"), "holds", which, help=about, ours=which)
    found = files(
        say("Items of your own"),
        "items-files",
        most=2,
        help=say(
            "item, language, variant and text; or with a vector; .npz of vectors, item, language; .npy and its table."
        ),
    )
    return Asked(kind, tuple(sorted(found, key=lambda one: not one.name.lower().endswith((".npy", ".npz")))))


def show(asked: Asked, under: Callable[[], None]) -> None:
    """Sentence, picture, languages. Raises what reading raises."""
    given = _given(asked)
    spoken = list(dict.fromkeys(given.languages))
    first = PIVOT if PIVOT in spoken else spoken[0]
    chosen = st.session_state.get("pivot", state.read("pivot"))
    pivot = chosen if chosen in spoken else first
    found = consistency(given, pivot=pivot)
    lead(_finding(found))
    dots = [Dot(f"CLC, {say(_REFERENCES[name])}", one, OKABE_ITO[5]) for name, one in found.clc.items() if one.known]
    for kind, both in found.css.items():
        dots += [Dot(f"CSS {kind}, {say(_REFERENCES[n])}", one, OKABE_ITO[2]) for n, one in both.items() if one.known]
    spread = sorted(found.languages.items(), key=lambda one: -one[1].value if one[1].known else 2.0)
    few = presenting() and len(spread) > 2 * _FROM_AFAR
    shown = [*spread[:_FROM_AFAR], *spread[-_FROM_AFAR:]] if few else spread
    dots += [Dot(named(name), one) for name, one in shown if one.known]
    with_it = {"pivot": named(pivot)}
    axis = (
        say("cosine with {pivot}, the {n} languages with the most and with the least", n=_FROM_AFAR, **with_it)
        if few
        else say("cosine with {pivot}", **with_it)
    )
    figure = interval_dots(dots[:60], axis)
    figure.update_yaxes(tickmode="linear", dtick=1, tickfont={"size": 13 if few else 11})
    picture(
        figure,
        ("consistency", pivot),
        count("Agreement of {n:,} item across languages", "Agreement of {n:,} items across languages", found.items),
    )
    choice(say("Reference language"), "pivot", [first, *(one for one in spoken if one != first)])
    if not asked.brought:
        under()
        note(escape(say("{sentence}.", sentence=told(NOTE[0].upper() + NOTE[1:]))))
    note(escape(say("{sentence}.", sentence=read_said(given.read))))
    rows = [("CLC", say(_REFERENCES[name]), one) for name, one in found.clc.items()]
    rows += [(f"CSS {kind}", say(_REFERENCES[n]), one) for kind, both in found.css.items() for n, one in both.items()]
    rows += [(named(name), say("with {pivot}", pivot=named(pivot)), one) for name, one in spread]
    _table(rows)
    with st.expander(say("How it was computed")):
        for what, name, one in rows[:2]:
            note(f"<b>{escape(what)}, {escape(name)}</b>: {escape(told(one.how))}.")
        note(
            say("CSS: the same for vectors of a variant whose words are mixed. Other items: languages are moved apart.")
        )


def _finding(found: Consistency) -> str:
    one = found.clc[ENGLISH]
    parts = []
    if one.known:
        fields = {"pivot": escape(named(found.pivot)), "value": one.value}
        parts.append(
            say(
                "an item's vectors agree with its {pivot} one by {value:.2f}, other items' {floor:.2f}",
                floor=one.null.mean,
                **fields,
            )
            if one.null
            else say("an item's vectors agree with its {pivot} one by {value:.2f}", **fields)
        )
    known = {name: figure for name, figure in found.languages.items() if figure.known}
    if len(known) > 1:
        low, high = (pick(known, key=lambda name: known[name].value) for pick in (min, max))
        ends = {"most": escape(named(high)), "least": escape(named(low)), "value": known[low].value}
        parts.append(say("most in {most}, least in {least} ({value:.2f})", **ends))
    mixed = [(kind, both[ENGLISH]) for kind, both in found.css.items() if both[ENGLISH].known]
    if mixed:
        kinds = commas(f"{escape(kind)} {figure.value:.2f}" for kind, figure in mixed)
        parts.append(say("with mixed words {kinds}", kinds=kinds))
    said_ = parted(parts) or say("nothing can be compared: no item has two vectors")
    return say("{sentence}.", sentence=said_[0].upper() + said_[1:])


def _table(rows: list[tuple[str, str, Figure]]) -> None:
    columns: dict[str, list[Any]] = {
        "what": [what for what, _, _ in rows],
        "reference": [name for _, name, _ in rows],
        "cosine": [one.value if one.known else None for _, _, one in rows],
        "items": [one.n for _, _, one in rows],
        "other items": [one.null.mean if one.null else None for _, _, one in rows],
        "in words": [said(one) for _, _, one in rows],
    }
    table("pairs-consistency", columns, say("Agreement by language and variant"))


def _given(asked: Asked) -> ItemVectors:
    """Kept for the session."""
    key = (asked.kind, *(str(one.path) for one in asked.brought))
    held = st.session_state.get("_pairs_items")
    if held is None or held[0] != key:
        with st.spinner(say("Encoding the items")):
            if not asked.brought:
                found = given_items(own_sentences().texts, _encode)
            elif asked.kind == VECTORS or len(asked.brought) > 1:
                found = brought_items(asked.brought[0].path, asked.brought[1].path if len(asked.brought) > 1 else None)
            else:
                found = encoded_items(asked.brought[0].path, _encode)
        held = key, found
        st.session_state["_pairs_items"] = held
    result: ItemVectors = held[1]
    return result


def _encode(texts: object) -> Vectors:
    return np.asarray(open_encoder("").encode(list(texts)), dtype=np.float32)  # type: ignore[call-overload]
