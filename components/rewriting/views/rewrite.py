"""Arrows from each text to its rewriting, in two principal components, coloured by group."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components.parts.palette import GREY, OKABE_ITO
from components.parts.spoken import count, say
from components.rewriting.views._shown import MOST, hover, layout, said, show
from components.shell.frame import note
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Checked

_MOST_GROUPS = len(OKABE_ITO)


def draw(pairs: Pairs, checked: Checked) -> None:
    """Arrows, and below what R̄ is beside its null, of all pairs and of groups."""
    show(arrows(pairs, checked), pairs, "rewrite", say("Each pair as an arrow from the original to its rewriting"))
    note(say("R̄ of all pairs: {figure}.", figure=escape(said(checked.figures["direction"]))))
    for name, one in list(checked.by.items())[:_MOST_GROUPS]:
        note(say("<b>{name}</b>: R̄ {figure}.", name=escape(name), figure=escape(said(one["direction"]))))
    between = checked.extra.get("between", ())
    if between:
        with st.expander(
            count("Cosine of {n:,} pair of directions", "Cosine of {n:,} pairs of directions", len(between))
        ):
            for one in between:
                note(
                    say(
                        "{one} and {other}: {value:.2f} ({low:.2f} to {high:.2f})",
                        one=escape(str(one["one"])),
                        other=escape(str(one["two"])),
                        value=one["value"],
                        low=one["low"],
                        high=one["high"],
                    )
                )


def arrows(pairs: Pairs, checked: Checked) -> go.Figure:
    """At most 3,000 arrows: a line each, and a point where it ends; groups past eight are grey."""
    x0, y0, x1, y1 = (np.array(checked.rows[name]) for name in ("source_x", "source_y", "target_x", "target_y"))
    step = max(1, -(-len(pairs) // MOST))
    figure = go.Figure()
    groups = _groups(pairs, checked)
    for number, (name, rows) in enumerate(groups.items()):
        at = np.array(rows[::step])
        colour = OKABE_ITO[number] if number < _MOST_GROUPS else GREY
        gap = np.full(len(at), np.nan)
        figure.add_scatter(
            x=np.column_stack([x0[at], x1[at], gap]).ravel().astype(np.float32),
            y=np.column_stack([y0[at], y1[at], gap]).ravel().astype(np.float32),
            mode="lines",
            line={"color": colour, "width": 1},
            opacity=0.5,
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_scatter(
            x=x1[at].astype(np.float32),
            y=y1[at].astype(np.float32),
            mode="markers",
            name=escape(name[:40]) or say("pairs"),
            marker={"size": 6, "color": colour},
            text=hover(pairs, at.tolist()),
            hovertemplate="%{text}<extra></extra>",
        )
    return layout(figure, say("first principal component"), say("second principal component"))


def _groups(pairs: Pairs, checked: Checked) -> dict[str, Sequence[int]]:
    """Rows by the column that was asked for: the one whose values are the groups of what was found."""
    if checked.by:
        for column, values in pairs.columns.items():
            if set(values) == set(checked.by):
                return dict(pairs.groups(column))
    return {"": range(len(pairs))}
