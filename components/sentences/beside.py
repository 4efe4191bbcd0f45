"""Two models beside each other: the same languages in the same order, one scale, every layer that each has."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from components.parts.labels import named, written
from components.parts.palette import HEAT
from components.parts.spoken import say
from components.sentences.heat import cells_of
from isogloss.sentences.reports import LayersShown, Row


def beside(report: LayersShown, other: LayersShown, rows: Sequence[Row]) -> go.Figure:
    """Two maps over the same rows, coloured alike from 0 to 1. rows: in the order shown, of languages that both have.
    customdata of the unseen points: language, layer, and the name of the report.
    """
    pair = (report, other)
    figure = make_subplots(
        rows=1,
        cols=2,
        shared_yaxes=True,
        horizontal_spacing=0.02,
        column_widths=[len(one.layers) for one in pair],
        column_titles=[escape(one.name) for one in pair],  # as the headline calls them
    )
    labels = [escape(f"{named(row.language)} · {written(row.script)}") for row in rows]
    for column, one in enumerate(pair, 1):
        own = {row.language: row for row in one.rows}
        grid = np.array([own[row.language].scores for row in rows])
        figure.add_trace(
            go.Heatmap(
                z=grid.astype(np.float32),
                x=[str(layer) for layer in one.layers],
                y=labels,
                coloraxis="coloraxis",
                hoverinfo="skip",
                xgap=1,
                ygap=1 if len(rows) < 60 else 0,
            ),
            row=1,
            col=column,
        )
        figure.add_trace(
            cells_of(rows, one.layers, [[format(value, ".0%") for value in line] for line in grid], of=one.name),
            row=1,
            col=column,
        )
    figure.update_xaxes(type="category", title={"text": say("layer"), "standoff": 4}, showgrid=False, automargin=True)
    figure.update_yaxes(type="category", range=[len(rows) - 0.5, -0.5], showgrid=False, ticks="")
    figure.update_yaxes(automargin=True, tickfont={"size": 9 if len(rows) > 45 else 12}, row=1, col=1)
    for title, (at, side, up) in zip(figure.layout.annotations, ((0, "left", 18), (1, "right", 0)), strict=True):
        title.update(font={"size": 13}, x=at, xanchor=side, yshift=up)  # on two lines: a phone has no room for one
    figure.update_layout(
        margin={"l": 10, "r": 10, "t": 46, "b": 10},
        dragmode=False,
        clickmode="event+select",
        hovermode="closest",
        coloraxis={
            "colorscale": HEAT,
            "cmin": 0.0,
            "cmax": 1.0,
            "colorbar": {
                "thickness": 12,
                "outlinewidth": 0,
                "tickformat": ".0%",
                "title": {"text": "MEXA", "side": "right"},
            },
        },
    )
    return figure
