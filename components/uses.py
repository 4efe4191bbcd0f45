"""Lines in context: how a word is used in the texts that a collection was made from."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from components.data import texts_of
from components.frame import em, note
from components.visit import workspace
from isogloss.cli_corpora import how_to_attach
from isogloss.collection import Collection
from isogloss.concordance import concordance, corpus_of
from isogloss.passages import Found, Passages

_LINES = 8


def uses(collection: Collection, item: str, spaces: Sequence[str]) -> None:
    """Lines of an item in some spaces, side by side; from the index of the texts, else from the corpus where it lies at hand."""
    passages = Passages(workspace(), collection.name)
    path = corpus_of(collection)
    if not passages.attached and path is None:
        note(escape("Lines in context need the texts: " + how_to_attach(workspace(), collection.name)))
        return
    shown = [name for name in dict.fromkeys(spaces) if name in collection.names][:4]
    for column, space in zip(st.columns(max(len(shown), 1), gap="large"), shown, strict=False):
        with column:
            if passages.attached:
                found = _found(str(passages.path), passages.path.stat().st_mtime_ns, item, space, passages)
                note(f"{em(item)} in {em(space)}: {how_many(found, space)}")
                rows = [(one.left, one.hit, one.right, one.document) for one in found.lines]
            else:
                corpus = collection.metadata["corpus"]
                texts = texts_of(str(path), path.stat().st_mtime_ns if path else 0, repr(corpus), corpus)
                lines = concordance(texts, corpus, item, space)
                note(
                    f"{em(item)} in {em(space)}: "
                    + (f"{len(lines)} documents at random" if lines else "no such form in the text")
                )
                rows = [(one.left, one.word, one.right, one.where) for one in lines]
            st.html(f'<ul class="iso-uses">{"".join(_line(*row) for row in rows)}</ul>')


@st.cache_data(show_spinner=False, max_entries=256)
def _found(path: str, changed: int, item: str, space: str, _passages: Passages) -> Found:
    return _passages.find(item, space, _LINES)


def how_many(found: Found, space: str) -> str:
    """Uses and passages of an item in one space, in words.

    >>> how_many(Found((), {"a": 12}, {"a": 9}), "a"), how_many(Found((), {"a": None}, {"a": 5_000}), "a")
    ('12 uses in 9 passages', 'in 5,000 passages')
    """
    n, counted = found.passages.get(space, 0), found.uses.get(space)
    if not n or counted == 0:
        return "no such form in the texts"
    where = f"{n:,} passage{'s' if n > 1 else ''}"
    more = f"; {len(found.lines)} of them" if len(found.lines) < n and found.lines else ""
    return (f"{counted:,} use{'s' if counted > 1 else ''} in {where}" if counted is not None else f"in {where}") + more


def _line(left: str, hit: str, right: str, where: str) -> str:
    return f'<li><span dir="auto">…{escape(left)}<b>{escape(hit)}</b>{escape(right)}…</span><small>{escape(where)}</small></li>'


def uses_panel(collection: Collection, item: str, spaces: Sequence[str]) -> None:
    """The lines, folded; looked for only when they are asked for."""
    if st.toggle("Lines in context", key="uses", bind="query-params"):
        uses(collection, item, spaces)
