"""Rewritten texts: do they all move in one direction, and do they keep what they meant."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from isogloss.encoders.encoder import Encoder
from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.progress import Progress, part_of, silent
from isogloss.resampling import mean_interval, share_interval
from isogloss.rewriting.moving.directions import (
    LEAST,
    between,
    directions,
    group_nulls,
    principal_plane,
    resultant,
    without_length,
)
from isogloss.rewriting.moving.intent import found_first, mean_reciprocal, ranks
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Checked, Failure
from isogloss.text.script import NONE, script_of
from isogloss.types import Floats, Mask, Rows, Vectors

_DRAWS = 500
_MOST_GROUPS = 12  # compared with each other: the largest


class Rewrite:
    name, title = "rewrite", "Rewriting"
    help = "whether rewriting moves texts in one direction of an encoder's space, and whether each finds its original"
    encodes = True

    def check(
        self,
        pairs: Pairs,
        *,
        by: str | None = None,
        encoder: Encoder | None = None,
        seed: int = 0,
        progress: Progress = silent,
    ) -> Checked:
        """Raises InvalidValue without an encoder or with fewer than three pairs, NotFound for a column."""
        if encoder is None:
            raise InvalidValue("rewriting is looked at in an encoder's space, and none was given", "name a model")
        if len(pairs) < LEAST:
            raise InvalidValue(f"{pairs.name} holds {len(pairs)} pairs", f"give {LEAST} or more")
        groups = pairs.groups(by) if by is not None else {}
        source = encoder.encode(list(pairs.source), progress=part_of(progress, 0.0, 0.45))
        target = encoder.encode(list(pairs.target), progress=part_of(progress, 0.45, 0.9))
        return measured(pairs, source, target, groups=groups, seed=seed)


def measured(
    pairs: Pairs, source: Vectors, target: Vectors, *, groups: Mapping[str, Sequence[int]], seed: int = 0
) -> Checked:
    """What the profile finds of vectors, (n, dim) each, row by row. groups: name → positions."""
    one = _Rewritten(pairs, source, target, seed)
    figures = one.figures(np.ones(len(pairs), dtype=np.bool_))
    masks = {name: _mask(rows, len(pairs)) for name, rows in groups.items()}
    by = {name: one.figures(mask) for name, mask in masks.items()}
    extra: dict[str, Any] = {"pairs_not_moved": len(pairs) - len(one.found)}
    moved = {name: np.flatnonzero(mask[one.found.rows]) for name, mask in masks.items()}
    moved = {name: rows for name, rows in moved.items() if len(rows) >= LEAST}
    if len(moved) > 1:
        nulls, together = group_nulls(one.found.units, moved, seed=seed)
        figures["direction_by_group"] = together
        for name, null in nulls.items():
            kept = by[name]["direction"]
            by[name]["direction_against_others"] = Figure(value=kept.value, n=kept.n, null=null, how=kept.how)
        largest = {name: one.found.take(_mask(moved[name], len(one.found))) for name in list(moved)[:_MOST_GROUPS]}
        extra["between"] = between(largest, seed=seed)
        if len(moved) > _MOST_GROUPS:
            extra["between_left_out"] = len(moved) - _MOST_GROUPS
    return Checked(figures, by, one.failures(), one.rows(), _said(figures), extra)


class _Rewritten:
    """Pairs with their vectors, and what every group of them is asked."""

    def __init__(self, pairs: Pairs, source: Vectors, target: Vectors, seed: int) -> None:
        self.pairs, self.source, self.target, self.seed = pairs, source, target, seed
        self.found = directions(source, target)
        self.rank, self.nearest, self.asked = ranks(pairs.source, source, target, seed=seed)
        self.pool = len(set(pairs.source))
        self.lengths = np.array(
            [math.log(max(len(b), 1) / max(len(a), 1)) for a, b in zip(pairs.source, pairs.target, strict=True)]
        )
        scripts = [(script_of(a), script_of(b)) for a, b in zip(pairs.source, pairs.target, strict=True)]
        self.kept = np.array([a == b for a, b in scripts], dtype=np.bool_)
        self.written = np.array([NONE not in both for both in scripts], dtype=np.bool_)

    def figures(self, mask: Mask) -> dict[str, Figure]:
        """Of the pairs of a mask, (n,)."""
        seed, found, asked = self.seed, self.found.take(mask[self.found.rows]), mask[self.asked]
        told = {
            "direction": resultant(found, seed=seed),
            "direction_without_length": without_length(found, self.lengths[found.rows], seed=seed),
            "intent_mrr": mean_reciprocal(self.rank[asked], self.pool, seed=seed),
            "intent_p_at_1": found_first(self.rank[asked], self.pool, seed=seed),
            "length_ratio": _geometric(self.lengths[mask], seed),
            "script_kept": _share(self.kept[mask & self.written], seed),
        }
        same = self.kept[found.rows]
        if not same.all():
            told["direction_in_one_script"] = resultant(found.take(same), seed=seed)
        return told

    def failures(self) -> list[Failure]:
        """Rewritings that find another original before their own; span: that one. Pairs that are equal."""
        lost = {
            int(row): self.pairs.source[int(self.nearest[at])]
            for at, row in enumerate(self.asked.tolist())
            if self.rank[at] > 1
        }
        same = {i for i, (a, b) in enumerate(zip(self.pairs.source, self.pairs.target, strict=True)) if a == b}
        told = []
        for row in sorted(lost.keys() | same):
            if row in same:
                told.append(Failure(row, "unchanged", "text"))
            if row in lost:
                told.append(Failure(row, "lost", "intent", lost[row][:200]))
        return told

    def rows(self) -> dict[str, list[float]]:
        """For pictures: where both texts lie in a plane, the cosine with the mean direction, rank, length."""
        n = len(self.pairs)
        along = np.full(n, np.nan)
        mean = self.found.mean
        if size := float(np.linalg.norm(mean)):
            along[self.found.rows] = self.found.units @ (mean / size)
        rank = np.full(n, np.nan)
        rank[self.asked] = self.rank
        start, end = principal_plane([self.source, self.target])
        return {
            "along": along.tolist(),
            "rank": rank.tolist(),
            "length_ratio": np.exp(self.lengths).tolist(),
            "source_x": start[:, 0].tolist(),
            "source_y": start[:, 1].tolist(),
            "target_x": end[:, 0].tolist(),
            "target_y": end[:, 1].tolist(),
        }


def _mask(rows: Sequence[int] | Rows, n: int) -> Mask:
    found = np.zeros(n, dtype=np.bool_)
    found[np.asarray(rows, dtype=np.int64)] = True
    return found


def _geometric(logs: Floats, seed: int) -> Figure:
    low, high = mean_interval(logs, _DRAWS, np.random.default_rng(seed))
    value = math.exp(float(logs.mean())) if len(logs) else math.nan
    how = "geometric mean of characters of the target by those of the source"
    return Figure(value=value, n=len(logs), low=math.exp(low), high=math.exp(high), how=how)


def _share(hits: Mask, seed: int) -> Figure:
    how = "share of pairs with letters whose texts are in one script"
    if not len(hits):
        return Figure(value=math.nan, n=0, how=how)
    share = float(hits.mean())
    low, high = share_interval(share, len(hits), _DRAWS, rng=np.random.default_rng(seed))
    return Figure(value=share, n=len(hits), low=low, high=high, how=how)


def _said(figures: Mapping[str, Figure]) -> str:
    one, mrr = figures["direction"], figures["intent_mrr"]
    if not one.known:
        return f"{one.n} pairs moved: too few for a direction; intent kept: MRR {mrr.value:.2f}"
    beyond = one.null is not None and one.null.p < 0.05
    rest = figures["direction_without_length"]
    away = beyond and rest.known and rest.null is not None and rest.null.p >= 0.05
    told = "in one direction, beyond chance" if beyond else "in no direction that can be told from chance"
    length = "; at equal length none is left" if away else ""
    return f"{one.n:,} pairs moved {told} (R̄ {one.value:.2f}{length}); intent kept: MRR {mrr.value:.2f}"


member = Rewrite()
