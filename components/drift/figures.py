"""The pictures of Drift: drift against frequency with the null band, and a word's similarity line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from components.drift.cached import kept
from components.parts.drawn import Drawn
from components.parts.labels import shorten
from components.parts.palette import GREY
from components.parts.spoken import later, say, spoken
from components.shell.stage.charts import LEAST
from components.shell.stage.present import presenting
from isogloss.drift.frequency import noise_band
from isogloss.drift.ranking import Ranking
from isogloss.drift.similarity import Similarities
from isogloss.drift.verdict import WORDS
from isogloss.types import Floats, Mask

_SAID = (later("moved farther than noise"), later("not decided: too few replicates"))  # WORDS of the verdict
ACCENT = "#c2410c"
_ROOM, _PHONE = (620.0, 330.0), (255.0, 300.0)  # pixels that labels are laid out for
_ON_A_PHONE = 9  # names
_WIDE_ONLY = 0.999  # opacity of a name that a phone has no room for; frame.css hides it there
HEIGHT = 430  # pixels: three fifths of the first screen of a projector
_MOST_DRAWN = 8_000  # points that are drawn as SVG, which every browser can; more by WebGL


@dataclass(frozen=True)
class Inks:
    """Colours with their opacity on one ground: noise is quiet, what moved is strong."""

    moved: tuple[str, float]
    undecided: tuple[str, float]
    noise: tuple[str, float]
    band: str
    edge: str
    text: str
    ground: str


LIGHT = Inks(
    (ACCENT, 0.62),
    ("#9a6b1f", 0.5),
    (GREY, 0.4),
    "rgba(120,126,133,.26)",
    "rgba(75,80,86,.9)",
    "#24282d",
    "rgba(255,255,255,.72)",
)
DARK = Inks(
    ("#ff9a62", 0.78),
    ("#d9b36a", 0.5),
    ("#767c83", 0.45),
    "rgba(165,172,180,.26)",
    "rgba(205,210,216,.9)",
    "#f2f2f0",
    "rgba(23,22,20,.66)",
)


@dataclass(frozen=True)
class Line:
    """One line over the spaces: similarity at each, and half of its 95% interval."""

    label: str
    over: Similarities
    colour: str


def scatter(
    ranking: Ranking,
    shown: Mask,
    title: str,
    *,
    chosen: str = "",
    matched: bool = False,
    least: float = 0.0,
    dark: bool = False,
) -> Drawn:
    """Drift (or, matched, the deviation from words as frequent) against the smaller count.

    shown: items that pass the filters; the rest turns grey and stays. Every point carries its row. What does not
    change with the chosen word is drawn once for all who look at it.
    """
    key = ("cloud", spoken(), title, matched, least, shown.tobytes(), dark)
    inks = DARK if dark else LIGHT
    cloud: dict[str, Any] = kept(ranking, key, lambda: _cloud_and_named(ranking, shown, title, matched, least, inks))
    annotations, ring = labels(
        ranking, cloud["named"], chosen=chosen, matched=matched, size=LEAST if presenting() else 12, inks=inks
    )
    layout = {"annotations": annotations, **cloud["layout"]}
    return Drawn({"data": [*cloud["data"], *ring], "layout": layout})


def _cloud_and_named(
    ranking: Ranking, shown: Mask, title: str, matched: bool, least: float, inks: Inks
) -> dict[str, Any]:
    drawn = cloud(ranking, shown, title, matched=matched, least=least, inks=inks).to_dict()
    return {**drawn, "named": _most_worth_a_name(ranking, shown, matched)}


def cloud(
    ranking: Ranking, shown: Mask, title: str, *, matched: bool = False, least: float = 0.0, inks: Inks = LIGHT
) -> go.Figure:
    """All points and the band of noise, without names."""
    x, y = _places(ranking, matched)
    known = np.isfinite(y)
    figure = go.Figure()
    if not matched and ranking.tested.any():
        _null_band(figure, ranking, inks)
    changed = ranking.significant & shown & known
    undecided = ranking.undecided & shown & known
    plain = shown & known & ~changed & ~undecided
    rest = say("not distinguishable from noise") if ranking.tested.any() else say("not tested")
    _points(figure, ranking, (x, y), mask=known & ~shown, look=(inks.noise[0], 0.12), name=say("left out"))
    _points(figure, ranking, (x, y), mask=plain, look=inks.noise, name=rest)
    _points(figure, ranking, (x, y), mask=undecided, look=inks.undecided, name=say(WORDS["undecided"]))
    _points(figure, ranking, (x, y), mask=changed, look=inks.moved, name=say("moved farther than noise (q < .05)"))
    if not matched and ranking.tested.any():
        _null_edge(figure, ranking, inks)
    if least and not matched:
        figure.add_hline(y=least, line={"dash": "dot", "width": 1, "color": GREY})
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 10, "r": 10, "t": 6, "b": 6},
        dragmode="pan",
        uirevision="drift",
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0},
        xaxis={"type": "log", "title": say("uses in the space where it is rarer"), **_ticks(x[known])},
        yaxis={"title": title, "rangemode": "normal" if matched else "tozero"},
        hovermode="closest",
        clickmode="event+select",
        modebar={"orientation": "v"},
    )
    return figure


def _ticks(counts: Floats) -> dict[str, Any]:
    """Where an axis of counts is marked: 1, 2, 5 of every decade, thousands as k."""
    if not len(counts):
        return {}
    decades = range(int(np.log10(counts.min())), int(np.log10(counts.max())) + 1)
    values = [step * 10**decade for decade in decades for step in (1, 2, 5)]
    values = [v for v in values if counts.min() / 1.3 <= v <= counts.max() * 1.3]
    return {"tickvals": values, "ticktext": [_short(v) for v in values]}


def _short(count: int) -> str:
    """A round count as it stands at a tick.

    >>> _short(500), _short(2_000), _short(5_000_000)
    ('500', '2k', '5M')
    """
    return f"{count // 10**6}M" if count >= 10**6 else f"{count // 1000}k" if count >= 1000 else str(count)


def _places(ranking: Ranking, matched: bool) -> tuple[Floats, Floats]:
    return np.maximum(ranking.smaller_count, 1).astype(np.float64), ranking.unusual if matched else ranking.distance


def _most_worth_a_name(ranking: Ranking, shown: Mask, matched: bool) -> list[int]:
    """Rows of what moved, else of what is not decided, else of all: the farthest beyond noise first."""
    y = _places(ranking, matched)[1]
    of = shown & np.isfinite(y)
    moved, undecided = of & ranking.significant, of & ranking.undecided
    order = np.flatnonzero(moved if moved.any() else undecided if undecided.any() else of & ~undecided)
    excess = y if matched else ranking.beyond_noise
    found: list[int] = order[np.argsort(-excess[order], kind="stable")][:160].tolist()
    return found


def _null_edge(figure: go.Figure, ranking: Ranking, inks: Inks) -> None:
    """The upper end of the band once more, above the points that crowd it."""
    count, _, high = noise_band(ranking)
    figure.add_trace(
        go.Scatter(
            x=count.astype(np.float32),
            y=high.astype(np.float32),
            mode="lines",
            line={"width": 2, "shape": "hv", "color": inks.edge},
            hoverinfo="skip",
            showlegend=False,
        )
    )


def _null_band(figure: go.Figure, ranking: Ranking, inks: Inks) -> None:
    count, low, high = noise_band(ranking)
    x = count.astype(np.float64)
    hidden = {"mode": "lines", "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip"}
    figure.add_trace(go.Scatter(x=x, y=low.astype(np.float32), showlegend=False, **hidden))
    figure.add_trace(
        go.Scatter(
            x=x,
            y=high.astype(np.float32),
            fill="tonexty",
            fillcolor=inks.band,
            name=say("noise, 5th to 95th percentile"),
            **hidden | {"line": {"width": 1.5, "shape": "hv", "color": inks.edge}},
        )
    )


def _points(
    figure: go.Figure,
    ranking: Ranking,
    at: tuple[Floats, Floats],
    *,
    mask: Mask,
    look: tuple[str, float],
    name: str,
) -> None:
    """The items of a mask where they stand, each with its row. look: colour and opacity."""
    (x, y), (colour, opacity), rows = at, look, np.flatnonzero(mask)
    if len(rows):
        kind = go.Scatter if len(ranking) <= _MOST_DRAWN else go.Scattergl
        figure.add_trace(
            kind(
                x=x[rows].astype(np.float32),
                y=y[rows].astype(np.float32),
                mode="markers",
                name=name,
                customdata=rows.astype(np.int32),
                text=[escape(shorten(ranking.items[r])) for r in rows],
                hovertemplate="%{text}<br>" + say("{y} · {n} uses", y="%{y:.3f}", n="%{x:,}") + "<extra></extra>",
                marker={"color": colour, "size": 5, "opacity": opacity, "line": {"width": 0}},
                selected={"marker": {"opacity": 0.95}},
                unselected={"marker": {"opacity": 0.12}},
            )
        )


def labels(
    ranking: Ranking,
    named: Sequence[int],
    *,
    chosen: str = "",
    matched: bool = False,
    most: int = 22,
    size: int = 12,
    inks: Inks = LIGHT,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Names that do not overlap, the chosen word's first, escaped; and a ring around the chosen one. size: px."""
    x, y = _places(ranking, matched)
    at = ranking.rows.get(chosen, -1)
    at = at if at >= 0 and np.isfinite(y[at]) else -1
    rows = [*([at] if at >= 0 else []), *(row for row in named if row != at)]
    if not rows:
        return [], []
    log, finite = np.log10(x), y[np.isfinite(y)]
    low = min(0.0, float(finite.min()))
    across = (log - log.min()) / max(float(np.ptp(log)), 1e-9)
    up = (y - low) / max(float(finite.max()) - low, 1e-9)
    names = [shorten(ranking.items[row]) for row in rows]
    sizes = [size + 4 if row == at else size for row in rows]
    widths = [0.625 * high * len(name) + 6 for name, high in zip(names, sizes, strict=True)]
    sides = [1 if across[row] * _PHONE[0] + 5 + w <= _PHONE[0] else -1 for row, w in zip(rows, widths, strict=True)]
    names_at = [
        (float(across[row]), float(up[row]), side * width, float(high))
        for row, side, width, high in zip(rows, sides, widths, sizes, strict=True)
    ]
    placed = _apart(names_at, _ROOM, most)
    narrow = {placed[i] for i in _apart([names_at[i] for i in placed], _PHONE, _ON_A_PHONE)}
    annotations = [
        {
            "x": float(log[rows[i]]),
            "y": float(y[rows[i]]),
            "text": escape(names[i]),
            "showarrow": False,
            "xanchor": "left" if sides[i] > 0 else "right",
            "xshift": (9 if rows[i] == at else 4) * sides[i],
            "font": {"size": sizes[i], "color": inks.text},
            "bgcolor": inks.ground,
            "borderpad": 0,
            "opacity": 1 if i in narrow else _WIDE_ONLY,
        }
        for i in placed
    ]
    ring = {
        "type": "scatter",
        "x": [float(x[at])],
        "y": [float(y[at])],
        "mode": "markers",
        "hoverinfo": "skip",
        "showlegend": False,
        "marker": {"size": 14, "color": "rgba(0,0,0,0)", "line": {"width": 2.5, "color": inks.moved[0]}},
        "unselected": {"marker": {"opacity": 1}},
    }
    return annotations, [ring] if at >= 0 else []


def _apart(names: Sequence[tuple[float, float, float, float]], room: tuple[float, float], most: int) -> list[int]:
    """Which names, the first first, do not overlap in a room (pixels). names: where across and up (shares of the room),
    width (of those left of their points negative) and height in pixels.
    """
    taken: list[tuple[float, float, float, float]] = []
    placed = []
    for i, (across, up, width, high) in enumerate(names):
        left = across * room[0] + (5 if width > 0 else width - 5)
        box = (left, up * room[1] - 0.75 * high, left + abs(width), up * room[1] + 0.75 * high)
        if not any(box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3] for t in taken):
            taken.append(box)
            placed.append(i)
        if len(placed) >= most:
            break
    return placed


def similarity_lines(names: Sequence[str], lines: Sequence[Line], ordered: bool) -> Drawn:
    """Cosine similarity over the spaces; whiskers are 95% intervals of sampling, a gap is a missing word."""
    shown = [escape(name) for name in names]  # Plotly reads HTML
    data = []
    for line in lines:
        whiskers = [0.0 if h is None else h for h in line.over.half]
        trace = {
            "type": "scatter",
            "x": shown,
            "y": list(line.over.values),
            "name": escape(shorten(line.label)),
            "mode": "lines+markers" if ordered else "markers",
            "line": {"color": line.colour, "width": 2.5},
            "marker": {"size": 10, "color": line.colour},
            "hovertemplate": "%{x}: %{y:.3f}<extra>%{fullData.name}</extra>",
        }
        if any(whiskers):
            trace["error_y"] = {"array": whiskers, "thickness": 1.5, "width": 5, "color": line.colour}
        data.append(trace)
    layout = {
        "height": 300,
        "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
        "hovermode": "closest",
        "dragmode": False,
        "xaxis": {"type": "category", "categoryorder": "array", "categoryarray": shown},
        "yaxis": {"title": {"text": say("cosine similarity")}},
        "showlegend": len(lines) > 1,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    }
    return Drawn({"data": data, "layout": layout})
