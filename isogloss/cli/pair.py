"""What the commands about two spaces share."""

from __future__ import annotations

import argparse
from typing import Any

from isogloss.cli.command import workspace_of
from isogloss.drift.measure import MEASURES
from isogloss.drift.ranking import Ranking, measure_drift


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
