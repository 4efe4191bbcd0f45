"""One pair beside each other, spans coloured by what became of them. What people wrote is escaped, piece by piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import streamlit as st

from components.parts.spoken import say
from components.rewriting.words import kind_said
from isogloss.rewriting.kept import fates
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Failure
from isogloss.rewriting.span import spans_of

_STYLE = (Path(__file__).parent / "diff.css").read_text(encoding="utf-8")
_LONGEST = 20_000
_FATES = ("kept", "moved", "changed", "lost", "added")
Places = Mapping[tuple[int, int], str]


def pair_html(source: str, target: str, marks: tuple[Places, Places]) -> str:
    """Both texts with marks: (start, end) → fate, which is a class of ours.

    >>> "&lt;b&gt;" in pair_html("<b>", "x", ({}, {}))
    True
    """
    sides = "".join(
        f'<div><small>{escape(name)}</small><p dir="auto">{_marked(text, some)}</p></div>'
        for name, text, some in ((say("Source"), source, marks[0]), (say("Target"), target, marks[1]))
    )
    return f'<div class="iso-pair">{sides}</div>'


def show_pair(pairs: Pairs, at: int, failures: Sequence[Failure], *, spans: bool) -> None:
    """A pair of the file. spans: whether protected spans are marked that nothing befell."""
    show_texts(pairs.source[at], pairs.target[at], marks_of(pairs.source[at], pairs.target[at], failures, spans=spans))


def show_texts(source: str, target: str, marks: tuple[Places, Places]) -> None:
    """Two texts, with these places of each marked."""
    st.html(f"<style>{_STYLE}</style>{pair_html(source, target, marks)}")


def marks_of(source: str, target: str, failures: Sequence[Failure], *, spans: bool) -> tuple[Places, Places]:
    """Of both texts the places that are marked, with what became of them."""
    here: dict[tuple[int, int], str] = {}
    there: dict[tuple[int, int], str] = {}
    if spans:
        one, two = spans_of(source), spans_of(target)
        found = fates(one, two)
        here |= {(span.start, span.end): "kept" for span in one}
        there |= {(span.start, span.end): "kept" for span in two}
        for i in found.moved:
            here[one[i].start, one[i].end] = "moved"
        for i, j in found.changed:
            here[one[i].start, one[i].end] = there[two[j].start, two[j].end] = "changed"
    for failure in failures:
        if failure.at is not None and failure.at[0] < failure.at[1]:
            (there if failure.kind == "added" or failure.in_target else here)[failure.at] = failure.kind
    return here, there


def _marked(text: str, places: Places) -> str:
    parts, at = [], 0
    for (start, end), fate in sorted(places.items()):
        if start < at or end > min(len(text), _LONGEST):
            continue
        name = fate if fate in _FATES else "lost"
        told = escape(kind_said(fate))
        parts.append(escape(text[at:start]))
        parts.append(f'<mark class="{name}" title="{told}" dir="auto">{escape(text[start:end])}</mark>')
        at = end
    parts.append(escape(text[at:_LONGEST]) + ("…" if len(text) > _LONGEST else ""))
    return "".join(parts)
