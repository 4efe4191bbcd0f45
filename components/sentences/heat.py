"""The map of a model: languages by layers, coloured by how many sentences find their translation."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from components.parts.labels import named, written
from components.parts.palette import HEAT, OKABE_ITO, ON_LIGHT, ramp
from components.parts.spoken import say
from isogloss.sentences.measure import SENTENCE_MEASURES
from isogloss.sentences.reports import LayersShown, Row

_SCALE = HEAT
_SIGNED = "RdBu"


def heat(report: LayersShown, rows: Sequence[Row], other: LayersShown | None = None, *, measure: str = "") -> go.Figure:
    """The map. rows: in the order shown, from above. other: a report that is taken away, layer by layer, where both
    have a layer. measure: another one than MEXA, which the report has; its ends are those of its values. customdata of
    the unseen points: language and layer.
    """
    layers = [layer for layer in report.layers if other is None or layer in other.layers]
    own = {row.language: row for row in report.rows}
    grid = np.array([[own[row.language].scores[report.layers.index(layer)] for layer in layers] for row in rows])
    if measure:
        grid = np.array([[float(figure) for figure in own[row.language].also[measure]] for row in rows])
    if other is not None:
        theirs = {row.language: row for row in other.rows}
        less = [[theirs[r.language].scores[other.layers.index(layer)] for layer in layers] for r in rows]
        grid = grid - np.array(less)
    labels = [escape(f"{named(row.language)} · {written(row.script)}") for row in rows]
    start = float(np.nanmin(grid)) if measure and np.isfinite(grid).any() else 0.0
    end = 1.0 if other is None else max(float(np.abs(grid).max(initial=0.01)), 0.01)
    figure = go.Figure(
        go.Heatmap(
            z=grid.astype(np.float32),
            x=[str(layer) for layer in layers],
            y=labels,
            zmin=min(0.0, start) if other is None else -end,
            zmax=end,
            colorscale=_SCALE if other is None else _SIGNED,
            hoverinfo="skip",
            xgap=1,
            ygap=1 if len(rows) < 60 else 0,
            colorbar={
                "thickness": 12,
                "outlinewidth": 0,
                "tickformat": ".2f" if measure else ".0%",
                "title": {"text": say(SENTENCE_MEASURES[measure].title) if measure else "MEXA", "side": "right"},
            },
        )
    )
    told = ".2f" if measure else ".0%" if other is None else "+.0%"
    figure.add_trace(cells_of(rows, layers, [[format(value, told) for value in line] for line in grid]))
    many = len(rows) > 45
    figure.update_layout(
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        dragmode=False,
        clickmode="event+select",
        hovermode="closest",
        xaxis={
            "type": "category",
            "title": {"text": say("layer"), "standoff": 4},
            "showgrid": False,
            "automargin": True,
        },
        yaxis={
            "type": "category",
            "range": [len(rows) - 0.5, -0.5],
            "showgrid": False,
            "automargin": True,
            "tickfont": {"size": 9 if many else 12},
        },
    )
    return figure


def cells_of(rows: Sequence[Row], layers: Sequence[int], texts: Sequence[Sequence[str]], *, of: str = "") -> go.Scatter:
    """An unseen point in each cell: a heat map cannot be selected. texts: of each row, by layer. of: the report, where
    there are two; the last part of customdata.
    """
    cells = [(i, j) for j in range(len(rows)) for i in range(len(layers))]
    labels = [escape(f"{named(row.language)} · {written(row.script)}") for row in rows]
    return go.Scatter(
        x=[str(layers[i]) for i, _ in cells],
        y=[labels[j] for _, j in cells],
        mode="markers",
        showlegend=False,
        customdata=["\x1f".join((rows[j].language, str(layers[i]), *filter(None, [of]))) for i, j in cells],
        text=[texts[j][i] for i, j in cells],
        hovertemplate=say("{language}, layer {layer}: {value}", language="%{y}", layer="%{x}", value="%{text}")
        + "<extra></extra>",
        marker={"size": 12, "symbol": "square", "color": "rgba(0,0,0,0.001)"},
        unselected={"marker": {"opacity": 1}},
        selected={"marker": {"color": "#c2410c", "opacity": 1}},
    )


def curves(report: LayersShown, rows: Sequence[Row], title: str, ink: str = ON_LIGHT) -> go.Figure:
    """MEXA by layer of some languages, their median where there are several, and chance. ink: of what is written."""
    figure = go.Figure()
    x = [str(layer) for layer in report.layers]
    if len(rows) == 1:
        row = rows[0]
        band = {"type": "data", "symmetric": False, "array": row.high - row.scores, "arrayminus": row.scores - row.low}
        figure.add_scatter(x=x, y=row.scores, mode="lines+markers", error_y=band, name=escape(title))
    else:
        for row, colour in zip(rows, ramp(len(rows)), strict=True):
            line = {"width": 1, "color": colour}
            figure.add_scatter(
                x=x, y=row.scores, mode="lines", line=line, opacity=0.45, name=escape(named(row.language))
            )
        middle = np.median([row.scores for row in rows], axis=0)
        figure.add_scatter(x=x, y=middle, mode="lines", line={"width": 4, "color": OKABE_ITO[0]}, name=say("median"))
    figure.add_hline(y=report.chance, line={"dash": "dot", "color": "#888"})
    place = {"x": 1, "xref": "paper", "xanchor": "right", "yanchor": "bottom", "showarrow": False}
    figure.add_annotation(y=report.chance, text=say("chance"), font={"color": ink}, **place)
    figure.update_layout(
        height=300,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        dragmode=False,
        showlegend=False,
        xaxis={"title": {"text": say("layer"), "standoff": 4}, "automargin": True},
        yaxis={"range": [-0.02, 1.04], "tickformat": ".0%", "automargin": True},
    )
    return figure


def index_curve(report: LayersShown) -> go.Figure:
    """The interlingua index by layer, with its interval and what chance stays under."""
    x, found = [str(layer) for layer in report.layers], report.interlingua
    values = np.array([float(one) for one in found])
    ends = np.array([one.interval or (float(one), float(one)) for one in found])
    band = {"type": "data", "symmetric": False, "array": ends[:, 1] - values, "arrayminus": values - ends[:, 0]}
    figure = go.Figure()
    figure.add_scatter(x=x, y=values, mode="lines+markers", error_y=band, name=say("interlingua index"))
    null = [one.null.p95 if one.null else None for one in found]
    figure.add_scatter(
        x=x, y=null, mode="lines", line={"dash": "dot", "color": "#888"}, name=say("95% of chance below")
    )
    figure.update_layout(
        height=300,
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        dragmode=False,
        legend={"orientation": "h", "y": 1.12},
        xaxis={"title": {"text": say("layer"), "standoff": 4}, "automargin": True},
        yaxis={"range": [-1.04, 1.04], "automargin": True},
    )
    return figure
