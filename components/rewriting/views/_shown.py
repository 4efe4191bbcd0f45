"""What the pictures of profiles share: how one is shown, and points by kind."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from components.parts.figure_tools import figure_tools
from components.parts.spoken import say
from components.shell.stage.charts import chart
from isogloss.figure import Figure
from isogloss.rewriting.pairs import Pairs

MOST = 3_000  # pairs that are drawn: arrows and points past that hide each other
_LONG = 120


def show(figure: go.Figure, pairs: Pairs, profile: str, alt: str) -> None:
    """In the page's place for its picture, with the tools for print."""
    with st.container(key="picture"):
        chart(figure, key="pairs-picture", height="stretch", config={"displayModeBar": False}, alt=alt)
    figure_tools("picture", ("pairs", pairs.name, profile), say("{what}, n = {n:,} pairs.", what=alt, n=len(pairs)))


def said(one: Figure) -> str:
    """Value, interval, null and n of a figure, in a line.

    >>> said(Figure(value=0.5, n=8, low=0.25, high=0.75))
    '0.50 (0.25 to 0.75), n = 8'
    """
    if not one.known:
        return say("unknown, n = {n:,}", n=one.n)
    value = f"{one.value:.2f}"
    if one.interval is not None:
        low, high = (f"{end:.2f}" for end in one.interval)
        value = say("{value} ({low} to {high})", value=value, low=low, high=high)
    if one.null is not None:
        return say("{value}; 95% of chance below {p95:.2f}, n = {n:,}", value=value, p95=one.null.p95, n=one.n)
    return say("{value}, n = {n:,}", value=value, n=one.n)


def hover(pairs: Pairs, rows: Sequence[int]) -> list[str]:
    """Both texts of each row, shortened and escaped: Plotly reads HTML."""
    return [
        f"{say('row {n:,}', n=pairs.rows[i])}<br>{escape(pairs.source[i][:_LONG])}<br>{escape(pairs.target[i][:_LONG])}"
        for i in rows
    ]


def layout(figure: go.Figure, x: str, y: str, **more: Any) -> go.Figure:
    """Margins, legend and axes as the other pictures have them."""
    figure.update_layout(
        height=460,
        margin={"l": 10, "r": 10, "t": 40, "b": 10},
        dragmode=False,
        hovermode="closest",
        legend={"orientation": "h", "y": 1.1},
        xaxis={"title": {"text": x}, "automargin": True, "fixedrange": True},
        yaxis={"title": {"text": y}, "automargin": True, "fixedrange": True},
        **more,
    )
    return figure
