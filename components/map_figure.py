"""The map as a Plotly figure; a pure builder. The linked maps will take its place, not what is behind it."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
import plotly.graph_objects as go

from components.labels import place, shorten
from components.map_points import SPACE, MapPoints
from components.palette import GREY, OKABE_ITO, ramp_scale, space_colours
from isogloss.path import Stop

HEIGHT = 680
_CANVAS = (980.0, 640.0)  # pixels of the plotting area on a desk; elsewhere labels lie a little closer


def map_figure(
    points: MapPoints, colour_by: str, paths: list[list[Stop]], labels: int = 40, zoom: bool = False, dark: bool = False
) -> go.Figure:
    """All points, coloured by a column; over them the chosen words, their neighbors and their paths.

    paths: one list of stops for each chosen word. zoom: frame the chosen words and their neighbors.
    """
    xyz = points.layout.coordinates
    three = xyz.shape[1] == 3
    figure = go.Figure()
    chosen = any(paths)
    for trace in _point_traces(points, colour_by, three, faint=chosen):
        figure.add_trace(trace)
    colours = space_colours(list(points.layout.spaces), points.collection.ordered)
    extent = _extent(xyz, paths if zoom else [])
    marks = _marks(points, paths) if chosen else _common(points, labels, extent)
    for trace in _path_traces(points, paths, colours, three, dark):
        figure.add_trace(trace)
    if not three:
        for one in place(
            xyz[[m[0] for m in marks], :2], [m[1] for m in marks], extent, canvas=_CANVAS, always=sum(map(len, paths))
        ):
            row, text, bold = marks[one.index]
            text = html.escape(shorten(text), quote=False)
            figure.add_annotation(
                x=float(xyz[row, 0]),
                y=float(xyz[row, 1]),
                xshift=one.dx,
                yshift=one.dy,
                showarrow=False,
                text=f"<b>{text}</b>" if bold else text,
                font={"size": 16 if bold else 13, "color": "#f2f0ec" if dark else "#1c2126"},
                borderpad=1,
                bgcolor="rgba(14,17,23,0.7)" if dark else "rgba(255,255,255,0.75)",
            )
        axis = {"showgrid": False, "zeroline": False, "showticklabels": False, "title": None}
        figure.update_xaxes(range=list(extent[:2]), **axis)
        figure.update_yaxes(range=list(extent[2:]), **axis)
    else:
        ranges = _ranges(xyz, paths if zoom else [])
        axes = {f"{axis}axis": {"visible": False, "range": ranges[d]} for d, axis in enumerate("xyz")}
        figure.update_scenes(**axes, camera={"eye": {"x": 0.9, "y": 0.9, "z": 0.7}})
    figure.update_layout(
        height=HEIGHT, margin={"l": 8, "r": 8, "t": 8, "b": 8}, dragmode="orbit" if three else "pan", hovermode="closest",
        uirevision=f"{points.layout.spaces}{colour_by}{zoom and [s.row for p in paths for s in p]}",
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "itemsizing": "constant", "title": None},
    )  # fmt: skip
    return figure


def _point_traces(points: MapPoints, colour_by: str, three: bool, faint: bool) -> list[Any]:
    xyz = points.layout.coordinates

    def trace(rows: Any, marker: dict[str, Any], name: str, meta: str) -> Any:
        data: dict[str, Any] = {"x": xyz[rows, 0], "y": xyz[rows, 1]}
        kind: Any = go.Scattergl
        if three:
            data["z"], kind = xyz[rows, 2], go.Scatter3d
        else:
            data |= {"selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"color": GREY, "opacity": 0.25}}}
        marker = {
            "size": 2.5 if three else 5 if len(points) < 10_000 else 4,
            "opacity": (0.06 if three else 0.16) if faint else 0.5,
            "line": {"width": 0},
        } | marker
        return kind(
            mode="markers", name=name, marker=marker, showlegend=bool(name), **_hover(points, rows, meta), **data,
        )  # fmt: skip

    if colour_by in points.categories:
        values = np.array(points.categories[colour_by], dtype=object)
        kinds = (
            list(points.layout.spaces)
            if colour_by == SPACE
            else sorted(set(values), key=lambda v: -(values == v).sum())
        )
        if colour_by == SPACE:
            colours = space_colours(kinds, points.collection.ordered)
        else:
            colours = {kind: OKABE_ITO[i] if i < len(OKABE_ITO) else GREY for i, kind in enumerate(kinds)}
        return [
            trace(
                np.flatnonzero(values == kind),
                {"color": colours[kind]},
                shorten(html.escape(kind, quote=False)),
                html.escape(kind, quote=False) + "<br>",
            )
            for kind in kinds
        ]
    values = points.numbers[colour_by]
    logarithmic = colour_by in ("count", "per_million", "documents")
    shown = np.log10(np.maximum(values, 1e-3)) if logarithmic else values
    marker: dict[str, Any] = {
        "color": shown,
        "colorscale": ramp_scale(),
        "colorbar": {"title": colour_by, "thickness": 12},
    }
    if logarithmic:
        ticks = np.arange(np.floor(np.nanmin(shown)), np.ceil(np.nanmax(shown)) + 1)
        marker["colorbar"] |= {"tickvals": ticks.tolist(), "ticktext": [f"{10.0**t:,g}" for t in ticks]}
    return [trace(np.arange(len(points)), marker, "", "")]


Mark = tuple[int, str, bool]
"""Row of a labelled point, its text, and whether it was chosen."""


def _marks(points: MapPoints, paths: list[list[Stop]]) -> list[Mark]:
    """The chosen words first, then their neighbors by rank."""
    several = len(points.layout.spaces) > 1
    stops = [s for one in paths for s in one]
    marks = [(s.row, f"{points.items[s.row]} {s.space}" if several else points.items[s.row], True) for s in stops]
    seen = {row for row, _, _ in marks}
    for rank in range(max((len(s.neighbors) for s in stops), default=0)):
        for s in stops:
            if rank < len(s.neighbors) and s.neighbors[rank] not in seen:
                seen.add(s.neighbors[rank])
                marks.append((s.neighbors[rank], points.items[s.neighbors[rank]], False))
    return marks


def _common(points: MapPoints, most: int, extent: tuple[float, float, float, float]) -> list[Mark]:
    """Labels when nothing is chosen: items of middling count spread over the map, one to a cell."""
    xy = points.layout.coordinates
    cells = np.floor((xy[:, :2] - xy[:, :2].min(axis=0)) / max(float(np.ptp(xy[:, :2])), 1e-9) * 9).astype(int)
    weight = points.numbers.get("count", np.arange(len(points), 0, -1, dtype=np.float32))
    marks: dict[tuple[int, ...], int] = {}
    texts: set[str] = set()
    usual = len(points) // 100  # the commonest items of a corpus say least about a place
    for row in np.argsort(-weight, kind="stable")[usual:]:
        cell = tuple(cells[row])
        if cell not in marks and points.items[row] not in texts and len(points.items[row]) > 3:
            marks[cell] = int(row)
            texts.add(points.items[row])
        if len(marks) >= most:
            break
    return [(row, points.items[row], False) for row in marks.values()]


def _hover(points: MapPoints, rows: Any, meta: str) -> dict[str, Any]:
    """What a point says when pointed at, and the row it sends back when selected."""
    counts = points.numbers.get("count")
    uses = "" if counts is None else "%{customdata[1]:,} uses<br>"
    template = f"<b>%{{hovertext}}</b><br>%{{meta}}{uses}the map kept %{{customdata[2]}} of its {points.layout.k} true neighbors"
    numbers = [
        np.asarray(rows),
        np.zeros(len(rows)) if counts is None else np.nan_to_num(counts[rows]),
        points.layout.kept[rows],
    ]
    return {
        "hovertext": [points.labels[row] for row in rows],
        "hovertemplate": template + "<extra></extra>",
        "customdata": np.stack(numbers, axis=1).astype(np.int32),
        "meta": meta,
    }


def _path_traces(
    points: MapPoints, paths: list[list[Stop]], colours: dict[str, str], three: bool, dark: bool
) -> list[Any]:
    xyz, traces = points.layout.coordinates, []
    kind: Any = go.Scatter3d if three else go.Scatter

    def at(rows: list[int]) -> dict[str, Any]:
        return {axis: xyz[rows, d] for d, axis in enumerate("xyz"[: xyz.shape[1]])}

    for stops in paths:
        if not stops:
            continue
        for s in stops:
            near = [n for n in s.neighbors if n != s.row]
            texts = [points.labels[n] if not three or i < 4 else "" for i, n in enumerate(near)]
            traces.append(
                kind(
                    **at(near),
                    mode="markers+text" if three else "markers",
                    text=texts,
                    **_hover(points, near, html.escape(s.space, quote=False) + "<br>"),
                    showlegend=False,
                    marker={"size": 5 if three else 8, "color": colours[s.space], "line": {"width": 0}},
                    textfont={"color": colours[s.space], "size": 11},
                )
            )
        rows = [s.row for s in stops]
        line = {"color": GREY, "width": 4 if three else 2}
        marker: dict[str, Any] = {"size": 7 if three else 14, "color": [colours[s.space] for s in stops]}
        if not three:
            marker["line"] = {"width": 2, "color": "white"}
        several = len(points.layout.spaces) > 1
        texts = [
            html.escape(f"{shorten(points.items[s.row])} {s.space if several else ''}", quote=False) for s in stops
        ]
        traces.append(
            kind(
                **at(rows),
                mode="lines+markers" + ("+text" if three else ""),
                line=line,
                marker=marker,
                text=texts,
                **_hover(points, rows, ""),
                showlegend=False,
                textfont={"size": 14, "color": "#f2f0ec" if dark else "#1c2126"},
            )
        )
    return traces


def _ranges(xyz: Any, paths: list[list[Stop]]) -> list[list[float]]:
    """Ranges of the three axes around the chosen words and their neighbors, or around all points."""
    rows = sorted({r for stops in paths for s in stops for r in (s.row, *s.neighbors)})
    seen = xyz[rows] if rows else xyz
    pad = 0.25 + 0.1 * np.ptp(seen, axis=0)
    return [[float(a), float(b)] for a, b in zip(seen.min(axis=0) - pad, seen.max(axis=0) + pad, strict=True)]


def _extent(xyz: Any, paths: list[list[Stop]]) -> tuple[float, float, float, float]:
    rows = sorted({r for stops in paths for s in stops for r in (s.row, *s.neighbors)})
    xy = xyz[rows, :2] if rows else xyz[:, :2]
    low, high = xy.min(axis=0), xy.max(axis=0)
    middle, half = (low + high) / 2, (high - low) / 2 * (1.2 if rows else 1.05) + 0.1
    scale = max(half[0] / _CANVAS[0], half[1] / _CANVAS[1])  # one scale on both axes: the map's distances as they are
    half = np.array(_CANVAS) * scale
    return tuple(float(v) for v in (middle[0] - half[0], middle[0] + half[0], middle[1] - half[1], middle[1] + half[1]))
