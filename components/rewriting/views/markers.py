"""Kinds of broken markers, by group."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go

from components.parts.palette import HEAT, INK
from components.parts.spoken import later, say
from components.rewriting.views._shown import said, show
from components.rewriting.words import kind_said
from components.shell.frame import note
from isogloss.rewriting.marking.errors import KINDS
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Checked

_MOST = 40  # groups
_ALL = later("all pairs")
_NAMES = {
    "intact": later("intact"),
    "span_cosine": later("spans alike"),
    "context_cosine": later("contexts alike"),
    "label_agreement": later("labels"),
}


def draw(pairs: Pairs, checked: Checked) -> None:
    """The heat of kinds by group, and the figures of all pairs."""
    show(heat(checked), pairs, "markers", say("Broken markers by kind"))
    for name, title in _NAMES.items():
        if name in checked.figures:
            note(say("{name}: {read}.", name=say(title), read=escape(said(checked.figures[name]))))


def heat(checked: Checked) -> go.Figure:
    """Groups × kinds: share of pairs with markers, and how many failures, in the cells."""
    groups = dict(list(checked.by.items())[:_MOST]) or {_ALL: checked.figures}
    counts = checked.extra.get("by_kind", {_ALL: checked.extra["kinds"]})
    share = np.array([[float(one[kind]) for kind in KINDS] for one in groups.values()], dtype=np.float32)
    figure = go.Figure(
        go.Heatmap(
            z=share,
            x=[kind_said(kind) for kind in KINDS],
            y=[
                f"{escape(say(_ALL) if name == _ALL else name[:40])} ({one['intact'].n:,})"
                for name, one in groups.items()
            ],
            text=[[f"{counts[name][kind]:,}" for kind in KINDS] for name in groups],
            texttemplate="%{text}",
            textfont={"color": INK},
            zmin=0,
            zmax=max(0.05, float(np.nanmax(share, initial=0.0))),
            colorscale=HEAT,
            xgap=2,
            ygap=2,
            hoverongaps=False,
            hovertemplate=say(
                "{group}: {n} {kind}, in {share} of pairs", group="%{y}", n="%{text}", kind="%{x}", share="%{z:.1%}"
            )
            + "<extra></extra>",
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
