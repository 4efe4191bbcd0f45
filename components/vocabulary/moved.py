"""What trimming does to vectors: the neighbors of a word, and sentences, before and after side by side."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import pyarrow as pa
import streamlit as st

from components.parts.numbers import figure, share
from components.parts.spoken import Spoken, count, say
from components.parts.told import told as in_words
from components.shell.frame import note
from components.vocabulary.pick import Picked, model_of
from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.vocabulary.folder import read_report
from isogloss.vocabulary.growing.grow import table_of
from isogloss.vocabulary.near import Sided, Table
from isogloss.vocabulary.trim import Plan
from isogloss.vocabulary.vectors import Moved, moved_of, moved_static

_SENTENCES = 200  # held-out lines that are compared
_WORD = "water"


def shown_moved(picked: Picked, key: str, made: Plan, held: Sequence[str], out: Path) -> None:
    """Neighbors of a word at once; sentences at once for the shipped encoder, else once the model is written.

    key: of the plan. out: where the model is, or will be.
    """
    model = model_of(picked)
    if model.tables is None:
        return
    st.subheader(say("Neighbors before and after"))
    table = _table(picked.key[0], picked)
    kept = _kept(picked.key[0], key, table, made)
    if kept.known and kept.null is not None:
        low, high = kept.interval or (kept.value, kept.value)
        note(
            say(
                "Of a word's 10 nearest <b>{share}</b> stay (95%: {low:.0%} to {high:.0%}, n = {n:,} words that stay;"
                " of any words {chance}).",
                share=share(kept.value),
                low=low,
                high=high,
                n=kept.n,
                chance=share(kept.null.mean),
            )
        )
    word = st.text_input(say("A word"), _WORD, key="near-word", max_chars=80).strip()
    if word:
        try:
            shown_word(table.beside(made, word))
        except InvalidValue as error:
            note(escape(f"{in_words(error.fact)}: {in_words(error.lever)}"))
    st.subheader(say("Sentences before and after"))
    if model.stage:
        shown_sentences(_moved(key, made, model.stage, tuple(held[:_SENTENCES])))
    elif (told := read_report(out)) and told.get("vectors"):
        shown_sentences(moved_of(told["vectors"]))
    else:
        note(say("Sentences are compared when the model is written, by the model itself."))


def shown_word(one: Sided) -> None:
    """The nearest words of both tables; what is lost is told apart by the column between."""
    before, after = ([f"{item} {cosine:.2f}" for item, cosine in side] for side in (one.before, one.after))
    there = {item for item, _ in one.after}
    stays = [say("stays") if item in there else say("taken out") for item, _ in one.before]
    n = max(len(before), len(after))
    rows = {
        "": list(range(1, n + 1)),
        "before": before + [""] * (n - len(before)),
        "that one": stays + [""] * (n - len(stays)),
        "after": after + [""] * (n - len(after)),
    }
    st.dataframe(pa.table(rows), hide_index=True, alt=say("Nearest words before and after"))
    cut = (
        say("It is cut as before, so its vector is the same.")
        if one.cut[0] == one.cut[1]
        else say(
            "It was cut {before} and is cut {after}: cosine {cosine:.2f}.",
            before=" · ".join(one.cut[0]),
            after=" · ".join(one.cut[1]),
            cosine=one.cosine,
        )
    )
    of = count("{n:,} of {of:,} stays. {cut}", "{n:,} of {of:,} stay. {cut}", one.stays, of=len(one.before), cut=cut)
    note(escape(of))


def shown_sentences(found: Moved) -> None:
    """Figures, then the lines that moved most."""
    same, cosine, near = found.identical, found.cosine, found.neighbor
    said = [say("Equal to the bit: {share} of lines cut as before, n = {n:,}.", share=_percent(same), n=same.n)]
    if cosine.n:
        told = {"figure": figure(cosine), "n": cosine.n}
        said.append(say("Others have a cosine of {figure} to what they were, n = {n:,}.", **told))
    if near.n:
        told = {"share": _percent(near), "n": near.n}
        said.append(say("The nearest other line is the same for {share}, n = {n:,}.", **told))
    note(escape(" ".join(said)))
    rows = sorted(found.texts, key=lambda one: one.cosine)
    if rows:
        table = {
            "line": [one.text for one in rows],
            "cosine": [one.cosine for one in rows],
            "cut as before": [say("as before") if one.is_cut_as_before else say("otherwise") for one in rows],
            "nearest before": [one.nearest[0] for one in rows],
            "nearest after": [one.nearest[1] for one in rows],
        }
        st.dataframe(
            pa.table(table),
            hide_index=True,
            column_config={"cosine": st.column_config.NumberColumn(format="%.3f")},
            alt=say("Held-out lines with the cosine of their vectors before and after"),
        )


def _percent(one: Figure) -> str:
    if one.interval is None or not one.known:
        return say("unknown")
    low, high = one.interval
    return say("{value} ({low} to {high})", value=share(one.value), low=f"{low:.0%}", high=f"{high:.0%}")


@st.cache_resource(max_entries=2, show_spinner=Spoken("Reading the table…"))
def _table(key: str, _picked: Picked) -> Table:
    model = model_of(_picked)
    return Table(model.subwords, table_of(model))


@st.cache_data(max_entries=64, show_spinner=False)
def _kept(key: str, plan: str, _table: Table, _made: Plan) -> Figure:
    return _table.kept_neighbors(_made)


@st.cache_resource(max_entries=16, show_spinner=Spoken("Comparing vectors…"))
def _moved(key: str, _made: Plan, stage: str, texts: tuple[str, ...]) -> Moved:
    return moved_static(_made, stage, texts)
