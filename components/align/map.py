"""The test words of both sides on one map, before and after the alignment, with lines between words that belong
together.
"""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components.align.cached import picture_of
from components.align.panel import Asked
from components.align.rows import Outcomes
from components.parts.labels import shorten
from components.parts.palette import GREY, OKABE_ITO, ON_DARK, ON_LIGHT
from components.parts.spoken import later, say
from components.shell import state
from components.shell.frame import is_dark, note
from components.shell.pickers import pick_said
from components.shell.stage.charts import chart
from isogloss.alignment.joint_maps import WHEN, JointMaps
from isogloss.alignment.trial import Trial

_LINES = (later("test words"), later("hits and misses"), later("none"))
_SAID = {
    "before": later("Before; the map kept {share:.0%} of the ten true neighbors of a word."),
    "after": later("After; the map kept {share:.0%} of the ten true neighbors of a word."),
}
_LABELS = 24
_APART = np.array([0.16, 0.035])  # of the width and height of a map: what a label takes


def joint_map(asked: Asked, trial: Trial, outcomes: Outcomes, *, method: str) -> None:
    """Two maps beside each other; a word that is searched for is marked on both."""
    maps = picture_of(asked, trial, method)
    if maps is None:
        return
    a, b = st.columns([1, 1.4])
    state.check_bound({"lines": list(_LINES)}, {"lines": _LINES[0]})
    with a:
        lines = pick_said(st.segmented_control, say("Lines"), _LINES, key="lines", default=_LINES[0])
    word = b.text_input(
        say("Find a word"),
        key="find",
        bind="query-params",
        max_chars=100,
        placeholder=str(trial.source.items[maps.source[min(200, len(maps.source) - 1)]]),
    )
    hit = _hits(trial, outcomes, method)
    left, right = st.columns(2, gap="medium")
    for column, when, kept in zip((left, right), WHEN, maps.kept, strict=True):
        with column:
            note(say(_SAID[when], share=kept))
            chart(
                _figure(maps, trial, when, str(lines), word.strip(), hit),
                key=f"joint-{when}",
                config={
                    "displaylogo": False,
                    "scrollZoom": True,
                    "modeBarButtons": [["pan2d", "zoom2d", "resetScale2d", "toImage"]],
                },
                alt=say("Words of both spaces before the alignment")
                if when == "before"
                else say("Words of both spaces after the alignment"),
            )
    n = len(maps.pairs)
    before, after = (maps.line_length(when).value for when in WHEN)
    note(
        say(
            "{of_source:,} words of {source}, {of_target:,} of {target}, {n:,} test words with a line to their first"
            " gold translation. Half of the lines are shorter than {before:.0%} of the picture before and {after:.0%}"
            " after. Before, the two sides have coordinates of their own: where they lie to each other means nothing.",
            of_source=len(maps.source),
            source=escape(trial.source.name),
            of_target=len(maps.target),
            target=escape(trial.target.name),
            n=n,
            before=before,
            after=after,
        )
    )


def _hits(trial: Trial, outcomes: Outcomes, method: str) -> dict[int, bool]:
    found = outcomes[method].found["source-target"]["csls"]
    return {int(row): bool(rank == 1) for row, rank in zip(found.sources, found.rank, strict=True)}


def _figure(maps: JointMaps, trial: Trial, when: str, lines: str, word: str, hit: dict[int, bool]) -> go.Figure:
    coordinates = maps.before if when == "before" else maps.after
    n = len(maps.source)
    figure = go.Figure()
    if lines != "none":
        right = np.array([hit.get(int(maps.source[i]), False) for i in maps.pairs[:, 0]])
        kinds = [("lines", np.ones(len(maps.pairs), bool), GREY, 0.35)]
        if lines == "hits and misses":
            kinds = [(say("found first"), right, OKABE_ITO[2], 0.5), (say("missed"), ~right, OKABE_ITO[5], 0.3)]
        for name, some, colour, opacity in kinds:
            ends = coordinates[maps.pairs[some]]
            gap = np.full(len(ends), np.nan)
            across, up = (np.column_stack([ends[:, 0, d], ends[:, 1, d], gap]).ravel() for d in (0, 1))
            figure.add_trace(
                go.Scattergl(
                    x=across,
                    y=up,
                    mode="lines",
                    name=name,
                    opacity=opacity,
                    hoverinfo="skip",
                    line={"color": colour, "width": 1},
                )
            )
    for i, (space, rows, part) in enumerate(
        ((trial.source, maps.source, slice(0, n)), (trial.target, maps.target, slice(n, None)))
    ):
        items = [space.items[r] for r in rows]
        figure.add_trace(
            go.Scattergl(
                x=coordinates[part, 0],
                y=coordinates[part, 1],
                mode="markers",
                name=escape(shorten(space.name)),
                text=[_plain(item) for item in items],
                hovertemplate="%{text}<extra>%{fullData.name}</extra>",
                marker={"size": 4, "color": OKABE_ITO[i], "opacity": 0.55},
            )
        )
        if word in items:
            at = coordinates[part][items.index(word)]
            figure.add_annotation(
                x=float(at[0]), y=float(at[1]), text=_plain(word), showarrow=True, arrowhead=2, font={"size": 15}
            )
    ground, ink = ("rgba(24,24,22,.72)", ON_DARK) if is_dark() else ("rgba(255,255,255,.8)", ON_LIGHT)
    for x, y, text in _labels(maps, trial, when):
        figure.add_annotation(
            x=x, y=y, text=text, showarrow=False, font={"size": 11, "color": ink}, bgcolor=ground, borderpad=1, yshift=9
        )
    bare = {"visible": False}
    figure.update_layout(
        height=520,
        margin={"l": 0, "r": 0, "t": 26, "b": 0},
        dragmode="pan",
        xaxis=bare,
        yaxis={**bare, "scaleanchor": "x"},
        hovermode="closest",
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "itemsizing": "constant"},
        uirevision="joint",
    )
    return figure


def _labels(maps: JointMaps, trial: Trial, when: str) -> list[tuple[float, float, str]]:
    """Of frequent test words whose labels do not touch: where and what; after the alignment a word and its gold share
    one.
    """
    coordinates = maps.before if when == WHEN[0] else maps.after
    least, placed = _APART * np.ptp(coordinates, axis=0), np.empty((0, 2))
    found = []
    for pair in maps.pairs[np.argsort(maps.pairs[:, 0])].tolist():
        names = [
            _plain(space.items[row])
            for space, row in (
                (trial.source, maps.source[pair[0]]),
                (trial.target, maps.target[pair[1] - len(maps.source)]),
            )
        ]
        points = coordinates[pair]
        if when != WHEN[0]:
            points, names = points[:1], [" – ".join(names)]
        every = np.concatenate([placed, points])
        apart = np.abs(every[:, None] - points) >= least
        if (~apart.any(axis=2)).sum() > len(points):  # each touches itself
            continue
        placed = every
        found += [(float(x), float(y), name) for (x, y), name in zip(points, names, strict=True)]
        if len(found) >= _LABELS:
            break
    return found


def _plain(text: str) -> str:
    """Plotly reads some HTML: a word is only ever a word."""
    return escape(shorten(text, 24))
