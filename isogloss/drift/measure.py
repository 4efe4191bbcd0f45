"""What a measure of drift is, and all that there are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from isogloss.drift.pair import K, Pair
from isogloss.family import Family
from isogloss.types import Floats, Rows


class Measure(ABC):
    """One way to say how far an item moved between two spaces; symmetric, larger is farther, NaN where unknown.

    name: as its module is called. title: what its distances are called beside an axis. help: one sentence for the
    page, after the name. needs_alignment: whether it compares coordinates; without shared ones every distance is NaN.
    range: the least and the greatest distance. least: the drift below which the page calls a shift small at first.
    most_noise: what noise of the middle item is called high, None where nothing is known of that. version: to be
    raised with the formula, so that no distance of the old one is found again.
    shares: which neighbors of the pass over both spaces k counts, for measures that are kept together with the others
    of that pass; None for a measure that is kept by itself.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]
    needs_alignment: ClassVar[bool] = False
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    least: ClassVar[float] = 0.0
    most_noise: ClassVar[float | None] = None
    version: ClassVar[int] = 1
    shares: ClassVar[Literal["near", "wide"] | None] = None

    def default_k(self, n_often: int) -> int:
        """How many neighbors are compared where nobody says, where so many shared items are used often."""
        return K

    def fitting_k(self, k: int, n_often: int) -> int:
        """Of so many neighbors, how many can be compared where so many shared items are used often."""
        return k

    @property
    def end(self) -> float | None:
        """The end of its scale where noise comes near it: shares of neighbors that changed; None otherwise."""
        return self.range[1] if self.shares and self.range[1] == 1 else None

    def taken(self, counts: Rows) -> Floats:
        """Of what halves are noisier than the whole, the share by which the null of items with so many uses is nearer
        than that of their halves, (n,).

        A half: with all of it up to twice as many unchanged items are called as were asked, since items differ in it.
        """
        return np.full(len(counts), 0.5)

    @abstractmethod
    def distances(self, pair: Pair, k: int) -> npt.NDArray[np.floating]:
        """Of every shared item, (n,). pair: aligned, where the measure needs that. k: neighbors compared, ≥ 1."""


MEASURES: Family[Measure] = Family("measure", "isogloss.drift.measures", first=("cosine", "local", "jaccard", "gonen"))


def usable(aligned: bool) -> list[Measure]:
    """The measures that spaces with or without shared coordinates allow, in order.

    >>> [one.name for one in usable(aligned=False)][:2]
    ['local', 'jaccard']
    """
    return [one for one in MEASURES.values() if aligned or not one.needs_alignment]
