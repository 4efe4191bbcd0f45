"""Figures with their intervals, one a line: a dot, and a bar from low to high."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from components.parts.palette import OKABE_ITO
from components.parts.spoken import say
from isogloss.figure import Figure


@dataclass(frozen=True)
class Dot:
    """A figure with its interval. label: plain text."""

    label: str
    figure: Figure
    colour: str = OKABE_ITO[0]

    @property
    def interval(self) -> tuple[float, float]:
        return self.figure.interval or (self.figure.value, self.figure.value)


def interval_dots(
    dots: Sequence[Dot], axis: str, percent: bool = False, *, title: str = "", most: float | None = None
) -> go.Figure:
    """The first dot on top. axis: what is measured. most: the end of the axis, which begins at 0; where not given it
    ends beyond the intervals.

    >>> half = Figure(value=0.5, n=9, better="more", low=0.4, high=0.7)
    >>> figure = interval_dots([Dot("<b>", half)], "P@1", percent=True)
    >>> figure.data[0].y, figure.layout.shapes[0].x1
    (('&lt;b&gt;',), 0.7)
    """
    form = ".1%" if percent else ".3f"
    figure = go.Figure(
        go.Scatter(
            x=[d.figure.value for d in dots],
            y=[escape(d.label) for d in dots],
            mode="markers",
            cliponaxis=False,  # a dot at 100% is whole
            marker={"size": 9, "color": [d.colour for d in dots]},
            customdata=[(*d.interval, d.figure.n) for d in dots],
            hovertemplate=say(
                "{name}: {value} ({low} to {high}, n = {n})",
                name="%{y}",
                value=f"%{{x:{form}}}",
                low=f"%{{customdata[0]:{form}}}",
                high=f"%{{customdata[1]:{form}}}",
                n="%{customdata[2]:,}",
            )
            + "<extra></extra>",
        )
    )
    for d in dots:  # error bars have one colour a trace
        figure.add_shape(
            type="line",
            x0=d.interval[0],
            x1=d.interval[1],
            y0=escape(d.label),
            y1=escape(d.label),
            line={"color": d.colour, "width": 2},
            layer="between",
        )
    figure.update_layout(
        height=(84 if axis else 62) + 25 * len(dots),
        margin={"l": 10, "r": 10, "t": 26 if title else 10, "b": 10},
        dragmode=False,
        showlegend=False,
        xaxis={
            "tickformat": ".0%" if percent else "",
            "range": [0, most or 1.08 * max((d.interval[1] for d in dots), default=1) or 1],
            "zeroline": False,
            "title": {"text": axis, "standoff": 8} if axis else None,
            "automargin": True,
        },
        yaxis={"autorange": "reversed", "automargin": True},
        title={
            "text": escape(title),
            "font": {"size": 13},
            "x": 0,
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 4},
        },
    )
    return figure
