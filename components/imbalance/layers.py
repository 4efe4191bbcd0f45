"""Imbalance: the small transformer on the same grid, layer by layer, beside a word of another sentence."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.parts.figure_tools import figure_tools
from components.parts.palette import GREY, OKABE_ITO
from components.parts.spoken import later, say
from components.parts.told import told as in_words
from components.shell.frame import note
from components.shell.lenses import link
from components.shell.visit import workspace
from isogloss.sentences.reports import LayerReports

_TITLES = {"cosine": later("Cosine"), "precision_at_1": later("P@1 of sentences")}
_DASHES = ("solid", "dash", "dot", "dashdot")


def _to_sentences(rows: list[Mapping[str, Any]]) -> None:
    """The ways to the reports of the models that were kept: layer by layer, with the sentences that fail."""
    there = LayerReports(workspace()).files()
    kept = sorted((row for row in rows if "report" in row["transformer"]), key=lambda row: -float(row["anchors"]))
    points = {_point(row): str(row["transformer"]["report"]) for row in kept}
    points = {point: name for point, name in points.items() if name in there}
    if not points:
        return
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        point = str(st.selectbox(say("Model"), list(points), key="imbalance-point", help=say("Of the first seed.")))
    with right:
        link("Sentences", say("Layers on Sentences"), report=points[point])


def _rows(rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"share of the clone": row["share"], "shared words": row["anchors"], "measure": say(title), "layer": layer}
        | {name: one[name] for name in ("value", "low", "high")}
        | {"by chance": (one["null"] or {}).get("mean"), "n": one["n"]}
        for row in rows
        for key, title in _TITLES.items()
        for layer, one in enumerate(row["transformer"][key])
    ]


def _point(row: Mapping[str, Any]) -> str:
    return say("share {share:g}, {shared:.0%} of the words shared", share=row["share"], shared=row["anchors"])


def small_transformer(name: str, told: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> None:
    """The finding, cosine and retrieval by layer, how it was trained."""
    some, asked = [row for row in rows if "transformer" in row], told["transformer"]
    note(escape(in_words(asked["said"])))
    with st.expander(say("Layer by layer, in a small transformer"), expanded=True):
        with st.container(key="layers-picture"):
            for column, (key, title) in zip(st.columns(2), _TITLES.items(), strict=True):
                column.plotly_chart(
                    layers_picture(some, key, say(title)),
                    key=f"imbalance-{key}",
                    config={"displayModeBar": False},
                    alt=say(
                        "{measure} of the clone by layer, a line for each share and for the words that both share",
                        measure=say(title),
                    ),
                )
        figure_tools(
            "layers-picture",
            ("imbalance", name, "layers"),
            say("A small transformer by layer, {corpus}.", corpus=told["corpus"]),
        )
        _to_sentences(some)
        st.dataframe(
            pa.Table.from_pylist(_rows(some)), hide_index=True, alt=say("Layers with their figures and intervals")
        )
        note(
            escape(
                say(
                    "{layers} layers of {dim} dimensions, {epochs} epochs, masked words; layer 0 is the table of words"
                    " and places. Cosine: {cosine}; grey: a word of another sentence. P@1: {found}. Intervals:"
                    " Student's t over the seeds {seeds}.",
                    layers=asked["layers"],
                    dim=asked["dim"],
                    epochs=asked["epochs"],
                    cosine=in_words(asked["measures"]["cosine"]),
                    found=in_words(asked["measures"]["precision_at_1"]),
                    seeds=told["seeds"],
                )
            )
        )


def layers_picture(rows: list[Mapping[str, Any]], key: str, title: str) -> go.Figure:
    """A colour a share of the clone, a dash a share of common words; what another word has is grey."""
    shares, anchors = (sorted({row[one] for row in rows}, reverse=True) for one in ("share", "anchors"))
    figure = go.Figure()
    for row in rows:
        found = row["transformer"][key]
        dash = _DASHES[anchors[::-1].index(row["anchors"]) % len(_DASHES)]
        values = [one["value"] for one in found]
        label = say("{share:g}, {shared:.0%} shared", share=row["share"], shared=row["anchors"])
        if key == "cosine":
            figure.add_trace(
                go.Scatter(
                    x=list(range(len(found))),
                    y=[(one["null"] or {}).get("mean") for one in found],
                    mode="lines",
                    line={"color": GREY, "width": 1, "dash": dash},
                    hovertemplate=say("{point}, another word: {value}", point=label, value="%{y:.3f}")
                    + "<extra></extra>",
                    showlegend=False,
                )
            )
        figure.add_trace(
            go.Scatter(
                x=list(range(len(found))),
                y=values,
                mode="lines+markers",
                name=label,
                line={"color": OKABE_ITO[shares.index(row["share"]) % len(OKABE_ITO)], "dash": dash},
                error_y={
                    "type": "data",
                    "symmetric": False,
                    "thickness": 1,
                    "array": [_end(one, "high") - one["value"] for one in found],
                    "arrayminus": [one["value"] - _end(one, "low") for one in found],
                },
                hovertemplate=say("share {point}, layer {layer}: {value}", point=label, layer="%{x}", value="%{y:.3f}")
                + "<extra></extra>",
            )
        )
    figure.update_layout(
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        height=320,
        xaxis={"title": {"text": say("layer")}, "dtick": 1},
        yaxis={"title": {"text": title}},
        legend={"orientation": "h", "y": -0.3},
    )
    return figure


def _end(one: Mapping[str, Any], which: str) -> float:
    return float(one["value"] if one[which] is None else one[which])
