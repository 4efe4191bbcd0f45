"""Margin against similarity, with the suspicious region shaded."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.parts.palette import GREY, OKABE_ITO
from components.parts.spoken import say
from components.rewriting.views._shown import MOST, hover, layout, show
from components.rewriting.words import kind_said
from components.shell.frame import note
from isogloss.rewriting.mining.suspicions import KINDS
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Checked


def draw(pairs: Pairs, checked: Checked) -> None:
    """The picture, and what a filter of each kind would drop."""
    show(scatter(pairs, checked), pairs, "mined", say("Margin against similarity of each pair"))
    dropped, region = checked.extra["would_drop"], checked.extra["region"]
    if region["margin"] is not None and region["similarity"] is not None:
        ends = {"margin": region["margin"], "similarity": region["similarity"]}
        if "remainder" in checked.rows:
            note(
                say(
                    "Shaded: a margin among the highest quarter (from {margin:.2f}), and texts that are no nearer than"
                    " texts that are no pair, once the words that they share are left out (below {similarity:.2f}).",
                    **ends,
                )
            )
        else:
            note(
                say(
                    "Shaded: a margin among the highest quarter (from {margin:.2f}), and a score among the lowest tenth"
                    " (below {similarity:.2f}).",
                    **ends,
                )
            )
    note(
        say(
            "A filter of all kinds would drop <b>{dropped:,}</b> and keep <b>{kept:,}</b>; nothing is dropped until it"
            " is asked for.",
            dropped=checked.extra["would_drop_in_all"],
            kept=checked.extra["would_keep"],
        )
    )
    table = pa.Table.from_pylist([{"kind": kind_said(kind), "pairs": dropped[kind]} for kind in KINDS])
    st.dataframe(table, hide_index=True, alt=say("Pairs that a filter of each kind would drop"))


def scatter(pairs: Pairs, checked: Checked) -> go.Figure:
    """x: similarity (of what is left without shared words, where it is known), y: margin; a colour for each kind."""
    x = np.array(checked.rows.get("remainder", checked.rows["similarity"]), dtype=np.float64)
    y = np.array(checked.rows["margin"], dtype=np.float64)
    first: dict[int, str] = {}
    for one in checked.failures:
        first.setdefault(one.row, one.kind)
    clean = [row for row in range(len(pairs)) if row not in first]
    figure = go.Figure()
    _points(figure, pairs, (x, y), clean[:: max(1, -(-len(clean) // MOST))], (say("not suspicious"), GREY))
    for number, kind in enumerate(KINDS):
        rows = [row for row, found in first.items() if found == kind][:MOST]
        if rows:
            _points(figure, pairs, (x, y), rows, (kind_said(kind), OKABE_ITO[number]))
    region = checked.extra["region"]
    known = np.isfinite(x) & np.isfinite(y)
    if known.any() and None not in region.values():
        figure.add_shape(
            type="rect",
            x0=min(float(x[known].min()), region["similarity"]),
            x1=region["similarity"],
            y0=region["margin"],
            y1=max(float(y[known].max()), region["margin"]) * 1.02,
            fillcolor=OKABE_ITO[5],
            opacity=0.12,
            line={"width": 0},
            layer="below",
        )
    shared = say("similarity without the words that both share")
    return layout(figure, shared if "remainder" in checked.rows else say("similarity"), say("margin"))


def _points(
    figure: go.Figure, pairs: Pairs, places: tuple[np.ndarray, np.ndarray], rows: list[int], how: tuple[str, str]
) -> None:
    x, y = places
    figure.add_scatter(
        x=x[rows].astype(np.float32),
        y=y[rows].astype(np.float32),
        mode="markers",
        name=escape(how[0]),
        marker={"size": 4 if how[1] == GREY else 8, "color": how[1], "opacity": 0.5 if how[1] == GREY else 0.9},
        text=hover(pairs, rows),
        hovertemplate="%{text}<br>"
        + say("similarity {similarity}, margin {margin}", similarity="%{x:.2f}", margin="%{y:.2f}")
        + "<extra></extra>",
    )
