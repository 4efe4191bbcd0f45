"""Kinds of broken markers, by group."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go

from components.parts.palette import HEAT
from components.rewriting.views._shown import said, show
from components.shell.frame import note
from isogloss.rewriting.marking.errors import KINDS
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Checked

_MOST = 40  # groups
_NAMES = {
    "intact": "intact",
    "span_cosine": "spans alike",
    "context_cosine": "contexts alike",
    "label_agreement": "labels",
}


def draw(pairs: Pairs, checked: Checked) -> None:
    """The heat of kinds by group, and the figures of all pairs."""
    show(heat(checked), pairs, "markers", "Broken markers by kind")
    for name, title in _NAMES.items():
        if name in checked.figures:
            note(f"{title}: {escape(said(checked.figures[name]))}.")


def heat(checked: Checked) -> go.Figure:
    """Groups × kinds: share of pairs with markers, and how many failures, in the cells."""
    groups = dict(list(checked.by.items())[:_MOST]) or {"all pairs": checked.figures}
    counts = checked.extra.get("by_kind", {"all pairs": checked.extra["kinds"]})
    share = np.array([[float(one[kind]) for kind in KINDS] for one in groups.values()], dtype=np.float32)
    figure = go.Figure(
        go.Heatmap(
            z=share,
            x=[kind.replace("_", " ") for kind in KINDS],
            y=[f"{escape(name[:40])} ({one['intact'].n:,})" for name, one in groups.items()],
            text=[[f"{counts[name][kind]:,}" for kind in KINDS] for name in groups],
            texttemplate="%{text}",
            zmin=0,
            zmax=max(0.05, float(np.nanmax(share, initial=0.0))),
            colorscale=HEAT,
            xgap=2,
            ygap=2,
            hoverongaps=False,
            hovertemplate="%{y}: %{text} %{x}, in %{z:.1%} of pairs<extra></extra>",
            colorbar={"thickness": 12, "outlinewidth": 0, "tickformat": ".0%"},
        )
    )
    figure.update_layout(
        height=max(300, 90 + 34 * len(groups)),
        margin={"l": 10, "r": 10, "t": 34, "b": 10},
        dragmode=False,
        xaxis={"type": "category", "side": "top", "showgrid": False, "fixedrange": True},
        yaxis={"type": "category", "autorange": "reversed", "showgrid": False, "automargin": True, "fixedrange": True},
    )
    return figure
