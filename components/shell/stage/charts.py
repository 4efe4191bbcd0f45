"""A figure on the page; before an audience its text is at least 20 px."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components.parts.drawn import Drawn
from components.shell.stage.present import presenting

LEAST = 20  # px of text that an audience reads
_FEW = 16  # names that an axis has room for, all of them


def chart(figure: Any, **given: Any) -> Any:
    """`st.plotly_chart`, with large text on the stage; given: as there."""
    return st.plotly_chart(large(figure) if presenting() else figure, **given)


def large(figure: Any) -> Drawn:
    """The same figure with text of at least 20 px: axes, legend, names, colour bars.

    >>> import plotly.graph_objects as go
    >>> layout = large(go.Figure(layout={"xaxis": {"title": "uses"}, "font": {"size": 12}})).to_dict()["layout"]
    >>> layout["xaxis"]["title"], layout["font"]["size"]
    ({'text': 'uses', 'font': {'size': 20}}, 20)
    """
    told: Mapping[str, Any] = figure.to_dict()
    layout = dict(told.get("layout") or {})
    layout["font"] = _size(layout.get("font"))
    axes = {"xaxis", "yaxis"} | {name for name in layout if name.startswith(("xaxis", "yaxis"))}
    for name in axes:
        layout[name] = _scale(layout.get(name))
    for axis, kind in (("xaxis", "x"), ("yaxis", "y")):
        names = {one for trace in told.get("data", []) for one in _names(trace.get(kind))}
        if 0 < len(names) <= _FEW and "tickvals" not in layout[axis]:  # of some Plotly would leave out every second
            layout[axis] |= {"tickmode": "linear", "dtick": 1}
    layout["legend"] = {**(layout.get("legend") or {}), "font": _size((layout.get("legend") or {}).get("font"))}
    for name in [name for name in layout if name.startswith("coloraxis")]:
        layout[name] = {**layout[name], "colorbar": _scale(layout[name].get("colorbar"))}
    if layout.get("annotations"):
        layout["annotations"] = [{**one, "font": _size(one.get("font"))} for one in layout["annotations"]]
    return Drawn({**told, "data": [_trace(one) for one in told.get("data", [])], "layout": layout})


def _names(places: Any) -> list[str]:
    return [one for one in places if isinstance(one, str)] if isinstance(places, list | tuple) else []


def _size(font: Mapping[str, Any] | None) -> dict[str, Any]:
    return {**(font or {}), "size": max(LEAST, (font or {}).get("size") or 0)}


def _scale(axis: Mapping[str, Any] | None) -> dict[str, Any]:
    """An axis or a colour bar: its ticks and its title."""
    found = dict(axis or {})
    title = found.get("title")
    title = {"text": title} if isinstance(title, str) else dict(title or {})
    if title.get("text"):
        found["title"] = {**title, "font": _size(title.get("font"))}
    found["tickfont"] = _size(found.get("tickfont"))
    return found


def _trace(trace: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(trace)
    if found.get("text") is not None or found.get("texttemplate"):
        found["textfont"] = _size(found.get("textfont"))
    if isinstance(found.get("colorbar"), dict):
        found["colorbar"] = _scale(found["colorbar"])
    marker = found.get("marker")
    if isinstance(marker, dict) and isinstance(marker.get("colorbar"), dict):
        found["marker"] = {**marker, "colorbar": _scale(marker["colorbar"])}
    return found
