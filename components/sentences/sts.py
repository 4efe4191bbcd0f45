"""A kept run of STS: Spearman by language, the pairs of one, and those that are farthest off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.parts.figure_tools import figure_tools
from components.parts.labels import named
from components.parts.palette import OKABE_ITO
from components.parts.tables import csv_of
from components.sentences.kept import Keep, case_of_run, keeping
from components.shell import state
from components.shell.frame import em, lead, note

_WHOLE = "all"  # a file without a column of languages


def pick_language(run: Mapping[str, Any]) -> str:
    """Of the address, else the first."""
    names = [one["language"] or _WHOLE for one in run["languages"]]
    if len(names) == 1:
        return str(names[0])
    state.check_bound({"pairs": names}, {"pairs": names[0]})
    return str(st.selectbox("Pairs of", names, key="pairs", bind="query-params"))


def shown_sts(name: str, run: Mapping[str, Any], language: str, *, keep: Keep | None = None) -> None:
    """Headline, scatter, worst pairs, table."""
    lead(headline(run))
    one = next(row for row in run["languages"] if (row["language"] or _WHOLE) == language)
    with st.container(key="picture"):
        chart = st.plotly_chart(
            scatter(one),
            key="pairs-map",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
            alt="Cosine against score of each pair",
        )
    figure_tools("picture", ("sts", name), f"Cosine against score, {run['model']}, n = {one['n']:,}.")
    keeping(
        keep,
        lambda: case_of_run("STS", name, run, only=language if len(run["languages"]) > 1 else ""),
        "Keep",
        key="run",
    )
    _worst(one, chart["selection"]["points"])
    rows = [{key: row[key] for key in ("language", "value", "low", "high", "n")} for row in run["languages"]]
    table = pa.Table.from_pylist(rows)
    with st.expander(f"All {len(rows):,} languages"):
        st.dataframe(table, hide_index=True, alt="Languages with Spearman and its interval")
        st.download_button(
            "Download as CSV", csv_of(table, f"STS by language · {name}"), f"{name}.csv", "text/csv", key="sts-csv"
        )
    with st.expander("How it was measured"):
        note(
            "Spearman correlation of the cosine of two sentences and the score that people gave them (Cer 2017);"
            " intervals: 95%, bootstrap over pairs. Farthest off: by the difference of the two ranks."
        )


def headline(run: Mapping[str, Any]) -> str:
    """Best and worst language with their intervals."""
    known = [one for one in run["languages"] if one["value"] is not None]
    model = em(run["model"].partition("@")[0])
    if not known:
        return f"Whether the cosines of {model} follow people's scores is not known: they are all alike."
    best, worst = (pick(known, key=lambda one: one["value"]) for pick in (max, min))
    if len(known) == 1:
        said = f" in {em(named(best['language']))}" if best["language"] else ""
        return f"The cosines of {model} follow people's scores{said} by {_figure(best)}."
    return (
        f"The cosines of {model} follow people's scores best in {em(named(best['language']))}, {_figure(best)}, and"
        f" least in {em(named(worst['language']))}, {_figure(worst)}."
    )


def scatter(one: Mapping[str, Any]) -> go.Figure:
    """All pairs, and the worst as points that can be clicked; their customdata is the place among the worst."""
    figure = go.Figure()
    points, worst = one.get("points", ()), one["worst"]
    figure.add_trace(
        go.Scattergl(
            x=[pair["score"] for pair in points],
            y=[pair["cosine"] for pair in points],
            mode="markers",
            name="pairs",
            marker={"size": 4, "color": "#888", "opacity": 0.5},
            hovertemplate="score %{x}, cosine %{y:.2f}<extra></extra>",
        )
    )
    figure.add_scatter(
        x=[pair["score"] for pair in worst],
        y=[pair["cosine"] for pair in worst],
        mode="markers",
        name="farthest off",
        customdata=[str(i) for i in range(len(worst))],
        marker={"size": 9, "color": OKABE_ITO[1]},
        hovertemplate="score %{x}, cosine %{y:.2f}: click to read<extra></extra>",
    )
    figure.update_layout(
        height=420,
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        dragmode=False,
        clickmode="event+select",
        hovermode="closest",
        legend={"orientation": "h", "y": 1.1},
        xaxis={"title": {"text": "people's score"}, "automargin": True},
        yaxis={"title": {"text": "cosine"}, "automargin": True},
    )
    return figure


def _worst(one: Mapping[str, Any], points: Sequence[dict[str, Any]]) -> None:
    worst = one["worst"]
    if not worst:
        return
    for point in points:
        number = str(point.get("customdata", ""))
        if number.isdigit() and int(number) < len(worst):
            pair = worst[int(number)]
            note(
                f"Score {pair['score']:g}, cosine {pair['cosine']:.2f}: {em(pair['sentence1'])} –"
                f" {em(pair['sentence2'])}"
            )
            break
    else:
        note(f"{len(worst):,} pairs are farthest off; click one of them to read it.")
    table = pa.Table.from_pylist([dict(pair) for pair in worst])
    st.dataframe(table, hide_index=True, height=320, alt="Pairs that are farthest off")
    label = escape(one["language"] or _WHOLE)
    st.download_button(
        "Download as CSV",
        csv_of(table, f"pairs farthest off · {label}"),
        f"worst-{label}.csv",
        "text/csv",
        key="worst-csv",
    )


def _figure(one: Mapping[str, Any]) -> str:
    return f"<b>{one['value']:.2f}</b> ({one['low']:.2f} to {one['high']:.2f}), n = {one['n']:,}"
