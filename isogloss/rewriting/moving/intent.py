"""Does a rewriting find its own original among all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from isogloss.figure import Figure, Null
from isogloss.linear import unit_rows
from isogloss.resampling import mean_interval, share_interval
from isogloss.types import Rows, Vectors

QUERIES = 5_000  # at most so many rewritings are asked, drawn by the seed
_DRAWS = 500
_BLOCK = 512
_ALIKE = 1e-6  # of cosines: float32
MRR = "mean of 1/rank of the own original among all different originals, by cosine; one as near stands before it"
FIRST = "share of rewritings whose own original is strictly the nearest of all"


def ranks(sources: Sequence[str], source: Vectors, target: Vectors, *, seed: int = 0) -> tuple[Rows, Rows, Rows]:
    """Rank of each rewriting's own original, from 1; which original is nearest but it; which rows were asked.

    sources: the originals' texts, (n,); the same text twice is one original. source, target: (n, dim).
    """
    first: dict[str, int] = {}
    for row, text in enumerate(sources):
        first.setdefault(text, row)
    pool = np.array(list(first.values()))
    place = {text: i for i, text in enumerate(first)}
    asked = np.arange(len(sources))
    if len(asked) > QUERIES:
        asked = np.sort(np.random.default_rng(seed).choice(asked, QUERIES, replace=False))
    there, here = unit_rows(source[pool]), unit_rows(target)
    rank, nearest = np.ones(len(asked), dtype=np.int64), np.zeros(len(asked), dtype=np.int64)
    for at in range(0, len(asked), _BLOCK):
        rows = asked[at : at + _BLOCK]
        cosines = here[rows] @ there.T
        gold = np.array([place[sources[row]] for row in rows])
        own = cosines[np.arange(len(rows)), gold].copy()
        cosines[np.arange(len(rows)), gold] = -np.inf
        rank[at : at + len(rows)] += (cosines >= own[:, None] - _ALIKE).sum(axis=1)
        nearest[at : at + len(rows)] = pool[cosines.argmax(axis=1)]
    return rank, nearest, asked


def mean_reciprocal(rank: Rows, pool: int, *, seed: int = 0) -> Figure:
    """MRR with its interval over rewritings; chance: H(pool)/pool."""
    values = 1.0 / rank
    low, high = mean_interval(values, _DRAWS, np.random.default_rng(seed))
    chance = float((1.0 / np.arange(1, pool + 1)).mean()) if pool else float("nan")
    return Figure(
        value=float(values.mean()) if len(values) else float("nan"),
        n=len(values),
        better="more",
        low=low,
        high=high,
        null=Null(p95=chance, mean=chance, how=f"a random order of {pool:,} originals"),
        how=MRR,
    )


def found_first(rank: Rows, pool: int, *, seed: int = 0) -> Figure:
    """P@1 with its interval; chance: 1/pool."""
    share = float((rank == 1).mean()) if len(rank) else float("nan")
    low, high = (
        share_interval(share, len(rank), _DRAWS, rng=np.random.default_rng(seed)) if len(rank) else (share, share)
    )
    null = Null(p95=1 / pool, mean=1 / pool, how=f"one of {pool:,} originals") if pool else None
    return Figure(value=share, n=len(rank), better="more", low=low, high=high, null=null, how=FIRST)
