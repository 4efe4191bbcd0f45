"""Labels on a map that one can read: placed greedily where they meet no other label."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_SIDES = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)]
_RINGS = (1.0, 2.2, 3.9)  # labels that must be shown may move further out
LONGEST = 32


@dataclass(frozen=True)
class Placed:
    """index: of the label asked for. dx, dy: pixels from the point to the label's centre (y up)."""

    index: int
    dx: float
    dy: float


def shorten(text: str) -> str:
    """At most 32 characters, with an ellipsis.

    >>> len(shorten("x" * 10_000))
    32
    """
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def width(text: str, size: float) -> float:
    """Pixels of a text: wide characters take 1 em, combining marks none, others 0.58 em."""
    ems = 0.0
    for c in text:
        if not unicodedata.combining(c):
            ems += 1.0 if unicodedata.east_asian_width(c) in "WF" else 0.58
    return ems * size


def place(
    points: npt.NDArray[np.float32], texts: list[str], extent: tuple[float, float, float, float],
    size: float = 13, canvas: tuple[float, float] = (900, 640), always: int = 0,
) -> list[Placed]:  # fmt: skip
    """Where each label goes, in order of importance; a label that would meet another is left out.

    points: (n, 2) map coordinates. extent: x_min, x_max, y_min, y_max of what is seen on `canvas`
    pixels. The first `always` labels are placed even when they meet others.
    """
    x0, x1, y0, y1 = extent
    px = (points[:, 0] - x0) / max(x1 - x0, 1e-9) * canvas[0]
    py = (points[:, 1] - y0) / max(y1 - y0, 1e-9) * canvas[1]
    taken = np.empty((0, 4))
    placed: list[Placed] = []
    for index, text in enumerate(texts):
        w, h = width(shorten(text), size) + 6, size * 1.45
        best: tuple[int, float, float, npt.NDArray[np.float64]] | None = None
        rings = _RINGS if index < always else _RINGS[:1]
        for ring, (sx, sy) in [(r, side) for r in rings for side in _SIDES]:
            dx, dy = sx * (w / 2 + 5), sy * (h / 2 + 4) * ring
            if sy == 0 and ring > 1:
                continue
            cx, cy = px[index] + dx, py[index] + dy
            box = np.array([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2])
            hits = int(
                (
                    (taken[:, 0] < box[2]) & (box[0] < taken[:, 2]) & (taken[:, 1] < box[3]) & (box[1] < taken[:, 3])
                ).sum()
            )
            hits += 2 * int(box[0] < 0 or box[1] < 0 or box[2] > canvas[0] or box[3] > canvas[1])
            if best is None or hits < best[0]:
                best = (hits, dx, dy, box)
            if hits == 0:
                break
        assert best is not None
        if best[0] == 0 or index < always:
            placed.append(Placed(index, best[1], best[2]))
            taken = np.vstack([taken, best[3]])
    return placed
