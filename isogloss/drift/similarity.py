"""How alike a word and itself, or two words, are over the spaces of a collection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from isogloss.drift.ranking import Ranking
from isogloss.spaces.collection import Collection

MEASURE = "cosine"  # the drift whose interval is that of a cosine similarity: one is 1 less the other


@dataclass(frozen=True)
class Similarities:
    """Over the spaces in their order. values: cosine similarity, −1 to 1, None where the word is missing.

    half: half of the 95 % interval of sampling, None where nothing is known of it.
    """

    values: tuple[float | None, ...]
    half: tuple[float | None, ...]


def own_similarity(
    collection: Collection, item: str, *, against: str, ranked: Callable[[str, str], Ranking]
) -> Similarities:
    """Of a word with itself in another space, in every space.

    against: `first` or `last` of the spaces that have the word, or the `previous` of them. ranked: gives the ranking
    of two spaces by MEASURE, whose intervals these are.
    """
    names = [name for name in collection.names if item in collection[name]]
    found = [_own(collection, item, name, _other(names, name, against), ranked) for name in collection.names]
    return Similarities(tuple(value for value, _ in found), tuple(half for _, half in found))


def _other(names: list[str], name: str, against: str) -> str | None:
    if name not in names:
        return None
    if against == "previous":
        at = names.index(name)
        return names[at - 1] if at else None
    return names[0] if against == "first" else names[-1]


def _own(
    collection: Collection, item: str, name: str, other: str | None, ranked: Callable[[str, str], Ranking]
) -> tuple[float | None, float | None]:
    if other is None:
        return None, None
    a, b = collection[name], collection[other]
    half = np.nan
    if name != other and collection.controls is not None:
        ranking = ranked(other, name)
        row = ranking.rows[item]
        half = ranking.high[row] - ranking.distance[row]
    return float(a.unit[a[item]] @ b.unit[b[item]]), _known(half)


def _known(half: float) -> float | None:
    return float(half) if np.isfinite(half) else None


def pair_similarity(collection: Collection, item: str, second: str) -> Similarities:
    """Of two words in every space; the interval by the noise of both, where replicates say it."""
    values: list[float | None] = []
    half: list[float | None] = []
    noise = collection.controls.noise if collection.controls else {}
    for space in collection.spaces:
        here = item in space and second in space
        values.append(float(space.unit[space[item]] @ space.unit[space[second]]) if here else None)
        firm = here and item != second and space.name in noise
        half.append(_known(noise[space.name].half_interval(space, item, second)) if firm else None)
    return Similarities(tuple(values), tuple(half))
