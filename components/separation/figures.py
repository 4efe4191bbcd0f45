"""The pictures of the Scripts page: the matrix of groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from components.parts.palette import HEAT
from components.parts.spoken import later, say

KINDS = {
    "angle": later("mean principal angle (degrees)"),
    "cosine": later("cosine of the means"),
    "distance": later("distance of the means"),
}
_NEAR_FIRST = [(round(1 - at, 2), colour) for at, colour in reversed(HEAT)]
_FROM = {"angle": _NEAR_FIRST, "cosine": HEAT, "distance": _NEAR_FIRST}  # warm is near


def matrix(
    names: Sequence[str],
    values: npt.NDArray[np.float64],
    order: Sequence[int],
    *,
    kind: str,
    title: Callable[[str], str] = str,
) -> go.Figure:
    """Groups against groups, in an order in which near ones stand together; customdata names the pair.

    title: how a group is called in the picture. What is not known stays grey.
    """
    shown = np.degrees(values) if kind == "angle" else values
    grid = shown[np.ix_(order, order)].astype(np.float32)
    np.fill_diagonal(grid, np.nan)
    groups = [names[i] for i in order]
    labels = [escape(title(name)) for name in groups]  # Plotly reads HTML
    figure = go.Figure()
    figure.add_trace(
        go.Heatmap(
            z=grid,
            x=labels,
            y=labels,
            colorscale=_FROM[kind],
            hoverinfo="skip",
            colorbar={"title": {"text": say(KINDS[kind]), "side": "right"}, "thickness": 12, "outlinewidth": 0},
        )
    )
    # A heatmap cannot be selected: an unseen point in each cell can.
    n = len(labels)
    cells = [(i, j) for j in range(n) for i in range(n) if i != j]
    figure.add_trace(
        go.Scatter(
            x=[labels[i] for i, _ in cells],
            y=[labels[j] for _, j in cells],
            mode="markers",
            showlegend=False,
            customdata=[f"{groups[i]}\x1f{groups[j]}" for i, j in cells],
            text=[
                f"{grid[j, i]:.2f}" if np.isfinite(grid[j, i]) else say("not known to the encoder") for i, j in cells
            ],
            hovertemplate=say("{one} and {other}: {value}", one="%{x}", other="%{y}", value="%{text}")
            + "<extra></extra>",
            marker={"size": 14, "symbol": "square", "color": "rgba(0,0,0,0.001)"},
            unselected={"marker": {"opacity": 1}},
            selected={"marker": {"color": "#c2410c", "opacity": 1}},
        )
    )
    figure.update_layout(
        height=max(320, 19 * len(labels) + 90),
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        dragmode=False,
        clickmode="event+select",
        hovermode="closest",
        xaxis={"type": "category", "tickangle": -60, "showgrid": False, "dtick": 1},
        plot_bgcolor="rgba(150,155,160,.22)",
        yaxis={"type": "category", "autorange": "reversed", "showgrid": False, "dtick": 1},
    )
    return figure
