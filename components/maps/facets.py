"""Columns of items as bands and colours: what the bars beside the maps count, and what colours the points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from components.parts.labels import shorten
from components.parts.palette import GREY, OKABE_ITO
from isogloss.text.script import script_title

LOGARITHMIC = ("count", "per_million", "documents")
MISSING = 255
UNKNOWN = "—"  # of a column of text: always grey
_LEVELS = 8
_BANDS = {"capital_share": [0.1, 0.3, 0.5, 0.7, 0.9]}
_TITLES = {"per_million": "per million", "capital_share": "capital share"}


@dataclass(frozen=True, eq=False)
class Facet:
    """One column over all points of all maps, one after the other.

    levels: names of the bands or values. codes: uint8, (n,), index into levels, 255 where missing.
    shades: uint8, (n,), 0 (lowest) to 254 (highest), 255 where missing; a column of text has none.
    low, high: what the two ends of the shades stand for. colours: of the levels of a text column.
    """

    name: str
    levels: list[str]
    codes: npt.NDArray[np.uint8]
    shades: npt.NDArray[np.uint8] | None = None
    low: float = 0.0
    high: float = 1.0
    logarithmic: bool = False
    colours: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return _TITLES.get(self.name, self.name)


def number_facet(name: str, values: npt.ArrayLike) -> Facet:
    """A column of numbers: bands of the field's habit (thirds of a decade for counts) and a shade for each.

    >>> number_facet("count", [50, 120, 1500, float("nan")]).levels
    ['50–99', '100–299', '1,000–2,999']
    """
    numbers = np.asarray(values, dtype=np.float64)
    known = np.isfinite(numbers)
    if not known.any():
        return Facet(name, [], np.full(len(numbers), MISSING, np.uint8), np.full(len(numbers), MISSING, np.uint8))
    seen = numbers[known]
    logarithmic = name in LOGARITHMIC and bool((seen >= 0).all())
    edges = np.array(_edges(name, seen, logarithmic))
    bands = np.searchsorted(edges, numbers, side="right")
    used = sorted(set(bands[known].tolist()))
    codes = np.full(len(numbers), MISSING, np.uint8)
    codes[known] = np.searchsorted(used, bands[known])
    scaled = np.log10(np.maximum(numbers, 1e-3)) if logarithmic else numbers
    low, high = float(scaled[known].min()), float(scaled[known].max())
    shades = np.full(len(numbers), MISSING, np.uint8)
    shades[known] = np.round((scaled[known] - low) / max(high - low, 1e-12) * 254)
    whole = name in ("count", "documents", "authors") or bool((seen == np.round(seen)).all())
    names = [_band(edges, band, seen, whole) for band in used]
    ends = (10**low, 10**high) if logarithmic else (low, high)
    return Facet(name, names, codes, shades, *ends, logarithmic)


def _edges(name: str, seen: npt.NDArray[np.float64], logarithmic: bool) -> list[float]:
    if name in _BANDS:
        return _BANDS[name]
    if logarithmic:
        powers = range(int(np.floor(np.log10(max(seen.min(), 1e-2)))), int(np.ceil(np.log10(max(seen.max(), 1)))) + 1)
        edges = [m * 10.0**p for p in powers for m in (1, 3)]
        return edges if len(edges) <= 16 else edges[::2]
    values = np.unique(seen)
    if len(values) <= 12:
        return [float(v) for v in values[1:]]
    return sorted({float(f"{q:.2g}") for q in np.quantile(seen, [0.2, 0.4, 0.6, 0.8])})


def _band(edges: npt.NDArray[np.float64], band: int, seen: npt.NDArray[np.float64], whole: bool) -> str:
    low = float(edges[band - 1]) if band > 0 else float(seen.min())
    high = float(edges[band]) if band < len(edges) else float(seen.max()) + (1 if whole else 0)
    if whole:
        low, last = max(round(low), round(float(seen.min()))), round(high) - 1
        return f"{low:,}" if last <= low else f"{low:,}–{last:,}"
    return f"{low:,.3g}–{high:,.3g}"


def text_facet(name: str, values: list[str]) -> Facet:
    """A column of text: its commonest values by count, the others together and grey."""
    found, inverse, counts = np.unique(
        np.array(values, dtype=object).astype(str), return_inverse=True, return_counts=True
    )
    order = np.argsort(-counts, kind="stable")
    kept = order if len(order) <= _LEVELS else order[: _LEVELS - 1]
    code_of = np.full(len(found), len(kept), dtype=np.uint8)
    code_of[kept] = np.arange(len(kept))
    title = script_title if name == "script" else str
    levels = [shorten(title(str(found[i]))) for i in kept] + (["others"] if len(order) > len(kept) else [])
    coloured = [i < min(len(kept), len(OKABE_ITO)) and level != UNKNOWN for i, level in enumerate(levels)]
    colours = tuple(OKABE_ITO[i] if has else GREY for i, has in enumerate(coloured))
    return Facet(name, levels, code_of[inverse.reshape(-1)], colours=colours)
