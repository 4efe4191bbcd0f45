"""What a ranking says: of one item, of all of them, and where another ranking contradicts it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from isogloss.figure import Figure
from isogloss.types import Mask

if TYPE_CHECKING:
    from isogloss.drift.ranking import Ranking

LEVEL = 0.05
_NAMED = 3
State = Literal["moved", "undecided", "noise", "untested"]
WORDS: Mapping[State, str] = {
    "moved": "moved farther than noise",
    "undecided": "not decided: too few replicates",
    "noise": "not distinguishable from noise",
    "untested": "not tested",
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Of one item. distance: with n, the smaller of its two counts, its interval, and its null.

    q: p adjusted over all items tested, NaN where nothing was tested. moved: whether q < .05, None where nothing was
    tested. state: `moved`; `undecided`, beyond the 95th percentile of noise while q does not reach the level; `noise`,
    not beyond it; `untested`. needed: how far it must move to be told from noise, infinite where no distance would be
    enough, NaN where that is not known. agree: by how many measures it moved, of how many that tested it.
    """

    item: str
    distance: Figure
    q: float
    moved: bool | None
    state: State = "untested"
    needed: float = math.nan
    agree: tuple[int, int] = (0, 0)

    @property
    def said(self) -> str:
        """The verdict in words."""
        return WORDS[self.state]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Of a whole ranking. n: items. tested: how many were held against a null. moved: of these, with q < .05.

    far: of those that moved, by `least` or more; most: the first three of them. farthest: the first three of all.
    below: items with p < .05. by_chance: how many of those chance would give. undecided: items beyond the 95th
    percentile of noise whose q does not reach the level. agreed: how many moved by every measure that tested them.
    needed: how far the middle item must move to be told from noise, NaN where that is not known.
    """

    n: int
    tested: int
    moved: int
    far: int
    below: int
    by_chance: float
    farthest: tuple[str, ...]
    most: tuple[str, ...]
    undecided: int = 0
    agreed: int = 0
    needed: float = math.nan


def finding_of(ranking: Ranking, least: float = 0.0, *, among: Mask | None = None) -> Finding:
    """Count what a ranking found. least: the drift from which a shift matters. among: the items that are named."""
    far = ranking.significant & (ranking.distance >= least)
    tested = int(ranking.tested.sum())
    named = ranking.order if among is None else ranking.order[among[ranking.order]]
    known = [row for row in named[:_NAMED] if np.isfinite(ranking.distance[row])]
    return Finding(
        n=len(ranking),
        tested=tested,
        moved=int(ranking.significant.sum()),
        far=int(far.sum()),
        below=int((ranking.p < LEVEL).sum()),
        by_chance=tested * LEVEL,
        farthest=tuple(ranking.items[row] for row in known),
        most=tuple(ranking.items[row] for row in named[far[named]][:_NAMED]),
        undecided=int(ranking.undecided.sum()),
        agreed=int((ranking.significant & (ranking.agree == ranking.agree_of)).sum()),
        needed=float(np.median(needed)) if len(needed := ranking.needed[ranking.tested]) else math.nan,
    )


@dataclass(frozen=True, kw_only=True)
class Flips:
    """Where the verdicts of two rankings differ. n: items in both. lost: moved in the first only; won: in the second.

    Both are in the order of the first ranking, most changed first; items tested in one alone are in neither.
    """

    n: int
    lost: tuple[str, ...]
    won: tuple[str, ...]


def flips_between(everyone: Ranking, panel: Ranking) -> Flips:
    """Items tested in both rankings whose verdict differs."""
    lost: list[str] = []
    won: list[str] = []
    for row in everyone.order:
        item = everyone.items[row]
        at = panel.rows.get(item)
        if at is not None and everyone.tested[row] and panel.tested[at]:
            moved = bool(everyone.significant[row])
            if moved != bool(panel.significant[at]):
                (lost if moved else won).append(item)
    return Flips(n=sum(item in panel.rows for item in everyone.items), lost=tuple(lost), won=tuple(won))
