"""Small SVGs that stand for themselves: text measured roughly, light and dark within the picture."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import escape

WIDTH, HEIGHT = 1200, 480
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
RAMP = ("#4b2e83", "#2f6db3", "#1b8a7a", "#b8860b", "#c2571a", "#a8324a")
RAMP_DARK = ("#b9a3f0", "#7fb5f2", "#5fd0bd", "#f0c95a", "#f59c6b", "#f08aa0")
"""Periods are ordered: from dark old to bright new; each at 4.5 to 1 on white, and on black."""
_STYLE = """text{font:24px system-ui,"Noto Sans",sans-serif;fill:#1b1f24}.q{fill:#59626d;font-size:20px}
.b{font-weight:600}.g{stroke:#c9ced4}.noise{fill:#c9ced4}.halo{stroke:#fff;stroke-width:5px;paint-order:stroke}
.dot{fill:#0b6bcb}.line{stroke:#0b6bcb}.grey{fill:#6b7480}.greyline{stroke:#6b7480}.faint{stroke:#9aa3ad}"""
_DARK = """text{fill:#e8ebee}.q{fill:#a9b2bc}.g{stroke:#3d444c}.noise{fill:#4a525b}.halo{stroke:#0e1116}
.dot{fill:#6cb2ff}.line{stroke:#6cb2ff}.grey{fill:#98a2ad}.greyline{stroke:#98a2ad}.faint{stroke:#5d6670}"""


def document(body: Iterable[str], told: str, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """An SVG around what is drawn. told: what it shows, in words, for those who do not see it."""
    ramp = "".join(f".c{i}{{fill:{one}}}.s{i}{{stroke:{one}}}" for i, one in enumerate(RAMP))
    dark = "".join(f".c{i}{{fill:{one}}}.s{i}{{stroke:{one}}}" for i, one in enumerate(RAMP_DARK))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{plain(told)}"><style>{_STYLE}{ramp}'
        f"@media (prefers-color-scheme:dark){{{_DARK}{dark}}}</style>{''.join(body)}</svg>\n"
    )


def plain(text: str) -> str:
    """A user's text within an SVG: escaped, without signs that XML has no place for."""
    return escape(_UNSEEN.sub("\ufffd", text))


def written(text: str, x: float, y: float, kind: str = "", *, anchor: str = "start", more: str = "") -> str:
    """A text; its direction is that of its own letters."""
    names = f' class="{kind}"' if kind else ""
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:.4g}" y="{y:.4g}"{names}{at}{more} unicode-bidi="plaintext">{plain(text)}</text>'


def width_of(text: str, size: float = 24) -> float:
    """About how wide a text is, in the units of the picture.

    >>> width_of("peace") < width_of("和平和平和")
    True
    """
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return size * (wide + 0.56 * (len(text) - wide))


def shortened(text: str, most: int = 22) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def colour(at: int, n: int) -> int:
    """Which colour of the ramp the period `at` of `n` has: the first is the darkest.

    >>> [colour(at, 4) for at in range(4)]
    [0, 1, 2, 4]
    """
    if n <= 1:
        return 1
    return {2: (0, 4), 3: (0, 2, 4), 4: (0, 1, 2, 4), 5: (0, 1, 2, 3, 4)}.get(n, tuple(range(6)))[min(at, 5)]
