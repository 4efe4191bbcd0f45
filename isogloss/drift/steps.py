"""Drift over all spaces in their order: every item at the step where it moved most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from isogloss.drift.nulls import level_to_reach
from isogloss.drift.ranking import Ranking
from isogloss.drift.verdict import LEVEL
from isogloss.errors import InvalidValue
from isogloss.resampling import adjust
from isogloss.types import Floats, Rows


def over_steps(rankings: Sequence[Ranking], names: Sequence[str]) -> Ranking:
    """One ranking from those of consecutive spaces.

    names: of the spaces, one more than rankings. Every item stands with its distance, interval, null
    and counts at the step where that distance is largest; `steps` names it. p is Bonferroni's: the
    smallest p of its m tested steps times m, valid however the steps depend on each other; q over all.
    Raises InvalidValue unless there are two spaces or more.
    """
    if not rankings or len(names) != len(rankings) + 1:
        raise InvalidValue(f"steps were asked of {len(names)} spaces", "choose a collection with two or more")
    items = list(dict.fromkeys(item for one in rankings for item in one.items))
    n, m = len(items), len(rankings)
    rows = np.full((m, n), -1, dtype=np.int64)
    for step, one in enumerate(rankings):
        for column, item in enumerate(items):
            rows[step, column] = one.rows.get(item, -1)

    def gather(field: str) -> Floats:
        out = np.full((m, n), np.nan)
        for step, one in enumerate(rankings):
            values = getattr(one, field)
            if values is not None:
                here = rows[step] >= 0
                out[step, here] = values[rows[step, here]]
        return out

    distance = gather("distance")
    at = np.argmax(np.nan_to_num(distance, nan=-1.0), axis=0)
    columns = np.arange(n)

    def there(field: str) -> Floats:
        values: Floats = gather(field)[at, columns]
        return values

    combined, tested = _combined(gather("p"))
    level = level_to_reach(combined, LEVEL) / np.maximum(tested, 1)
    needed = np.full((m, n), np.nan)
    others: dict[str, list[Floats]] = {}
    for step, one in enumerate(rankings):
        here = rows[step] >= 0
        if one.reach is not None:
            own = np.full(len(one), np.nan)
            own[rows[step, here]] = level[here]
            needed[step, here] = one.attainable(one.reach.needed(own))[rows[step, here]]
        for name, values in one.others.items():
            spread = np.full(n, np.nan)
            spread[here] = values[rows[step, here]]
            others.setdefault(name, []).append(spread)
    counted = all(one.count_source is not None and one.count_target is not None for one in rankings)
    counts = [
        np.nan_to_num(there(f"count_{side}")).astype(np.int64) if counted else None for side in ("source", "target")
    ]
    return Ranking(
        measure=rankings[0].measure,
        items=tuple(items),
        distance=distance[at, columns],
        low=there("low"),
        high=there("high"),
        p=combined,
        q=adjust(combined),
        null_low=there("null_low"),
        null_high=there("null_high"),
        null_n=np.nan_to_num(there("null_n")).astype(np.int64),
        unusual=there("unusual"),
        count_source=counts[0],
        count_target=counts[1],
        steps=tuple((names[s], names[s + 1]) for s in at.tolist()),
        source=names[0],
        target=names[-1],
        built_before=any(one.built_before for one in rankings),
        reach=None,
        needs=needed[at, columns],
        others={name: _combined(np.array(each))[0] for name, each in others.items()},
        k=rankings[0].k,
        too_few=all(one.too_few for one in rankings),
    )


def _combined(p: Floats) -> tuple[Floats, Rows]:
    """Bonferroni's p over the steps, (m, n), that tested an item; and how many these are."""
    tested = np.isfinite(p).sum(axis=0)
    smallest = np.where(np.isfinite(p), p, np.inf).min(axis=0)
    return np.where(tested > 0, np.minimum(1.0, smallest * tested), np.nan), tested
