"""isogloss analogy."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from isogloss.cli.command import Command, Report, whole, workspace_of
from isogloss.errors import InvalidValue
from isogloss.nearest.criterion import lookup_criteria
from isogloss.nearest.neighbors import Neighbor, neighbors
from isogloss.nearest.query import parse


class Analogy(Command):
    help = "the nearest items of a sum of items, or of an analogy, in every space"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("query", help='as "king - man + woman", or "man : king :: woman : ?"')
        parser.add_argument(
            "--space", metavar="S", help="take the query's vector from this space (default: each its own)"
        )
        parser.add_argument("--k", type=whole(), default=10)
        parser.add_argument("--criterion", choices=lookup_criteria(), default="cosine")

    def run(self, options: argparse.Namespace) -> Report:
        workspace = workspace_of(options)
        collection = workspace.open(options.collection)
        asked = parse(options.query, collection)
        if len(asked) != 1:
            raise InvalidValue(f"{options.query[:80]!r} names {len(asked)} queries", "ask one at a time")
        query = asked[0]
        store, source = workspace.derived(collection.name), options.space
        found = neighbors(collection, query, k=options.k, criterion=options.criterion, source=source, store=store)
        value: dict[str, Any] = {
            "query": query.label,
            "terms": [{"item": item, "sign": sign} for item, sign in query.terms],
            "space": source,
            "results": {
                space: None if near is None else [{"item": n.item, "similarity": n.similarity} for n in near]
                for space, near in found.items()
            },
        }
        return Report(value, _lines(query.label, found))


def _lines(label: str, found: Mapping[str, list[Neighbor] | None]) -> Iterator[str]:
    for space, near in found.items():
        yield space
        for n in near or []:
            yield f"    {n.similarity:6.3f}  {n.item}"
        if near is None:
            yield f"    a word of {label!r} is missing or too rare here"


member = Analogy()
