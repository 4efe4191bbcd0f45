"""The way through the spaces as a picture that moves: an SVG that any browser and any slide plays, without a script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.maps.local import LocalLayout
from isogloss.types import Floats

WIDTH, HEIGHT, EDGE, TOP = 1280, 720, 56, 84
HOLD, MOVE = 1.6, 1.2  # seconds that a space stands, and that the way to the next one takes
NAMED = 40  # words that are written out beside the asked ones
_DOT, _WORD, _FAR, _INK = "#4c78a8", "#c2410c", "#9aa5b1", "#1f2933"
_FONT = "font-family=\"'Noto Sans','Noto Sans Arabic','Noto Sans Devanagari','Noto Sans CJK SC',system-ui,sans-serif\""


def animated_svg(local: LocalLayout, *, caption: str = "") -> str:
    """A local map that moves from space to space and begins again; what a space lacks is not shown while it stands.

    The words asked for are large and leave their path. caption: one line under the picture. White, 1280 × 720, times
    by SMIL; a program that does not play it shows the first space. Raises InvalidValue for fewer than two spaces, or
    places in three dimensions.

    >>> rng = np.random.default_rng(0)
    >>> from isogloss.maps.local import local_layout
    >>> from isogloss.spaces.collection import Alignment, Collection
    >>> from isogloss.spaces.space import Space
    >>> items = tuple(f"<{i}>" for i in range(12))
    >>> spaces = [Space(name, items, rng.normal(size=(12, 5)).astype(np.float32)) for name in ("a&b", "c")]
    >>> told = animated_svg(local_layout(Collection("one", tuple(spaces), "", Alignment("declared")), "<3>"))
    >>> told.count("<circle"), told.count("<animateTransform"), "a&amp;b" in told, "<3>" in told
    (12, 12, True, False)
    """
    n = len(local.maps)
    if n < 2 or local.maps[0].coordinates.shape[1] != 2:
        raise InvalidValue(f"the map shows {n} space(s)", "choose two spaces or more, in two dimensions")
    places, there = _places(local)
    at = _on_paper(places, there)
    times, steps = _times(n)
    seconds = n * HOLD + n * MOVE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f" {_FONT}>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_titles(local, times, steps, seconds),
        *_paths(local, at, there),
    ]
    asked = set(local.asked)
    for row, item in reversed(list(enumerate(local.items))):
        parts.append(_item(item, at[row], there[row], item in asked, row < NAMED, (times, steps, seconds)))
    parts.append(f'<text x="{EDGE}" y="{HEIGHT - 14}" font-size="15" fill="#52606d">{escape(caption)}</text></svg>')
    return "\n".join(parts)


def _places(local: LocalLayout) -> tuple[Floats, np.ndarray]:
    """Where each item lies in each space, (items, spaces, 2), and whether it does; where not, where it is next."""
    places = np.full((len(local.items), len(local.maps), 2), np.nan)
    for i, one in enumerate(local.maps):
        for row, item in enumerate(local.items):
            if item in one.space:
                places[row, i] = one.coordinates[one.space[item]]
    there = np.isfinite(places[:, :, 0])
    for row in range(len(places)):
        known = np.flatnonzero(there[row])
        for i in np.flatnonzero(~there[row]).tolist():
            places[row, i] = places[row, known[np.argmin(np.abs(known - i))]]
    return places, there


def _on_paper(places: Floats, there: np.ndarray) -> Floats:
    """Places in units of the picture, one scale for both axes."""
    shown = places[there]
    low, high = shown.min(axis=0), shown.max(axis=0)
    room = np.array([WIDTH - 4 * EDGE, HEIGHT - TOP - 2 * EDGE], dtype=float)
    scale = float((room / np.maximum(high - low, 1e-9)).min())
    middle = np.array([WIDTH / 2, TOP + (HEIGHT - TOP - EDGE) / 2])
    return np.asarray(((places - (low + high) / 2) * [scale, -scale] + middle).round(1))


def _times(n: int) -> tuple[list[float], list[int]]:
    """Shares of the whole time, and the space that is reached by then: it stands, then moves on, and back at the end.

    >>> _times(2)
    ([0.0, 0.2857, 0.5, 0.7857, 1.0], [0, 0, 1, 1, 0])
    """
    seconds, at, steps, now = n * (HOLD + MOVE), [0.0], [0], 0.0
    for i in range(n):
        now += HOLD
        at.append(round(now / seconds, 4))
        steps.append(i)
        now += MOVE
        at.append(round(now / seconds, 4))
        steps.append((i + 1) % n)
    return at, steps


Clock = tuple[list[float], list[int], float]


def _animate(what: str, values: Sequence[str], clock: Clock, kind: str = "animate") -> str:
    times, _, seconds = clock
    keys = ";".join(f"{time:g}" for time in times)
    named = 'attributeName="transform" type="translate"' if kind == "animateTransform" else f'attributeName="{what}"'
    splines = ";".join([".4 0 .2 1"] * (len(times) - 1))
    return (
        f'<{kind} {named} dur="{seconds:g}s" repeatCount="indefinite" calcMode="spline" keyTimes="{keys}"'
        f' keySplines="{splines}" values="{";".join(values)}"/>'
    )


def _titles(local: LocalLayout, times: list[float], steps: list[int], seconds: float) -> list[str]:
    clock = (times, steps, seconds)
    words = escape(", ".join(local.asked)[:80])
    parts = [f'<text x="{EDGE}" y="54" font-size="34" font-weight="700" fill="{_WORD}">{words}</text>']
    for i, one in enumerate(local.maps):
        seen = ["1" if step == i else "0" for step in steps]
        parts.append(
            f'<text x="{WIDTH - EDGE}" y="54" font-size="34" text-anchor="end" fill="{_INK}" opacity="{seen[0]}">'
            f"{escape(one.space.name[:40])}{_animate('opacity', seen, clock)}</text>"
        )
    return parts


def _paths(local: LocalLayout, at: Floats, there: np.ndarray) -> list[str]:
    parts = []
    for row, item in enumerate(local.items):
        if item in local.asked and there[row].sum() > 1:
            line = " ".join(f"{x:g},{y:g}" for x, y in at[row][there[row]])
            parts.append(
                f'<polyline points="{line}" fill="none" stroke="{_WORD}" stroke-width="2" stroke-dasharray="5 5"'
                ' opacity=".5"/>'
            )
    return parts


def _item(item: str, at: Floats, there: np.ndarray, asked: bool, named: bool, clock: Clock) -> str:
    steps = clock[1]
    moves = _animate("", [f"{at[i][0]:g} {at[i][1]:g}" for i in steps], clock, "animateTransform")
    seen = ["1" if there[i] else "0" for i in steps]
    fades = "" if there.all() else _animate("opacity", seen, clock)
    colour, radius, size = (_WORD, 8, 24) if asked else (_DOT if named else _FAR, 4, 14)
    weight = ' font-weight="700"' if asked else ""
    ink = colour if asked else _INK
    told = f'<text x="{radius + 4}" y="5" font-size="{size}"{weight} fill="{ink}">{escape(item[:40])}</text>'
    text = told if asked or named else ""
    return (
        f'<g transform="translate({at[0][0]:g} {at[0][1]:g})" opacity="{seen[0]}">{moves}{fades}'
        f'<circle r="{radius}" fill="{colour}"/>{text}</g>'
    )
