"""A kept run of retrieval: the matrix of languages, its asymmetry, and ties instead of ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.parts.figure_tools import figure_tools
from components.parts.labels import named
from components.parts.palette import HEAT
from components.parts.spoken import commas, count, say
from components.parts.tables import csv_button
from components.sentences.kept import Keep, case_of_run, keeping
from components.shell.frame import em, lead, note
from components.shell.stage.charts import chart

_SHOWN = 6  # languages that a sentence names


def shown_retrieval(name: str, run: Mapping[str, Any], *, keep: Keep | None = None) -> None:
    """Headline, matrix, places, table."""
    lead(headline(run))
    with st.container(key="picture"):
        chart(matrix(run), key="matrix", config={"displayModeBar": False}, alt=say("P@1 of all pairs of languages"))
    told = say("P@1 by language pair, {model}, n = {n:,}.", model=run["model"], n=run["n"])
    figure_tools("picture", ("retrieval", name), told)
    keeping(keep, lambda: case_of_run("Retrieval", name, run), say("Keep"), key="run")
    note(asymmetry(run))
    for place, languages in enumerate(run["ranked"][:10], 1):
        several = say("{languages}: not distinguishable", languages=_listed(languages))
        note(f"{place}. {several if len(languages) > 1 else _listed(languages)}")
    table = pa.Table.from_pylist([dict(one) for one in run["pairs"]])
    with st.expander(say("All {n:,} pairs", n=len(table))):
        st.dataframe(table, hide_index=True, alt=say("Pairs of languages with P@1 and its interval"))
        csv_button(table, f"which language finds which · {name}", f"{name}.csv", key="retrieval-csv")
    with st.expander(say("How it was measured")):
        note(
            say(
                "P@1: the share of {n:,} sentences whose nearest sentence of the other language, by cosine, is their"
                " translation; chance {chance:.1%}. Languages share a place where the interval of their difference"
                " over sentences (95%, bootstrap) holds 0.",
                n=run["n"],
                chance=1 / max(run["n"], 1),
            )
        )


def headline(run: Mapping[str, Any]) -> str:
    """How well the languages find each other, who comes first, and who is behind."""
    values = [one["value"] for one in run["pairs"]]
    first, last = run["ranked"][0], run["ranked"][-1]
    if len(run["ranked"]) == 1:
        order = say("no language can be told apart from the best")
    elif len(first) > 1:
        told = {"first": _listed(first), "last": _listed(last)}
        order = say("{first} come first and cannot be told apart, {last} last", **told)
    else:
        order = say("{first} comes first, {last} last", first=_listed(first), last=_listed(last))
    return count(
        "Between <b>{n:,} language</b> {model} finds the translation first for <b>{share:.0%}</b> of sentences;"
        " {order}.",
        "Between <b>{n:,} languages</b> {model} finds the translation first for <b>{share:.0%}</b> of sentences;"
        " {order}.",
        len(run["languages"]),
        model=em(run["model"].partition("@")[0]),
        share=float(np.mean(values)),
        order=order,
    )


def asymmetry(run: Mapping[str, Any]) -> str:
    """The pair that differs most by direction."""
    value = {(one["source"], one["target"]): one["value"] for one in run["pairs"]}
    source, target = max(value, key=lambda pair: value[pair] - value[pair[::-1]])
    there, back = value[source, target], value[target, source]
    if there == back:
        return say("Every pair is found as well in one direction as in the other.")
    return say(
        "Most lopsided: {source} finds {target} for {there:.0%}, and is found by it for {back:.0%}.",
        source=em(named(source)),
        target=em(named(target)),
        there=there,
        back=back,
    )


def matrix(run: Mapping[str, Any]) -> go.Figure:
    """Rows search, columns are found; best languages first."""
    order = [name for place in run["ranked"] for name in place]
    at = {name: i for i, name in enumerate(order)}
    grid = np.full((len(order), len(order)), np.nan, dtype=np.float32)
    for one in run["pairs"]:
        grid[at[one["source"]], at[one["target"]]] = one["value"]
    labels = [escape(f"{named(name)} ({name})") for name in order]
    figure = go.Figure(
        go.Heatmap(
            z=grid,
            x=labels,
            y=labels,
            zmin=0,
            zmax=1,
            colorscale=HEAT,
            xgap=1 if len(order) < 60 else 0,
            ygap=1 if len(order) < 60 else 0,
            hoverongaps=False,
            hovertemplate=say("{source} finds {target}: {value}", source="%{y}", target="%{x}", value="%{z:.0%}")
            + "<extra></extra>",
            colorbar={
                "thickness": 12,
                "outlinewidth": 0,
                "tickformat": ".0%",
                "title": {"text": "P@1", "side": "right"},
            },
        )
    )
    small = {"size": 9 if len(order) > 40 else 12}
    figure.update_layout(
        height=min(900, 180 + 26 * len(order)),
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        dragmode=False,
        xaxis={"type": "category", "showgrid": False, "automargin": True, "tickfont": small},
        yaxis={"type": "category", "autorange": "reversed", "showgrid": False, "automargin": True, "tickfont": small},
    )
    return figure


def _listed(languages: Sequence[str]) -> str:
    few = commas(em(named(one)) for one in languages[:_SHOWN])
    more = len(languages) - _SHOWN
    return count("{few} and {n:,} more", "{few} and {n:,} more", more, few=few) if more > 0 else few
