"""Cross-lingual consistency (CLC) and code-switching similarity (CSS), as of NeoBabel, with both references named."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from isogloss.errors import InvalidValue, NotFound
from isogloss.figure import Figure
from isogloss.linear import unit
from isogloss.resampling import mean_interval, null_of
from isogloss.rewriting.agreeing.vectors import PLAIN, ItemVectors
from isogloss.text.matches import closest
from isogloss.types import Floats, Mask, Matrix

ENGLISH, PAIRS = "english_only", "all_pairs"
_DRAWS = 500
_SHIFTS = 100
HOW = {
    ENGLISH: "mean over items of the mean cosine of an item's vectors with its plain one in the reference language",
    PAIRS: "mean over items of the mean cosine of every two of an item's vectors",
}
OTHERS = "vectors of other items in place of an item's own"
Grid = tuple[Matrix, Mask]  # of one language: (items, dim) of length 1, and which items it has


@dataclass(frozen=True)
class Consistency:
    """pivot: the reference language. items: how many. clc: reference → figure. css: variant → the same. languages: of
    each but the pivot its plain vectors with the pivot's.
    """

    pivot: str
    items: int
    clc: Mapping[str, Figure]
    css: Mapping[str, Mapping[str, Figure]]
    languages: Mapping[str, Figure]


def consistency(given: ItemVectors, *, pivot: str = "en", seed: int = 0) -> Consistency:
    """An item counts where it has two vectors to compare; a reference without such an item is unknown (NaN).

    Raises InvalidValue of fewer than two languages and no variant, NotFound for the pivot.

    >>> from isogloss.rewriting.agreeing.vectors import item_vectors
    >>> turned = np.float32([[1, 0], [0.6, 0.8]])
    >>> found = consistency(item_vectors(["a", "a"], ["en", "de"], ["", ""], turned))
    >>> round(found.clc["english_only"].value, 3), found.clc["all_pairs"].n
    (0.6, 1)
    """
    spoken = list(dict.fromkeys(given.languages))
    if pivot not in spoken:
        near = closest(pivot, spoken) or spoken[:8]
        raise NotFound(f"there is no language {pivot[:40]!r}", near)
    kinds = [one for one in dict.fromkeys(given.variants) if one != PLAIN]
    if len(spoken) < 2 and not kinds:
        raise InvalidValue(f"the vectors are of {len(spoken)} language", "give two languages or more")
    items = {name: i for i, name in enumerate(dict.fromkeys(given.items))}
    units = unit(given.vectors.astype(np.float64))
    grids: dict[str, dict[str, Grid]] = {}
    for row, (item, language, variant) in enumerate(zip(given.items, given.languages, given.variants, strict=True)):
        here = grids.setdefault(variant, {})
        if language not in here:
            here[language] = np.zeros((len(items), units.shape[1])), np.zeros(len(items), dtype=np.bool_)
        here[language][0][items[item]] = units[row]
        here[language][1][items[item]] = True
    plain = grids.get(PLAIN, {})
    reference = plain.get(pivot, (np.zeros((len(items), units.shape[1])), np.zeros(len(items), dtype=np.bool_)))
    others = {name: grid for name, grid in plain.items() if name != pivot}
    return Consistency(
        pivot,
        len(items),
        {ENGLISH: _with(others, reference, ENGLISH, seed), PAIRS: _every(plain, seed)},
        {
            kind: {ENGLISH: _with(grids[kind], reference, ENGLISH, seed), PAIRS: _every(grids[kind], seed)}
            for kind in kinds
        },
        {name: _with({name: grid}, reference, ENGLISH, seed) for name, grid in others.items()},
    )


def _with(grids: Mapping[str, Grid], reference: Grid, name: str, seed: int) -> Figure:
    def each(shift: int) -> Floats:
        vectors, has = np.roll(reference[0], shift, axis=0), np.roll(reference[1], shift)
        sums, counts = np.zeros(len(has)), np.zeros(len(has))
        for one, here in grids.values():
            both = has & here
            sums[both] += (one[both] * vectors[both]).sum(axis=1)
            counts += both
        return np.asarray(np.divide(sums, counts, out=np.full(len(has), np.nan), where=counts > 0))

    return _figure(each, len(reference[1]), HOW[name], seed)


def _every(grids: Mapping[str, Grid], seed: int) -> Figure:
    n = len(next(iter(grids.values()))[1]) if grids else 0

    def each(shift: int) -> Floats:
        """Σ of cosines of k unit vectors over their pairs = (‖Σ v‖² − k) / 2. shift: languages moved by 0, 1, 2 … times
        as many items; NaN where two of them would meet again.
        """
        if shift and len({i * shift % n for i in range(len(grids))}) < len(grids):
            return np.full(n, np.nan)
        turned = [[np.roll(part, i * shift, axis=0) for part in grid] for i, grid in enumerate(grids.values())]
        k = np.sum([has for _, has in turned], axis=0).astype(np.float64)
        length = (np.sum([vectors for vectors, _ in turned], axis=0) ** 2).sum(axis=1)
        pairs = k * (k - 1) / 2
        return np.asarray(np.divide((length - k) / 2, pairs, out=np.full(n, np.nan), where=pairs > 0))

    return _figure(each, n, HOW[PAIRS], seed)


def _figure(each: Callable[[int], Floats], n: int, how: str, seed: int) -> Figure:
    values = each(0) if n else np.zeros(0)
    known = values[np.isfinite(values)]
    if not len(known):
        return Figure(value=math.nan, n=0, better="more", how=how)
    value = float(np.clip(known.mean(), -1.0, 1.0))
    low, high = mean_interval(known, _DRAWS, np.random.default_rng(seed))
    drawn = [found[np.isfinite(found)] for found in (each(shift) for shift in range(1, min(n, _SHIFTS + 1)))]
    null = null_of([float(found.mean()) for found in drawn if len(found)], value, OTHERS)
    return Figure(value=value, n=len(known), better="more", low=low, high=high, null=null, how=how)
