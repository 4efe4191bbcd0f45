"""Papers of one catalogue that lie among those of another, which does not list them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isogloss.atlas.titles import Titles
from isogloss.linear import unit_rows
from isogloss.types import Vectors


@dataclass(frozen=True)
class Missing:
    """A title of one catalogue that another has not, though it lies among its titles.

    section: of the other, the one most of its k nearest there are in. similarity: mean cosine to its k nearest titles
    there. margin: that less what the median title of that catalogue has with its own k nearest there; more than 0 is
    nearer than half of them. nearer_than: share of that catalogue's titles that lie less near to it. n: titles there.
    """

    title: str
    catalogue: str
    lacks: str
    section: str
    nearest: str
    similarity: float
    margin: float
    nearer_than: float
    n: int
    link: str


@dataclass(frozen=True)
class Across:
    """Two catalogues. both: titles that both list. missing: largest margin first."""

    both: tuple[str, ...]
    missing: tuple[Missing, ...]


def across(titles: Titles, vectors: Vectors, *, k: int = 5) -> Across:
    """Missing neighbors between every two catalogues, in both directions; none of a catalogue with fewer than k + 1
    titles. vectors: (n_titles, dim).
    """
    unit = unit_rows(np.asarray(vectors, dtype=np.float32))
    found: list[Missing] = []
    for target, lacks in enumerate(titles.catalogues):
        there = np.flatnonzero(titles.listed[:, target])
        away = np.flatnonzero(~titles.listed[:, target])
        if len(there) <= k or not len(away):
            continue
        inside = unit[there] @ unit[there].T
        np.fill_diagonal(inside, -np.inf)
        usual = np.sort(np.partition(inside, -k, axis=1)[:, -k:].mean(axis=1).astype(np.float64))
        cosines = unit[away] @ unit[there].T
        order = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
        similarity = np.take_along_axis(cosines, order, axis=1).mean(axis=1).astype(np.float64)
        for at in np.flatnonzero(similarity > np.median(usual)):
            row, near = away[at], there[order[at]]
            inside_of = titles.held[near] & (titles.of == target)
            home = int(np.flatnonzero(titles.listed[row])[0])
            found.append(
                Missing(
                    titles.entries[row].title,
                    titles.catalogues[home],
                    lacks,
                    titles.sections[int(inside_of.sum(axis=0).argmax())],
                    titles.entries[near[0]].title,
                    float(similarity[at]),
                    float(similarity[at] - np.median(usual)),
                    float(np.searchsorted(usual, similarity[at]) / len(usual)),
                    len(there),
                    titles.entries[row].link,
                )
            )
    shared = titles.listed.sum(axis=1) > 1
    both = tuple(one.title for one, also in zip(titles.entries, shared, strict=True) if also)
    return Across(both, tuple(sorted(found, key=lambda one: -one.margin)))
