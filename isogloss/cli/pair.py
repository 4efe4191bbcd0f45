"""What the commands about two spaces share."""

from __future__ import annotations

import argparse
from itertools import pairwise
from typing import Any

from isogloss.cli.command import workspace_of
from isogloss.drift.measure import MEASURES
from isogloss.drift.ranking import Ranking, measure_drift
from isogloss.drift.steps import over_steps
from isogloss.errors import InvalidValue


def add_pair(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("collection")
    parser.add_argument("--source", required=True, metavar="A")
    parser.add_argument("--target", required=True, metavar="B")
    parser.add_argument("--measure", choices=MEASURES.names, default="cosine")


def ranking_of(options: argparse.Namespace, **more: Any) -> Ranking:
    workspace = workspace_of(options)
    collection = workspace.open(options.collection)
    store = workspace.derived(collection.name)
    return measure_drift(collection, options.source, options.target, measure=options.measure, store=store, **more)


def steps_of(options: argparse.Namespace, **more: Any) -> Ranking:
    """The ranking over the steps from the source to the target. Raises InvalidValue for spaces without an order."""
    workspace = workspace_of(options)
    collection = workspace.open(options.collection)
    first, last = (collection.names.index(collection[name].name) for name in (options.source, options.target))
    if not collection.ordered or first >= last:
        raise InvalidValue(
            f"{collection.name!r} has no steps from {options.source[:40]!r} to {options.target[:40]!r}",
            "choose an earlier and a later space of a collection in order",
        )
    names, store = collection.names[first : last + 1], workspace.derived(collection.name)
    found = [measure_drift(collection, a, b, measure=options.measure, store=store, **more) for a, b in pairwise(names)]
    return over_steps(found, names)
