"""What the methods reached, as a table: a row for each method, retrieval and direction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from weakref import WeakKeyDictionary

import pyarrow as pa

from isogloss.alignment.bli import RETRIEVALS as TESTED
from isogloss.alignment.method import METHODS
from isogloss.alignment.outcomes import hubness_of
from isogloss.alignment.trial import DIRECTIONS, Outcome, Trial
from isogloss.nearest.criterion import retrievals

RETRIEVALS = {name: retrievals()[name].title for name in TESTED}
Outcomes = Mapping[str, Outcome]
_ROWS: WeakKeyDictionary[Outcome, Mapping[str, list[dict[str, object]]]] = WeakKeyDictionary()


def arrow(trial: Trial, direction: str) -> str:
    """
    >>> from isogloss.alignment.anchors.dictionary import UNSUPERVISED
    >>> import numpy as np; from isogloss.spaces.space import Space
    >>> one, two = (Space(n, ("x",), np.ones((1, 1), np.float32)) for n in "ab")
    >>> arrow(Trial(one, two, UNSUPERVISED, test=UNSUPERVISED), "target-source")
    'b → a'
    """
    way = trial.way(direction)
    return f"{way.source.name} → {way.target.name}"


def result_table(outcomes: Outcomes, trial: Trial) -> pa.Table:
    """One row for each method, retrieval and direction; figures from 0 to 1."""
    return pa.Table.from_pylist(
        [
            {"direction": arrow(trial, direction), **row}
            for direction in DIRECTIONS
            for method, outcome in outcomes.items()
            for row in _rows(method, outcome, trial)[direction]
        ]
    )


def _rows(method: str, outcome: Outcome, trial: Trial) -> Mapping[str, list[dict[str, object]]]:
    """Direction → a row for each retrieval; made once for an outcome, which knows one trial alone."""
    if (known := _ROWS.get(outcome)) is None:
        known = _ROWS[outcome] = {way: _rows_of(method, outcome, trial, way) for way in DIRECTIONS}
    return known


def _rows_of(method: str, outcome: Outcome, trial: Trial, direction: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for retrieval, title in RETRIEVALS.items():
        found = outcome.found[direction][retrieval]
        one, wrong = found.row("dropped"), found.row("wrong")
        low, high = cast(list[float], one["ci_precision_at_1"])
        rows.append(
            {
                "method": METHODS[method].title,
                "retrieval": title,
                "P@1": one["precision_at_1"],
                "from": low,
                "to": high,
                "P@5": one["precision_at_5"],
                "P@10": one["precision_at_10"],
                "MRR": one["mrr"],
                "n": one["n_test"],
                "P@1 of all": wrong["precision_at_1"],
                "P@5 of all": wrong["precision_at_5"],
                "P@10 of all": wrong["precision_at_10"],
                "MRR of all": wrong["mrr"],
                "coverage": one["coverage"],
                "hubness": hubness_of(outcome, trial, direction=direction, retrieval=retrieval).value,
            }
        )
    return rows
