"""Pictures of a lesson: each language before and after, and the gain by the number of pairs."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import plotly.graph_objects as go

from components.parts.labels import named_each, shorten
from components.parts.palette import GREY, OKABE_ITO
from components.parts.spoken import later, say

_SERIES = {
    "control": (later("shuffled pairs"), GREY, "x"),
    "before": (later("before"), OKABE_ITO[1], "circle-open"),
    "after": (later("after"), OKABE_ITO[0], "circle"),
}


def languages_picture(told: Mapping[str, Any], key: str, title: str) -> go.Figure:
    """A line a language, those that were held out above; intervals and its code in the hover, intervals as bars too.
    key: a measure, or MRR.
    """
    rows = {**told["held_out_languages"], **told["languages"]}
    figure = go.Figure()
    held, called = told["held_out_languages"], named_each(rows)
    names = [shorten(called[one], 40) for one in rows]
    names = [
        escape(say("{language} · held out", language=name) if one in held else name)
        for one, name in zip(rows, names, strict=True)
    ]
    for one, (label, colour, symbol) in _SERIES.items():
        found = [(row[key] if key else row)[one] for row in rows.values()]
        values = [f["value"] for f in found]
        low = [f["value"] if f["low"] is None else f["low"] for f in found]
        high = [f["value"] if f["high"] is None else f["high"] for f in found]
        figure.add_trace(
            go.Scatter(
                x=values,
                y=names,
                mode="markers",
                name=say(label),
                marker={"size": 10, "color": colour, "symbol": symbol},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "thickness": 1,
                    "array": [h - v for h, v in zip(high, values, strict=True)],
                    "arrayminus": [v - w for v, w in zip(values, low, strict=True)],
                },
                customdata=[
                    (w, h, f["n"], escape(code[:40])) for w, h, f, code in zip(low, high, found, rows, strict=True)
                ],
                hovertemplate=say(
                    "{language} [{code}], {arm}: {value} ({low} to {high}), n = {n}",
                    language="%{y}",
                    code="%{customdata[3]}",
                    arm=say(label),
                    value="%{x:.3f}",
                    low="%{customdata[0]:.3f}",
                    high="%{customdata[1]:.3f}",
                    n="%{customdata[2]:,}",
                )
                + "<extra></extra>",
            )
        )
    figure.update_layout(
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        xaxis={"title": {"text": say("{measure}, more is better", measure=title)}, "rangemode": "tozero"},
        yaxis={"type": "category", "autorange": "reversed", "automargin": True},
        legend={"orientation": "h", "y": 1.08},
    )
    return figure


def constraints_picture(told: Mapping[str, Any]) -> go.Figure:
    """The gain in MRR by how many pairs were trained on."""
    rows = told["constraints"]
    values = [row["gain"]["value"] for row in rows]
    figure = go.Figure(
        go.Scatter(
            x=[row["pairs"] for row in rows],
            y=values,
            mode="lines+markers",
            error_y={
                "type": "data",
                "symmetric": False,
                "thickness": 1,
                "array": [row["gain"]["high"] - v for row, v in zip(rows, values, strict=True)],
                "arrayminus": [v - row["gain"]["low"] for row, v in zip(rows, values, strict=True)],
            },
            hovertemplate=say("{n} pairs: a gain of {gain}", n="%{x:,}", gain="%{y:.3f}") + "<extra></extra>",
        )
    )
    figure.add_hline(y=0, line={"color": GREY, "width": 1})
    figure.update_layout(
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        xaxis={"title": {"text": say("pairs trained on")}, "type": "log"},
        yaxis={"title": {"text": say("gain in MRR")}},
    )
    return figure
