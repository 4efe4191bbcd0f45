"""The frozen pictures of beats: lists of neighbors, distances with their noise, a word's way, a cloud of groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from isogloss.stories.svg import HEIGHT, WIDTH, colour, document, shortened, width_of, written

_ROWS, _LINE = 9, 44
_MOST_POINTS = 3_000
_EDGE = 70


@dataclass(frozen=True)
class Dot:
    """A row of `dots`. low, high: its interval. noise: what 95 % of chance lies below. sure: whether it stands out; if
    not it is drawn in the grey of noise. said: in words, after the row.
    """

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    noise: float | None = None
    sure: bool = True
    said: str = ""


def lists(near: Mapping[str, Sequence[tuple[str, float]]], told: str) -> str:
    """Neighbors by space, nearest first, with their similarity. A word has the colour of the first space that lists
    it: what is new in a space can be seen.
    """
    names, first, body = list(near), dict[str, int](), []
    wide = min(560.0, WIDTH / max(len(names), 1))
    left = (WIDTH - wide * len(names)) / 2
    for at, name in enumerate(names):
        x = left + at * wide + 6
        tone = colour(at, len(names))
        body.append(written(shortened(name, 18), x, 28, f"b c{tone}"))
        body.append(f'<path class="s{tone}" d="M{x:.4g} 40h{wide - 26:.4g}" stroke-width="3"/>')
        for row, (item, similarity) in enumerate(near[name][:_ROWS]):
            y = 78 + row * _LINE
            body.append(
                written(
                    shortened(item, int((wide - 70) / 12)), x, y, f"c{colour(first.setdefault(item, at), len(names))}"
                )
            )
            body.append(written(f"{similarity:.2f}", x + wide - 22, y, "q", anchor="end"))
    return document(body, told)


def dots(rows: Sequence[Dot], told: str, *, axis: str, most: float | None = None) -> str:
    """A row each: a dot on its interval, before the grey bar of noise. axis: what is told, and which way is more."""
    ends = [end for row in rows for end in (row.value, row.high, row.noise) if end is not None]
    most = most or max(0.1, *ends) * 1.04
    left = min(420.0, 30 + max(width_of(shortened(row.label, 26)) for row in rows))
    right = WIDTH - 40 - max(width_of(row.said, 20) for row in rows)
    height = min((HEIGHT - 70) / max(len(rows), 1), 130.0)
    top = (HEIGHT - 62 - height * len(rows)) / 2

    def x(value: float) -> float:
        return left + (right - left) * min(max(value, 0.0), most) / most

    body = []
    step = next(one for one in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 1e9) if most / one <= 6)
    for tick in np.arange(0, most + 1e-9, step):
        body.append(f'<path class="g" d="M{x(tick):.1f} 8V{HEIGHT - 58}"/>')
        body.append(written(f"{tick:.2f}".rstrip("0").rstrip("."), x(tick), HEIGHT - 34, "q", anchor="middle"))
    body.append(written(axis, left, HEIGHT - 8, "q"))
    for at, row in enumerate(rows):
        y = top + height * (at + 0.5)
        if row.noise is not None:
            bar = x(row.noise) - left
            body.append(f'<rect class="noise" x="{left:.1f}" y="{y - 11:.1f}" width="{bar:.1f}" height="22" rx="3"/>')
        kind, line = ("dot", "line") if row.sure else ("grey", "greyline")
        if row.low is not None and row.high is not None:
            body.append(f'<path class="{line}" d="M{x(row.low):.1f} {y:.1f}H{x(row.high):.1f}" stroke-width="4"/>')
        body.append(f'<circle class="{kind}" cx="{x(row.value):.1f}" cy="{y:.1f}" r="9"/>')
        body.append(written(shortened(row.label, 26), left - 14, y + 8, "b" if at == 0 else "", anchor="end"))
        body.append(written(row.said, right + 18, y + 7, "q"))
    return document(body, told)


def way(
    word: str,
    spaces: Sequence[str],
    points: Sequence[tuple[str, str, float, float]],
    *,
    told: str,
    near: Mapping[str, Sequence[str]],
) -> str:
    """A word's way from space to space amid what lay near it. points: item, space, x, y. near: space → the items that
    are labelled, nearest first.
    """
    places = {(item, space): (px, py) for item, space, px, py in points}
    shown = [(word, name) for name in spaces if (word, name) in places]
    shown += [(item, name) for name in spaces for item in near.get(name, ()) if (item, name) in places and item != word]
    if not shown:
        return document([], told)
    at = np.array([places[one] for one in shown], dtype=np.float64)
    low, size = at.min(axis=0), np.maximum(np.ptp(at, axis=0), 1e-9)
    scale = np.array([(WIDTH - 3.4 * _EDGE), HEIGHT - 1.2 * _EDGE]) / size
    at = (at - low) * scale + np.array([_EDGE, 0.6 * _EDGE])
    at[:, 1] = HEIGHT - at[:, 1]
    n_way = sum(item == word for item, _ in shown)
    body, taken = [], list[tuple[float, float, float, float]]()
    line = "L".join(f"{px:.1f} {py:.1f}" for px, py in at[:n_way])
    body.append(f'<path class="faint" d="M{line}" fill="none" stroke-width="4"/>')
    labels = []
    for row, ((item, name), (px, py)) in enumerate(zip(shown, at, strict=True)):
        tone = colour(list(spaces).index(name), len(spaces))
        body.append(f'<circle class="c{tone}" cx="{px:.1f}" cy="{py:.1f}" r="{11 if row < n_way else 5}"/>')
        taken.append((px - 11, py - 11, px + 11, py + 11) if row < n_way else (px - 4, py - 4, px + 4, py + 4))
        labels.append(
            (
                f"{item} {name}" if row < n_way else shortened(item),
                px,
                py,
                f"b c{tone} halo" if row < n_way else f"c{tone} halo",
            )
        )
    for label, px, py, kind in labels:
        if (found := _free(label, px, py, taken)) is not None:
            taken.append(found)
            body.append(written(label, found[0], found[3] - 5, kind))
    return document(body, told)


def _free(
    label: str, px: float, py: float, taken: Sequence[tuple[float, float, float, float]]
) -> tuple[float, float, float, float] | None:
    """Where a label of a point can stand without lying on another; None where it cannot."""
    wide, high = width_of(label), 26.0
    for dx, dy in ((13, -12), (-13 - wide, -12), (-wide / 2, -37), (-wide / 2, 13), (13, -32), (13, 8)):
        box = (px + dx, py + dy, px + dx + wide, py + dy + high)
        inside = box[0] >= 2 and box[1] >= 2 and box[2] <= WIDTH - 2 and box[3] <= HEIGHT - 2
        if inside and all(box[2] <= t[0] or box[0] >= t[2] or box[3] <= t[1] or box[1] >= t[3] for t in taken):
            return box
    return None


_KINDS = (
    ("#0072b2", "#56b4e9"),
    ("#b34700", "#f08a4b"),
    ("#00795a", "#2fc79b"),
    ("#a3447c", "#e59ac4"),
    ("#7a6a00", "#f0e442"),
)


def cloud(
    places: np.ndarray[tuple[int, int], np.dtype[np.float32]],
    groups: Sequence[str],
    *,
    named: Mapping[str, str],
    told: str,
) -> str:
    """Points of a whole map in the colours of a few groups, the others grey. places: (n, 2). groups: of each point.
    named: group → what it is called, at most five. At most 3,000 points, every n-th.
    """
    step = max(1, -(-len(places) // _MOST_POINTS))
    at, labels = np.asarray(places[::step], dtype=np.float64), np.array(groups[::step])
    low, high = np.percentile(at, 0.5, axis=0), np.percentile(at, 99.5, axis=0)
    at = np.clip((at - low) / np.maximum(high - low, 1e-9), 0, 1) * [WIDTH - 240, HEIGHT - 20] + 10
    at = np.round(at).astype(int)
    body, round_end = [], 'fill="none" stroke-linecap="round"'
    for row, kind in enumerate(["", *named]):
        mine = at[~np.isin(labels, list(named)) if not kind else labels == kind]
        path = "".join(f"M{x} {y}h0" for x, y in mine)
        look = f'class="k{row - 1}" stroke-width="5"' if kind else 'class="faint" stroke-width="4"'
        body.append(f'<path {look} d="{path}" {round_end}/>')
    for row, name in enumerate([*named.values(), "other scripts"]):
        y = 40 + row * 40
        look = "faint" if row == len(named) else f"k{row}"
        body.append(f'<path class="{look}" d="M{WIDTH - 210} {y - 7}h0" stroke-width="18" {round_end}/>')
        body.append(written(name, WIDTH - 190, y))
    style = "".join(f".k{i}{{stroke:{one}}}" for i, (one, _) in enumerate(_KINDS))
    dark = "".join(f".k{i}{{stroke:{one}}}" for i, (_, one) in enumerate(_KINDS))
    return document([f"<style>{style}@media (prefers-color-scheme:dark){{{dark}}}</style>", *body], told)
