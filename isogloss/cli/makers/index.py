"""isogloss index."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

from isogloss.cli.command import Command, Report, workspace_of
from isogloss.cli.progress import Counted, say
from isogloss.nearest.indexes import graph
from isogloss.progress import told_seconds
from isogloss.spaces.space import Space
from isogloss.workspace.access import require_writable
from isogloss.workspace.derived import DerivedStore


class Index(Command):
    help = "build the indexes that answer queries in large spaces at once"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("--space", metavar="S", help="default: every space of the collection")

    def run(self, options: argparse.Namespace) -> Report:
        require_writable()
        workspace = workspace_of(options)
        collection = workspace.open(options.collection)
        store = workspace.derived(collection.name)
        spaces = [collection[options.space]] if options.space else list(collection.spaces)
        reports = [_report(space, store) for space in spaces]
        return Report({"collection": collection.name, "spaces": reports}, _lines(reports))


def _lines(reports: Sequence[dict[str, Any]]) -> Iterator[str]:
    for one in reports:
        if one["kind"] == "exact":
            yield f"{one['space']}: {one['items']:,} items, few enough to be searched exactly"
        else:
            recall = f"recall@10 {graph.told_share(one['recall_at_10'])} measured on {one['n']:,} items"
            yield f"{one['space']}: {one['items']:,} items, {one['kind']}, {recall}, {one['bytes'] / 1e6:,.0f} MB"


def _report(space: Space, store: DerivedStore) -> dict[str, Any]:
    """Of the index that is there, or of the one built now; small spaces need none."""
    about: dict[str, Any] = {"space": space.name, "items": len(space)}
    if len(space) <= graph.EXACT_UP_TO:
        return about | {"kind": "exact", "recall_at_10": 1.0, "n": 0, "bytes": 0, "seconds": 0.0}
    index = graph.find_index(space, store)
    if index is None:
        index = graph.build_index(space, store, Counted(f"the index of {space.name}", len(space)))
        say(f"{space.name}: built and measured in {told_seconds(index.measured.seconds)}")
    found = index.measured
    return about | {
        "kind": "HNSW",
        "recall_at_10": round(found.recall_at_10, 6),
        "n": found.n,
        "bytes": found.bytes,
        "seconds": found.seconds,
    }


member = Index()
