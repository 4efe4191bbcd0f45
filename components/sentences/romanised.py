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
from components.parts.labels import named
from components.parts.palette import OKABE_ITO
from components.parts.tables import csv_of
from components.sentences.kept import Keep, case_of_run, keeping
from components.shell.frame import em, lead, note
from isogloss.text.script import script_title

BAD = 0.5
_SPELLED = {"native": "in their own script", "uroman": "romanised by uroman", "human": "romanised by people"}


def shown_romanised(name: str, run: Mapping[str, Any], *, keep: Keep | None = None) -> None:
    """Headline, bars, table."""
    lead(headline(run))
    with st.container(key="picture"):
        st.plotly_chart(bars(run), key="bars", config={"displayModeBar": False}, alt="P@1 native and romanised")
    figure_tools("picture", ("romanised", name), f"P@1 to {run['pivot']}, native and romanised, {run['model']}.")
    keeping(keep, lambda: case_of_run("Romanised", name, run), "Keep", key="run")
    table = pa.Table.from_pylist([_row(one) for one in run["languages"]])
    with st.expander(f"All {len(table):,} languages"):
        st.dataframe(table, hide_index=True, alt="Languages with both values, the gap and their tokens")
        st.download_button(
            "Download as CSV",
            csv_of(table, f"native against romanised · {name}"),
            f"{name}.csv",
            "text/csv",
            key="romanised-csv",
        )
    with st.expander("How it was measured"):
        own = run["pivot"] == "native"
        to = "the same sentence in its own script" if own else f"its own line in {escape(named(run['pivot']))}"
        note(
            f"P@1: the share of sentences that lie strictly nearer to {to} than to every other line there; equal"
            " lines are one. Intervals: 95%, bootstrap over sentences; the gap resamples the same sentences in both"
            " spellings." + (f" Sentences: {escape(str(run['note'])[:200])}." if run.get("note") else "")
        )


def headline(run: Mapping[str, Any]) -> str:
    """Both values, the widest gap, and where a small gap says nothing."""
    rows = run["languages"]
    native, uroman = (float(np.median([one[key]["value"] for one in rows])) for key in ("native", "uroman"))
    widest = max(rows, key=lambda one: one["gap"]["value"])
    both = [one for one in rows if max(one["native"]["value"], one["uroman"]["value"]) < BAD]
    said = (
        f"{em(run['model'].partition('@')[0])} finds <b>{native:.0%}</b> of sentences in their own script and"
        f" <b>{uroman:.0%}</b> romanised, in the median of {len(rows):,} languages; the gap is widest in"
        f" {em(named(widest['language']))}, {widest['native']['value']:.0%} against {widest['uroman']['value']:.0%}"
    )
    if both:
        said += f"; {len(both):,} are under {BAD:.0%} both ways, where a small gap says nothing"
    return f"{said}."


def bars(run: Mapping[str, Any]) -> go.Figure:
    """Beside each other, the widest gap first, with intervals."""
    rows = sorted(run["languages"], key=lambda one: (-one["gap"]["value"], one["language"]))
    figure = go.Figure()
    for (key, told), colour in zip(_SPELLED.items(), OKABE_ITO, strict=False):
        some = [one for one in rows if key in one]
        if not some:
            continue
        values = [one[key]["value"] for one in some]
        figure.add_bar(
            x=[escape(f"{named(one['language'])} · {script_title(one['script'])}") for one in some],
            y=values,
            name=told,
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
    found: dict[str, Any] = {"language": named(one["language"]), "script": script_title(one["script"]), "n": one["n"]}
    for key in ("native", "uroman", "human", "gap"):
        figure = one.get(key)
        found[key] = None if figure is None else figure["value"]
    found |= {"gap, low": one["gap"]["low"], "gap, high": one["gap"]["high"]}
    for key, told in (("fertility", "subwords a word"), ("unknown_share", "unknown characters")):
        found |= {f"{told}, {spelled}": one[key].get(spelled) for spelled in _SPELLED}
    return found
