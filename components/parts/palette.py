"""Colours: ordered spaces on one ramp (dark old to bright new), categories in Okabe–Ito."""

from __future__ import annotations

from typing import Final

GREY = "#9aa0a6"  # left out, or not distinguishable from noise: always this grey
# of heat maps, few to many, ever lighter: neither end is as bright as a light page or as dark as a dark one, and INK is
# read on all of it (contrast ≥ 4.5)
HEAT: Final[list[tuple[float, str]]] = [(0.0, "#6a76a3"), (0.35, "#4590b0"), (0.7, "#57ad93"), (1.0, "#c9b458")]
INK: Final = "#000000"  # of numbers in the cells of a heat map, on light pages and dark ones
ON_LIGHT, ON_DARK = "#2a2a28", "#eceae6"  # what is written on a picture without a ground of its own
RAMP: Final = ["#6b5aac", "#2f7fa8", "#35a37c", "#e0a800"]
OKABE_ITO = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c00", "#6e6e6e"]


def ramp(n: int) -> list[str]:
    """n colours from the ordered ramp.

    >>> ramp(1), ramp(4)[0], ramp(4)[-1]
    (['#6b5aac'], '#6b5aac', '#e0a800')
    """
    return [_between(i / max(n - 1, 1)) for i in range(n)]


def _between(share: float) -> str:
    at = share * (len(RAMP) - 1)
    low = min(int(at), len(RAMP) - 2)
    a, b = (RAMP[low + j].lstrip("#") for j in (0, 1))
    mixed = (round(int(a[i : i + 2], 16) * (1 - at + low) + int(b[i : i + 2], 16) * (at - low)) for i in (0, 2, 4))
    return "#" + "".join(f"{c:02x}" for c in mixed)


def space_colours(names: list[str], ordered: bool) -> dict[str, str]:
    """A colour for each space: the ramp for periods, Okabe–Ito for categories, grey past eight."""
    colours = ramp(len(names)) if ordered else (OKABE_ITO + [GREY] * len(names))[: len(names)]
    return dict(zip(names, colours, strict=True))
