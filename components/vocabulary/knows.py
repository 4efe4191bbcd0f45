"""What a tokenizer knows: subwords a word by language, unknown characters, how much of its table is used."""

from __future__ import annotations

from html import escape
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.parts.figure_tools import figure_tools
from components.parts.labels import written
from components.parts.numbers import share
from components.parts.palette import OKABE_ITO
from components.parts.spoken import Spoken, commas, count, say
from components.parts.tables import csv_button
from components.parts.told import read_said, told
from components.shell.frame import em, lead, note
from components.shell.stage.charts import chart
from components.vocabulary.pick import Picked, called, model_of, other_of, texts_of
from isogloss.vocabulary.known import Beside, Known, Knows, beside, knows

_MOST = 40  # groups in the picture


def shown_knows(picked: Picked, second: str) -> None:
    """Headline, picture, tables. second: another tokenizer beside it, or none."""
    found = _knows(picked.key, picked)
    other = _other(picked.key, second, picked) if second else None
    lead(headline(found))
    with st.container(key="picture"):
        chart(
            bars(found, other[0] if other else None),
            key="fertility",
            height="stretch",
            config={"displayModeBar": False},
            alt=say("Subwords a word by language"),
        )
    figure_tools("picture", ("vocabulary", found.model), say("Subwords a word, {model}.", model=found.model))
    if other:
        note(pair_said(found, *other))
    unspaced = [called(one.group) for one in found.groups if not one.spaced]
    if unspaced:
        note(
            say(
                "Written without spaces between words: {languages}. There a “word” is a whole stretch; read subwords a"
                " character in the table.",
                languages=commas(map(em, unspaced[:8])),
            )
        )
    table = pa.Table.from_pylist([_row(one) for one in found.groups])
    shares = {name: st.column_config.NumberColumn(format="percent") for name in ("unknown characters", "of the table")}
    with st.expander(say("All {n:,} groups", n=len(table))):
        st.dataframe(table, hide_index=True, column_config=shares, alt=say("Groups with their figures and intervals"))
        csv_button(table, f"subwords and unknown characters of {found.model}", "vocabulary.csv", key="knows-csv")
    with st.expander(say("Tokens of the table by script")):
        rows = [{"script": written(one), "tokens": n} for one, n in found.scripts.items()]
        st.dataframe(pa.Table.from_pylist(rows), hide_index=True, alt=say("Scripts with their tokens"))
    with st.expander(say("How it was measured")):
        first = found.groups[0]
        read = {"read": read_said(texts_of(picked)[1]), "how": told(first.fertility.how)}
        note(escape(say("{read}. Subwords: {how}.", **read)))
        how = told(first.unknown.how)
        note(escape(say("Unknown: {how}; runs of them are one token, so characters are counted.", how=how)))


def headline(found: Knows) -> str:
    """How much of the table is used, and the best and the worst cut."""
    spaced = [one for one in found.groups if one.spaced and one.fertility.known] or list(found.groups)
    best, worst = (pick(spaced, key=lambda one: one.fertility.value) for pick in (min, max))
    fields = {
        "tokens": found.tokens,
        "model": em(found.model),
        "share": share(found.used_share),
        "best": em(called(best.group)),
        "least": best.fertility.value,
    }
    if worst.group == best.group:
        said = say(
            "Of <b>{tokens:,} tokens</b> of {model} these texts use <b>{share}</b>; it cuts a word of {best} into"
            " <b>{least:.1f}</b>",
            **fields,
        )
    else:
        said = say(
            "Of <b>{tokens:,} tokens</b> of {model} these texts use <b>{share}</b>; it cuts a word of {best} into"
            " <b>{least:.1f}</b> and one of {worst} into <b>{most:.1f}</b>",
            worst=em(called(worst.group)),
            most=worst.fertility.value,
            **fields,
        )
    lost = [one for one in found.groups if one.unknown.value >= 0.05]
    if lost:
        unknown = count(
            "of {n:,} group it does not know 5% of the characters or more",
            "of {n:,} groups it does not know 5% of the characters or more",
            len(lost),
        )
        said = f"{said}; {unknown}"
    return say("{sentence}.", sentence=said)


def pair_said(found: Knows, other: Knows, pairs: tuple[Beside, ...]) -> str:
    """Where the second needs fewer subwords, where more, and where nobody can tell."""
    fewer = sum((one.saved.low or 0) > 0 for one in pairs)
    more = sum((one.saved.high or 0) < 0 for one in pairs)
    return count(
        "{model} beside it: fewer subwords in {fewer:,} of {n:,} group, more in {more:,}, not to be told apart in"
        " {alike:,} (95% interval of the paired difference).",
        "{model} beside it: fewer subwords in {fewer:,} of {n:,} groups, more in {more:,}, not to be told apart in"
        " {alike:,} (95% interval of the paired difference).",
        len(pairs),
        model=em(other.model),
        fewer=fewer,
        more=more,
        alike=len(pairs) - fewer - more,
    )


def bars(found: Knows, other: Knows | None) -> go.Figure:
    """Subwords a word with intervals, the most first; grey where the script has no spaces."""
    rows = sorted(found.groups, key=lambda one: (not one.spaced, -one.fertility.value))[:_MOST]
    figure = go.Figure(_dots(rows, found.model, OKABE_ITO[0]))
    if other is not None:
        theirs = {one.group: one for one in other.groups}
        figure.add_trace(_dots([theirs[one.group] for one in rows if one.group in theirs], other.model, OKABE_ITO[1]))
    figure.update_layout(
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        dragmode=False,
        showlegend=other is not None,
        legend={"orientation": "h", "y": 1.08},
        xaxis={"type": "category", "showgrid": False},
        yaxis={"title": say("subwords a word"), "rangemode": "tozero"},
    )
    return figure


def _dots(rows: list[Known], name: str, colour: str) -> Any:
    values = [one.fertility for one in rows]
    return go.Scatter(
        x=[escape(called(one.group)) for one in rows],
        y=[one.value for one in values],
        mode="markers",
        name=escape(name),
        marker={"size": 9, "color": [colour if one.spaced else "#999999" for one in rows]},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [(one.high or one.value) - one.value for one in values],
            "arrayminus": [one.value - (one.low if one.low is not None else one.value) for one in values],
            "color": colour,
            "thickness": 1,
            "width": 0,
        },
        customdata=[escape(one.group[:40]) for one in rows],
        hovertemplate="%{x} [%{customdata}]: %{y:.2f}<extra></extra>",
    )


def _row(one: Known) -> dict[str, Any]:
    return {
        "language": called(one.group),
        "group": one.group,
        "script": written(one.script),
        "lines": one.lines,
        "subwords a word": one.fertility.value,
        "low": one.fertility.low,
        "high": one.fertility.high,
        "subwords a character": one.per_character.value,
        "unknown characters": one.unknown.value,
        "tokens used": one.used,
        "of the table": one.used_share,
    }


@st.cache_resource(max_entries=8, show_spinner=Spoken("Reading the texts…"))
def _knows(key: tuple[str, str, str], _picked: Picked) -> Knows:
    return knows(model_of(_picked).subwords, texts_of(_picked)[0])


@st.cache_resource(max_entries=4, show_spinner=Spoken("Reading the texts…"))
def _other(key: tuple[str, str, str], second: str, _picked: Picked) -> tuple[Knows, tuple[Beside, ...]]:
    groups, subwords = texts_of(_picked)[0], other_of(second).subwords
    return knows(subwords, groups), beside(model_of(_picked).subwords, subwords, groups)
