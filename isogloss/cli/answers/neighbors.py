"""isogloss neighbors."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping

from isogloss.cli.command import Command, Report, whole, workspace_of
from isogloss.nearest.criterion import lookup_criteria
from isogloss.nearest.neighbors import Neighbor, neighbors
from isogloss.nearest.query import Query
from isogloss.spaces.lookup import known_form
from isogloss.text.normalize import nfc


class Neighbors(Command):
    help = "the nearest items of an item in every space"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("item")
        parser.add_argument(
            "--space", metavar="S", help="take the query's vector from this space (default: each its own)"
        )
        parser.add_argument("--in", dest="targets", metavar="T", nargs="+", help="spaces to look in (default: all)")
        parser.add_argument("--k", type=whole(), default=10)
        parser.add_argument("--criterion", choices=lookup_criteria(), default="cosine")

    def run(self, options: argparse.Namespace) -> Report:
        workspace = workspace_of(options)
        collection = workspace.open(options.collection)
        item = known_form(options.item, collection) or nfc(options.item)
        found = neighbors(
            collection,
            Query(((item, 1),)),
            k=options.k,
            criterion=options.criterion,
            source=options.space,
            targets=options.targets,
            store=workspace.derived(collection.name),
        )
        results = {
            space: None if near is None else [{"item": n.item, "similarity": n.similarity} for n in near]
            for space, near in found.items()
        }
        return Report({"item": item, "space": options.space, "results": results}, _lines(item, found))


def _lines(item: str, found: Mapping[str, list[Neighbor] | None]) -> Iterator[str]:
    for space, near in found.items():
        yield space
        for n in near or []:
            yield f"    {n.similarity:6.3f}  {n.item}"
        if near is None:
            yield f"    {item!r} is missing or too rare here"


member = Neighbors()
