"""Beside a picture: save it as a figure for print, and copy the link that replays the view."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from components.parts.spoken import later, say, spoken
from components.parts.tables import file_name
from isogloss import __version__
from isogloss.interface.languages import ENGLISH

_tools = st.components.v2.component(
    "isogloss.figure_tools",
    html='<div class="tools"></div>',
    css=(Path(__file__).parent / "figure_tools.css").read_text(encoding="utf-8"),
    js=(Path(__file__).parent / "figure_tools.js").read_text(encoding="utf-8"),
)
_LINE, _WIDTH = 22, 720
_WORDS = (  # what figure_tools.js says
    later("Save figure (SVG)"),
    later("For print"),
    later("Copy link"),
    later("copied"),
    later("the picture is not drawn yet"),
    later("its letters could not be put in"),
)


def figure_tools(picture: str, name: tuple[str, ...], caption: str, *, svg: str = "") -> None:
    """Buttons that save the chart in the container of a key, or a picture of ours, and copy the address.

    picture: key of the container. name: the parts of the file's name. caption: what stands under the figure: spaces,
    n, measure; the version and the link are added. svg: the picture, where it is no chart.
    """
    data = {
        "picture": picture,
        "name": file_name(*name, ending=""),
        "caption": f"{caption} Isogloss {__version__}.",
        "svg": svg,
        "words": {} if spoken() == ENGLISH else {one: say(one) for one in _WORDS},
    }
    _tools(data=data, key=f"tools-{picture}")


def domino_svg(data: dict[str, Any]) -> str:
    """A domino as an SVG: shared on top, lost left, gained right, each with its similarity; escaped."""
    half = _WIDTH / 2
    parts: list[str] = []
    top = 26.0
    if data["shared"]:
        parts.append(_text(data["shared_title"], 8, top, bold=True))
        for entry in data["shared"]:
            top += _LINE
            told = " · ".join(f"{value:.2f}" for value, _ in entry["bars"])
            parts += [_text(entry["item"], 8, top), _text(told, _WIDTH - 8, top, end=True)]
        top += 1.6 * _LINE
    for side, left in (("lost", 8.0), ("gained", half + 8)):
        parts.append(_text(data[f"{side}_title"], left, top, bold=True))
        for number, entry in enumerate(data[side], 1):
            y, (value, colour) = top + number * _LINE, entry["bars"][0]
            parts += [_text(entry["item"], left, y), _text(f"{value:.2f}", left + half - 24, y, end=True)]
            wide = max(0.0, min(1.0, value)) * (half - 24)
            parts.append(f'<rect x="{left}" y="{y + 4}" width="{wide:.1f}" height="2.5" fill="{escape(colour)}"/>')
    height = top + (max(len(data["lost"]), len(data["gained"]), 1) + 0.8) * _LINE
    size = f'width="{_WIDTH}" height="{height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Noto Sans, system-ui, sans-serif">'
    return f"{head}{''.join(parts)}</svg>"


def _text(text: str, x: float, y: float, *, bold: bool = False, end: bool = False) -> str:
    more = (' font-weight="650"' if bold else "") + (' text-anchor="end"' if end else "")
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="14" fill="#1f2328"{more}>{escape(text)}</text>'
