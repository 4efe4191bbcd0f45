"""Lines in context: how a word is used in the texts that a collection was made from."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from components.neighbors.cached import texts_of
from components.parts.spoken import count, say
from components.shell.frame import em, note, shown_errors
from components.shell.lenses import link
from components.shell.visit import workspace
from isogloss.corpora.concordance import concordance, corpus_of
from isogloss.corpora.passages import Found, Passages, way_to_attach
from isogloss.errors import IsoglossError, NotFound
from isogloss.spaces.collection import Collection
from isogloss.workspace.access import visitors

Rows = list[tuple[str, str, str, str]]  # left, hit, right, where
_LINES = 8
_BEFORE = 40  # characters of a quotation in one line, before the word
_BESIDE, _MOST = 4, 12  # spaces in a row, spaces in all


def uses(collection: Collection, item: str, spaces: Sequence[str]) -> None:
    """Lines of an item in some spaces, side by side; from the index of the texts, else from the corpus where it lies
    at hand.
    """
    passages = Passages(workspace(), collection.name)
    if not passages.attached and corpus_of(collection) is None:
        texts_wanted(collection)
        return
    shown = [name for name in dict.fromkeys(spaces) if name in collection.names]
    for at in range(0, min(len(shown), _MOST), _BESIDE):
        row = shown[at : at + _BESIDE]
        for column, space in zip(st.columns(min(len(shown), _BESIDE), gap="large"), row, strict=False):
            with column, shown_errors():
                said, rows = _attached(passages, item, space) if passages.attached else _live(collection, item, space)
                note(say("{word} in {space}: {uses}", word=em(item), space=em(space), uses=said))
                st.html(f'<ul class="iso-uses">{"".join(_line(*row) for row in rows)}</ul>')
    if len(shown) > _MOST:
        note(say("The first {first} of {of:,} spaces.", first=_MOST, of=len(shown)))


def quotations(collection: Collection, item: str, spaces: Sequence[str]) -> str:
    """One line of an item in each of some spaces, as markup; empty where no texts are attached or hold none."""
    passages = Passages(workspace(), collection.name)
    if not passages.attached:
        return ""
    told = []
    for space in dict.fromkeys(spaces):
        try:
            lines = _found(str(passages.path), passages.path.stat().st_mtime_ns, item, space, passages).lines
        except (IsoglossError, OSError):  # the panel under the picture says what is the matter
            continue
        told += [_line(one.left[-_BEFORE:], one.hit, one.right, f"{space} · {one.document}") for one in lines[:1]]
    return f'<ul class="iso-uses iso-quotes">{"".join(told)}</ul>' if told else ""


def _attached(passages: Passages, item: str, space: str) -> tuple[str, Rows]:
    try:
        found = _found(str(passages.path), passages.path.stat().st_mtime_ns, item, space, passages)
    except NotFound:  # texts may cover some of the spaces only
        return say("no texts are attached for it"), []
    return how_many(found, space), [(one.left, one.hit, one.right, one.document) for one in found.lines]


def _live(collection: Collection, item: str, space: str) -> tuple[str, Rows]:
    path = corpus_of(collection)
    if path is None:
        return say("the texts are gone"), []
    corpus = collection.metadata["corpus"]
    lines = concordance(
        texts_of(str(path), path.stat().st_mtime_ns, repr(corpus), _corpus=corpus), corpus, item, space=space
    )
    said = (
        count("{n} document at random", "{n} documents at random", len(lines))
        if lines
        else say("no such form in the texts")
    )
    return said, [(one.left, one.word, one.right, one.where) for one in lines]


@st.cache_data(show_spinner=False, max_entries=256)
def _found(path: str, changed: int, item: str, space: str, _passages: Passages) -> Found:
    return _passages.find(item, space, limit=_LINES)


def how_many(found: Found, space: str) -> str:
    """Uses and passages of an item in one space, in words.

    >>> how_many(Found((), {"a": 12}, {"a": 9}), "a"), how_many(Found((), {"a": None}, {"a": 5_000}), "a")
    ('12 uses in 9 passages', 'in 5,000 passages')
    """
    n, counted = found.passages.get(space, 0), found.uses.get(space)
    if not n or counted == 0:
        return say("no such form in the texts")
    where = count("in {n:,} passage", "in {n:,} passages", n)
    said = where if counted is None else count("{n:,} use {where}", "{n:,} uses {where}", counted, where=where)
    if len(found.lines) < n and found.lines:
        return say("{uses}; {n} of them", uses=said, n=len(found.lines))
    return said


def _line(left: str, hit: str, right: str, where: str) -> str:
    return (
        "<li><span"
        f' dir="auto">…{escape(left)}<b>{escape(hit)}</b>{escape(right)}…</span><small>{escape(where)}</small></li>'
    )


def uses_panel(collection: Collection, item: str, spaces: Sequence[str]) -> None:
    """The lines, folded, looked for only when they are asked for; without texts, where they are to be had."""
    if not Passages(workspace(), collection.name).attached and corpus_of(collection) is None:
        texts_wanted(collection)
    elif st.toggle(say("Lines in context"), key="lines", bind="query-params"):
        uses(collection, item, spaces)


def texts_wanted(collection: Collection) -> None:
    """One line: where the corpus is to be had, and where it is attached."""
    if collection.metadata.get("corpus") is None:
        return
    source = collection.metadata.get("source")
    if visitors():
        note(
            say("Quotations need the texts of {source}; they are not offered here.", source=em(str(source)))
            if source
            else say("Quotations need the texts; they are not offered here.")
        )
        return
    how = escape(way_to_attach(collection.name, collection.metadata))
    note(say("Quotations need the texts, which are not shipped: {how}.", how=how))
    link("Data", say("Attach the texts"), do="Your collections")
