"""The command line's part on large spaces: index."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

from isogloss.cli.progress import Counted, say, told_seconds
from isogloss.nearest import graph
from isogloss.spaces.space import Space
from isogloss.workspace.access import require_writable
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace

Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_index_commands(add: Add) -> None:
    command = add("index", _index, "build the indexes that answer queries in large spaces at once")
    command.add_argument("collection")
    command.add_argument("--space", metavar="S", help="default: every space of the collection")
    command.add_argument("--json", action="store_true", help="print JSON for other programs")


def _index(options: argparse.Namespace) -> None:
    require_writable()
    workspace = Workspace(options.workspace)
    collection = workspace.open(options.collection)
    store = workspace.derived(collection.name)
    spaces = [collection[options.space]] if options.space else list(collection.spaces)
    reports = [_report(space, store) for space in spaces]
    if options.json:
        print(json.dumps({"collection": collection.name, "spaces": reports}, ensure_ascii=False, indent=1))
        return
    for one in reports:
        if one["kind"] == "exact":
            print(f"{one['space']}: {one['items']:,} items, few enough to be searched exactly")
        else:
            recall = f"recall@10 {graph.told_share(one['recall_at_10'])} measured on {one['n']:,} items"
            print(f"{one['space']}: {one['items']:,} items, {one['kind']}, {recall}, {one['bytes'] / 1e6:,.0f} MB")


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
