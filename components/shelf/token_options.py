"""What is a word and what is a line of the texts to build from; and what the rules took out of those that are built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import streamlit as st

from components.parts.spoken import Spoken, later, say
from isogloss.corpora.forms import TokenRules
from isogloss.corpora.lines import LINES, is_cut, lines_are, spread
from isogloss.corpora.scan import SPLITS

_SPLITS = {
    "words": later("cut from running text"),
    "whitespace": later("cut already: taken as they stand between spaces"),
}
_LINES = {
    "sentences": later("a sentence each"),
    "documents": later("a document each"),
    "none": later("nothing: they only wrap"),
}


@st.cache_data(show_spinner=Spoken("looking at the texts …"), max_entries=4)
def _proposed(path: str, changed: int, text: str, _table: pa.Table) -> tuple[str, str]:
    texts = spread(_table[text])
    return lines_are(texts), SPLITS[is_cut(texts)]


def token_options(table: pa.Table, text: str, *, path: str, changed: int) -> tuple[str, TokenRules]:
    """What its lines are, one of LINES, and the rules of its tokens: as the texts look, or as somebody chooses."""
    lines, split = _proposed(path, changed, text, table)
    with st.expander(say("Words are {words}; lines are {lines}", words=say(_SPLITS[split]), lines=say(_LINES[lines]))):
        a, b = st.columns(2)
        split = a.selectbox(
            say("Words are"),
            SPLITS,
            SPLITS.index(split),
            format_func=lambda one: say(_SPLITS[one]),
            key=f"build-split-{text}",
        )
        lines = b.selectbox(
            say("Lines are"),
            LINES,
            LINES.index(lines),
            format_func=lambda one: say(_LINES[one]),
            key=f"build-lines-{text}",
        )
        lower = a.checkbox(say("In lower case"), True, key="build-lower")
        accents = b.checkbox(
            say("Without accents"),
            False,
            key="build-accents",
            help=say("é becomes e: in Latin, Greek and Cyrillic letters"),
        )
        digits = a.checkbox(say("Keep words with digits"), False, key="build-digits", help=say("h2o, covid-19, g20"))
    return lines, TokenRules(lower=lower, fold_accents=accents, digits=digits, split=split)


def removed_table(diagnostics: Mapping[str, Any]) -> pa.Table | None:
    """What each rule took out of the texts of a collection, or None where it does not say.

    >>> removed_table({"removed": {"numbers": {"uses": 3, "examples": {"1990": 2, "7": 1}}}}).to_pylist()
    [{'rule': 'numbers', 'uses': 3, 'for example': '1990 (2), 7 (1)'}]
    """
    removed = diagnostics.get("removed")
    if not isinstance(removed, Mapping) or not removed:
        return None
    told = [", ".join(f"{form} ({n:,})" for form, n in one["examples"].items()) for one in removed.values()]
    uses = [one["uses"] for one in removed.values()]
    return pa.table({"rule": list(removed), "uses": uses, "for example": told})


def show_removed(diagnostics: Mapping[str, Any]) -> None:
    """A table of it, folded."""
    if (table := removed_table(diagnostics)) is not None:
        with st.expander(say("What the rules took out: {n:,} forms", n=sum(table["uses"].to_pylist()))):
            st.dataframe(table, hide_index=True, alt=say("What each rule took out of the texts, with examples"))
