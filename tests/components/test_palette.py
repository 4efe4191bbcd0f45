"""Numbers in the cells of heat maps are read on every colour of the scale, and more is lighter; points are seen on a
dark page.
"""

from __future__ import annotations

import tomllib
from itertools import pairwise

from components.parts.palette import GREY, HEAT, INK, OKABE_ITO, ramp
from isogloss.places import ROOT


def luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance of sRGB in 0–1, as in WCAG 2.2."""
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def rgb(told: str) -> tuple[float, ...]:
    return tuple(int(told[i : i + 2], 16) / 255 for i in (1, 3, 5))


def test_numbers_are_read_in_every_cell() -> None:
    ink, found = luminance(rgb(INK)), []
    for (low, a), (high, b) in pairwise(HEAT):
        assert low < high
        for step in range(51):
            mixed = tuple(x + (y - x) * step / 50 for x, y in zip(rgb(a), rgb(b), strict=True))
            found.append(luminance(mixed))
    assert min((one + 0.05) / (ink + 0.05) for one in found) >= 4.5
    assert found == sorted(found)


def test_every_colour_of_a_point_is_seen_on_a_dark_page() -> None:
    told = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    ground = luminance(rgb(told["theme"]["dark"]["backgroundColor"]))
    colours = {GREY, *OKABE_ITO, *(one for n in range(1, 12) for one in ramp(n))}
    assert min((luminance(rgb(one)) + 0.05) / (ground + 0.05) for one in colours) >= 3  # WCAG 2.2, 1.4.11
