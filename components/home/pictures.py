"""The three pictures of Home, as SVG: small, still, drawn once for all who look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt
import streamlit as st

from components.drift.cached import kept, names_in, opening_rank
from components.drift.figures import DARK, LIGHT, Inks
from components.parts.labels import shorten
from components.parts.palette import space_colours
from components.shell.cached import derived_of
from isogloss.drift.frequency import noise_band
from isogloss.drift.ranking import Ranking
from isogloss.maps.local import local_layout
from isogloss.spaces.collection import Collection
from isogloss.types import Floats, Mask

WIDTH, HEIGHT = 420, 260
_MOST_NOISE, _MOST_MOVED, _MOST_NAMED = 500, 900, 7


@dataclass(frozen=True)
class Dots:
    """Points of one colour. at: (n, 2), pixels from the upper left."""

    at: npt.NDArray[np.float64]
    colour: str
    radius: float = 1.6
    opacity: float = 0.6

    def svg(self) -> str:
        rings = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{self.radius}"/>' for x, y in self.at)
        return f'<g fill="{self.colour}" fill-opacity="{self.opacity}">{rings}</g>'


def label(text: str, x: float, y: float, colour: str, *, size: int = 12, bold: bool = False) -> str:
    """A word at a place; escaped."""
    weight = ' font-weight="650"' if bold else ""
    told = escape(shorten(text))
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"{weight}>{told}</text>'


def svg(parts: Sequence[str]) -> str:
    font = "Noto Sans, system-ui, sans-serif"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{font}">'
    return head + "".join(parts) + "</svg>"


def _drift(ranking: Ranking, of_names: Mask | None, inks: Inks) -> str:
    shown = np.isfinite(ranking.distance) & (~of_names if of_names is not None else True)
    moved, rest = ranking.significant & shown, ~ranking.significant & shown
    at = np.c_[_across(ranking.smaller_count), _up(ranking.distance, float(np.nanmax(ranking.distance)))]
    parts = []
    if ranking.tested.any():
        count, low, high = noise_band(ranking)
        x, top = _across(count, ranking.smaller_count), float(np.nanmax(ranking.distance))
        edge = [*zip(x, _up(high, top), strict=True), *reversed([*zip(x, _up(low, top), strict=True)])]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in edge)
        parts.append(f'<polygon points="{path}" fill="{inks.edge}" fill-opacity=".25"/>')
    parts.append(Dots(at[_some(rest, _MOST_NOISE)], inks.noise[0], opacity=0.5).svg())
    parts.append(Dots(at[_some(moved, _MOST_MOVED)], inks.moved[0], opacity=0.7).svg())
    order = np.flatnonzero(moved)
    order = order[np.argsort(-ranking.beyond_noise[order], kind="stable")]
    taken: list[tuple[float, float]] = []
    for row in order[:200]:
        x, y = at[row]
        if x > WIDTH - 90 or any(abs(x - a) < 95 and abs(y - b) < 15 for a, b in taken):
            continue
        taken.append((x, y))
        parts.append(label(ranking.items[row], x + 4, y + 4, inks.text))
        if len(taken) == _MOST_NAMED:
            break
    return svg(parts)


def drift_picture(collection: Collection, *, dark: bool) -> str:
    """Drift against frequency between the first and the last space, names left out."""
    ends = [collection.names[0], collection.names[-1]]
    ranking = opening_rank(collection, *ends)
    of_names, inks = names_in(collection, ranking, ends), DARK if dark else LIGHT
    return str(kept(ranking, ("home", dark), lambda: _drift(ranking, of_names, inks)))


@st.cache_data(show_spinner=False, max_entries=32)
def _word(fingerprint: str, item: str, must: tuple[str, ...], dark: bool, _collection: Collection) -> str:
    inks = DARK if dark else LIGHT
    found = local_layout(_collection, item, must=must, store=derived_of(_collection))
    colours = space_colours(list(_collection.names), _collection.ordered)
    places = np.concatenate([m.coordinates[:, :2] for m in found.maps]).astype(np.float64)
    low, span = places.min(axis=0), np.maximum(np.ptp(places, axis=0), 1e-9)
    margin = np.array([16.0, 16.0])
    fit = (np.array([WIDTH - 110, HEIGHT]) - 2 * margin) / span
    parts, path = [], []
    taken: list[tuple[float, float]] = []
    for one in found.maps:
        at = margin + (one.coordinates[:, :2] - low) * fit
        parts.append(Dots(at, colours[one.space.name], radius=2, opacity=0.35).svg())
        if item in one.space:
            path.append((*at[one.space[item]], colours[one.space.name]))
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in path)
    parts.append(f'<polyline points="{line}" fill="none" stroke="{inks.text}" stroke-width="1.6" stroke-opacity=".7"/>')
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{one}" stroke="{inks.text}"/>' for x, y, one in path]
    for one in found.maps:  # the way first, then each neighbor once, where there is room
        if item in one.space:
            x, y = (margin + (one.coordinates[:, :2] - low) * fit)[one.space[item]]
            while any(abs(x - a) < 80 and abs(y - b) < 14 for a, b in taken):
                y += 4
            taken.append((x, y))
            parts.append(label(one.space.name, x + 8, y + 4, inks.text, size=12, bold=True))
    named: set[str] = set()
    for one in reversed(found.maps):
        at = margin + (one.coordinates[:, :2] - low) * fit
        for word in must:
            if word not in one.space or word in named:
                continue
            x, y = at[one.space[word]]
            if any(abs(x - a) < 80 and abs(y - b) < 14 for a, b in taken):
                continue
            named.add(word)
            taken.append((x, y))
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colours[one.space.name]}"/>')
            parts.append(label(word, x + 5, y + 4, inks.text, size=11))
    return svg(parts)


def word_picture(collection: Collection, item: str, neighbors: Sequence[str], *, dark: bool) -> str:
    """An item's way among its neighbors through the spaces, each point where the original distances put it."""
    return _word(collection.fingerprint, item, tuple(neighbors), dark, collection)


def _across(counts: npt.ArrayLike, among: npt.ArrayLike | None = None) -> Floats:
    log = np.log10(np.maximum(np.asarray(counts, dtype=np.float64), 1))
    of = log if among is None else np.log10(np.maximum(np.asarray(among, dtype=np.float64), 1))
    return np.asarray(8 + (log - of.min()) / max(float(np.ptp(of)), 1e-9) * (WIDTH - 16))


def _up(values: Floats, top: float) -> Floats:
    return np.asarray(HEIGHT - 8 - np.nan_to_num(values) / max(top, 1e-9) * (HEIGHT - 24))


def _some(mask: Mask, most: int) -> npt.NDArray[np.int64]:
    """At most so many rows of a mask, evenly."""
    rows = np.flatnonzero(mask)
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]
