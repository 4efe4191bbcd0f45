"""A kept run of native against romanised: both values of each language, and the gap."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.parts.figure_tools import figure_tools
from components.parts.labels import named, written
from components.parts.palette import OKABE_ITO
from components.parts.spoken import count, later, say
from components.parts.tables import csv_button
from components.parts.told import told
from components.sentences.kept import Keep, case_of_run, keeping
from components.shell.frame import em, lead, note
from components.shell.stage.charts import chart

BAD = 0.5
_SPELLED = {
    "native": later("in their own script"),
    "uroman": later("romanised by uroman"),
    "human": later("romanised by people"),
}


def shown_romanised(name: str, run: Mapping[str, Any], *, keep: Keep | None = None) -> None:
    """Headline, bars, table."""
    lead(headline(run))
    with st.container(key="picture"):
        chart(bars(run), key="bars", config={"displayModeBar": False}, alt=say("P@1 native and romanised"))
    caption = say("P@1 to {pivot}, native and romanised, {model}.", pivot=run["pivot"], model=run["model"])
    figure_tools("picture", ("romanised", name), caption)
    keeping(keep, lambda: case_of_run("Romanised", name, run), say("Keep"), key="run")
    table = pa.Table.from_pylist([_row(one) for one in run["languages"]])
    with st.expander(say("All {n:,} languages", n=len(table))):
        st.dataframe(table, hide_index=True, alt=say("Languages with both values, the gap and their tokens"))
        csv_button(table, f"native against romanised · {name}", f"{name}.csv", key="romanised-csv")
    with st.expander(say("How it was measured")):
        how = say(
            "Equal lines are one. Intervals: 95%, bootstrap over sentences; the gap resamples the same sentences in"
            " both spellings."
        )
        if run["pivot"] == "native":
            to = say(
                "P@1: the share of sentences that lie strictly nearer to the same sentence in its own script than to"
                " every other line there."
            )
        else:
            to = say(
                "P@1: the share of sentences that lie strictly nearer to their own line in {pivot} than to every other"
                " line there.",
                pivot=escape(named(run["pivot"])),
            )
        of = say("Sentences: {note}.", note=escape(told(str(run["note"])[:200]))) if run.get("note") else ""
        note(f"{to} {how} {of}".strip())


def headline(run: Mapping[str, Any]) -> str:
    """Both values, the widest gap, and where a small gap says nothing."""
    rows = run["languages"]
    native, uroman = (float(np.median([one[key]["value"] for one in rows])) for key in ("native", "uroman"))
    widest = max(rows, key=lambda one: one["gap"]["value"])
    both = [one for one in rows if max(one["native"]["value"], one["uroman"]["value"]) < BAD]
    said = count(
        "{model} finds <b>{native:.0%}</b> of sentences in their own script and <b>{uroman:.0%}</b> romanised, in"
        " {n:,} language; the gap is widest in {widest}, {there:.0%} against {here:.0%}",
        "{model} finds <b>{native:.0%}</b> of sentences in their own script and <b>{uroman:.0%}</b> romanised, in the"
        " median of {n:,} languages; the gap is widest in {widest}, {there:.0%} against {here:.0%}",
        len(rows),
        model=em(run["model"].partition("@")[0]),
        native=native,
        uroman=uroman,
        widest=em(named(widest["language"])),
        there=widest["native"]["value"],
        here=widest["uroman"]["value"],
    )
    if both:
        low = count(
            "{n:,} is under {bad:.0%} both ways, where a small gap says nothing",
            "{n:,} are under {bad:.0%} both ways, where a small gap says nothing",
            len(both),
            bad=BAD,
        )
        said = f"{said}; {low}"
    return say("{sentence}.", sentence=said)


def bars(run: Mapping[str, Any]) -> go.Figure:
    """Beside each other, the widest gap first, with intervals."""
    rows = sorted(run["languages"], key=lambda one: (-one["gap"]["value"], one["language"]))
    figure = go.Figure()
    for (key, spelled), colour in zip(_SPELLED.items(), OKABE_ITO, strict=False):
        some = [one for one in rows if key in one]
        if not some:
            continue
        values = [one[key]["value"] for one in some]
        figure.add_bar(
            x=[escape(f"{named(one['language'])} · {written(one['script'])}") for one in some],
            y=values,
            name=say(spelled),
            marker={"color": colour},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [one[key]["high"] - one[key]["value"] for one in some],
                "arrayminus": [one[key]["value"] - one[key]["low"] for one in some],
                "thickness": 1,
            },
            hovertemplate="%{x}: %{y:.0%}<extra></extra>",
        )
    figure.update_layout(
        height=420,
        barmode="group",
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        dragmode=False,
        legend={"orientation": "h", "y": 1.1},
        xaxis={"type": "category", "automargin": True},
        yaxis={"range": [0, 1.04], "tickformat": ".0%", "title": {"text": "P@1"}, "automargin": True},
    )
    return figure


def _row(one: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"language": named(one["language"]), "script": written(one["script"]), "n": one["n"]}
    for key in ("native", "uroman", "human", "gap"):
        figure = one.get(key)
        found[key] = None if figure is None else figure["value"]
    found |= {"gap, low": one["gap"]["low"], "gap, high": one["gap"]["high"]}
    for key, title in (("fertility", "subwords a word"), ("unknown_share", "unknown characters")):
        found |= {f"{title}, {spelled}": one[key].get(spelled) for spelled in _SPELLED}
    return found
