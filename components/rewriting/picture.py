"""Pictures of pairs: types of spans by what became of them, groups by a share, figures with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from components.parts.palette import HEAT, INK, OKABE_ITO
from components.parts.spoken import say
from components.rewriting.words import figure_said, kind_said
from isogloss.figure import Figure
from isogloss.rewriting.profile import Checked
from isogloss.rewriting.span import SPANS

_SHOWN = 40


def fates_picture(checked: Checked, types: Mapping[str, Mapping[str, int]]) -> go.Figure:
    """Type of span × kept, lost, changed, moved, added: shares, with counts in the cells. types: `extra["types"]`."""
    order = ("kept", "moved", "changed", "lost", "added")
    names = list(types)
    grid = np.array([[float(checked.figures[f"{fate}_{name}"]) for fate in order] for name in names], dtype=np.float32)
    counts = [[str(types[name][fate]) for fate in order] for name in names]
    figure = go.Figure(
        go.Heatmap(
            z=grid,
            x=[kind_said(fate) for fate in order],
            y=[f"{say(SPANS[name].title)} ({types[name]['n']:,})" for name in names],
            text=counts,
            customdata=[[_within(checked.figures[f"{fate}_{name}"]) for fate in order] for name in names],
            texttemplate="%{text}",
            textfont={"color": INK},
            zmin=0,
            zmax=1,
            colorscale=HEAT,
            xgap=2,
            ygap=2,
            hoverongaps=False,
            hovertemplate=say(
                "{type}: {n} {fate}, {share}", type="%{y}", n="%{text}", fate="%{x}", share="%{customdata}"
            )
            + "<extra></extra>",
            colorbar={
                "thickness": 12,
                "outlinewidth": 0,
                "tickformat": ".0%",
                "title": {"text": say("share"), "side": "right"},
            },
        )
    )
    figure.update_layout(
        height=max(300, 90 + 34 * len(names)),
        margin={"l": 10, "r": 10, "t": 34, "b": 10},
        dragmode=False,
        xaxis={"type": "category", "side": "top", "showgrid": False, "fixedrange": True},
        yaxis={"type": "category", "autorange": "reversed", "showgrid": False, "automargin": True, "fixedrange": True},
    )
    return figure


def groups_picture(checked: Checked, name: str) -> go.Figure:
    """Each group's share that is not as it should be, the worst first, with intervals."""
    turned = name == "pairs_intact"
    known = [(group, one[name]) for group, one in checked.by.items() if name in one and one[name].known]
    known.sort(key=lambda one: one[1].value if turned else -one[1].value)
    title = say("pairs that lost or changed a span") if turned else figure_said(name)
    return _dots([(group, _turned(one) if turned else one) for group, one in known[:_SHOWN]], title)


def figures_picture(checked: Checked) -> go.Figure:
    """All figures with their intervals."""
    return _dots(
        [(figure_said(name), one) for name, one in checked.figures.items() if one.known][:_SHOWN], say("value")
    )


def _dots(rows: Sequence[tuple[str, Figure]], title: str) -> go.Figure:
    values = np.array([one.value for _, one in rows], dtype=np.float32)
    low, high = (
        np.array([one.value if one.interval is None else one.interval[i] for _, one in rows], dtype=np.float32)
        for i in (0, 1)
    )
    figure = go.Figure(
        go.Scatter(
            x=values,
            y=[f"{escape(name[:60])} ({one.n:,})" for name, one in rows],
            mode="markers",
            marker={"size": 12, "color": OKABE_ITO[0]},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": high - values,
                "arrayminus": values - low,
                "thickness": 2,
            },
            customdata=[_within(one) for _, one in rows],
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )
    )
    share = bool(len(values)) and values.min() >= 0 and float(np.max(high)) <= 1
    axis: dict[str, Any] = {"range": [-0.02, 1.02], "tickformat": ".0%"} if share else {}
    figure.update_layout(
        height=max(300, 110 + 36 * len(rows)),
        margin={"l": 10, "r": 20, "t": 10, "b": 10},
        dragmode=False,
        xaxis={"title": {"text": title}, "automargin": True, "fixedrange": True, "zeroline": False, **axis},
        yaxis={"type": "category", "autorange": "reversed", "automargin": True, "fixedrange": True},
    )
    return figure


def _turned(one: Figure) -> Figure:
    low, high = one.interval or (one.value, one.value)
    return Figure(value=1 - one.value, n=one.n, better="less", low=1 - high, high=1 - low, how=one.how)


def _within(one: Figure) -> str:
    if not one.known:
        return say("unknown")
    low, high = one.interval or (one.value, one.value)
    return say("{value:.1%} ({low:.1%} to {high:.1%}), n = {n:,}", value=one.value, low=low, high=high, n=one.n)
