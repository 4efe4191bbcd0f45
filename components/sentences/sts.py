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
from components.parts.spoken import count, later, say
from components.parts.tables import csv_button
from components.sentences.kept import Keep, case_of_run, keeping
from components.shell import state
from components.shell.frame import em, lead, note
from components.shell.pickers import pick_said
from components.shell.stage.charts import chart

_WHOLE = later("all")  # a file without a column of languages


def pick_language(run: Mapping[str, Any]) -> str:
    """Of the address, else the first."""
    names = [one["language"] or _WHOLE for one in run["languages"]]
    if len(names) == 1:
        return str(names[0])
    state.check_bound({"pairs": names}, {"pairs": names[0]})
    return pick_said(st.selectbox, say("Pairs of"), names, key="pairs", default=names[0], ours=[_WHOLE])


def shown_sts(name: str, run: Mapping[str, Any], language: str, *, keep: Keep | None = None) -> None:
    """Headline, scatter, worst pairs, table."""
    lead(headline(run))
    one = next(row for row in run["languages"] if (row["language"] or _WHOLE) == language)
    with st.container(key="picture"):
        answer = chart(
            scatter(one),
            key="pairs-map",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
            alt=say("Cosine against score of each pair"),
        )
    told = say("Cosine against score, {model}, n = {n:,}.", model=run["model"], n=one["n"])
    figure_tools("picture", ("sts", name), told)
    keeping(
        keep,
        lambda: case_of_run("STS", name, run, only=language if len(run["languages"]) > 1 else ""),
        say("Keep"),
        key="run",
    )
    _worst(one, answer["selection"]["points"])
    rows = [{key: row[key] for key in ("language", "value", "low", "high", "n")} for row in run["languages"]]
    table = pa.Table.from_pylist(rows)
    with st.expander(say("All {n:,} languages", n=len(rows))):
        st.dataframe(table, hide_index=True, alt=say("Languages with Spearman and its interval"))
        csv_button(table, f"STS by language · {name}", f"{name}.csv", key="sts-csv")
    with st.expander(say("How it was measured")):
        note(
            say(
                "Spearman correlation of the cosine of two sentences and the score that people gave them (Cer 2017);"
                " intervals: 95%, bootstrap over pairs. Farthest off: by the difference of the two ranks."
            )
        )


def headline(run: Mapping[str, Any]) -> str:
    """Best and worst language with their intervals."""
    known = [one for one in run["languages"] if one["value"] is not None]
    model = em(run["model"].partition("@")[0])
    if not known:
        return say(
            "Whether the cosines of {model} follow people's scores is not known: they are all alike.", model=model
        )
    best, worst = (pick(known, key=lambda one: one["value"]) for pick in (max, min))
    if len(known) == 1:
        told = {"model": model, "figure": _figure(best)}
        if not best["language"]:
            return say("The cosines of {model} follow people's scores by {figure}.", **told)
        language = em(named(best["language"]))
        return say(
            "The cosines of {model} follow people's scores in {language} by {figure}.", language=language, **told
        )
    return say(
        "The cosines of {model} follow people's scores best in {best}, {most}, and least in {worst}, {least}.",
        model=model,
        best=em(named(best["language"])),
        most=_figure(best),
        worst=em(named(worst["language"])),
        least=_figure(worst),
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
            name=say("pairs"),
            marker={"size": 4, "color": "#888", "opacity": 0.5},
            hovertemplate=say("score {score}, cosine {cosine}", score="%{x}", cosine="%{y:.2f}") + "<extra></extra>",
        )
    )
    figure.add_scatter(
        x=[pair["score"] for pair in worst],
        y=[pair["cosine"] for pair in worst],
        mode="markers",
        name=say("farthest off"),
        customdata=[str(i) for i in range(len(worst))],
        marker={"size": 9, "color": OKABE_ITO[1]},
        hovertemplate=say("score {score}, cosine {cosine}: click to read", score="%{x}", cosine="%{y:.2f}")
        + "<extra></extra>",
    )
    figure.update_layout(
        height=420,
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        dragmode=False,
        clickmode="event+select",
        hovermode="closest",
        legend={"orientation": "h", "y": 1.1},
        xaxis={"title": {"text": say("people's score")}, "automargin": True},
        yaxis={"title": {"text": say("cosine")}, "automargin": True},
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
                say(
                    "Score {score:g}, cosine {cosine:.2f}: {one} – {other}",
                    score=pair["score"],
                    cosine=pair["cosine"],
                    one=em(pair["sentence1"]),
                    other=em(pair["sentence2"]),
                )
            )
            break
    else:
        note(
            count(
                "{n:,} pair is farthest off; click it to read it.",
                "{n:,} pairs are farthest off; click one of them to read it.",
                len(worst),
            )
        )
    table = pa.Table.from_pylist([dict(pair) for pair in worst])
    st.dataframe(table, hide_index=True, height=320, alt=say("Pairs that are farthest off"))
    label = escape(one["language"] or _WHOLE)
    csv_button(table, f"pairs farthest off · {label}", f"worst-{label}.csv", key="worst-csv")


def _figure(one: Mapping[str, Any]) -> str:
    fields = {key: one[key] for key in ("value", "low", "high", "n")}
    return say("<b>{value:.2f}</b> ({low:.2f} to {high:.2f}), n = {n:,}", **fields)
