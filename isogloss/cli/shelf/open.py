"""isogloss open."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from typing import Any

from isogloss.cli.command import Command, Report, whole, workspace_of
from isogloss.cli.progress import Counted
from isogloss.errors import InvalidValue
from isogloss.nearest.neighbors import MOST_K
from isogloss.nearest.remote.index import link
from isogloss.nearest.remote.publish import brought, opened, published
from isogloss.nearest.remote.where import conditions
from isogloss.workspace.access import require_writable


class Open(Command):
    help = "see what is published at an address, ask it for neighbors, or bring a collection here"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("uri", metavar="URI", help="a folder, s3://…, FILE.db or http(s)://…")
        parser.add_argument("--collection", metavar="C", help="default: the only one")
        parser.add_argument("--item", metavar="I", help="its neighbors, read from there")
        parser.add_argument("--space", metavar="S", help="default: every space of the collection")
        parser.add_argument("-k", type=whole(1, MOST_K), default=10)
        parser.add_argument("--criterion", choices=("cosine", "csls"), default="cosine")
        parser.add_argument("--where", action="append", default=[], metavar="CONDITION", help="such as 'count >= 100'")
        parser.add_argument("--into", metavar="NAME", help="bring the collection into the workspace under this name")

    def run(self, options: argparse.Namespace) -> Report:
        every = published(options.uri)
        names = sorted({one.collection for one in every})
        if options.item is None and options.into is None:
            lines = (
                f"{one.collection}/{one.space}: {one.items:,} × {one.dim}, {one.kind}, recall@10 {one.recall_at_10:.3f}"
                if one.whole
                else f"{one.collection}/{one.space}: half sent, publish it again"
                for one in every
            )
            return Report({"uri": options.uri, "spaces": [asdict(one) for one in every]}, lines)
        if options.collection is None and len(names) != 1:
            raise InvalidValue(f"{len(names)} collections are there", f"choose with --collection: {', '.join(names)}")
        name = options.collection or names[0]
        return self._brought(options, name) if options.into else self._asked(options, name, every)

    def _asked(self, options: argparse.Namespace, name: str, every: list[Any]) -> Report:
        spaces = [options.space] if options.space else [one.space for one in every if one.collection == name]
        found: dict[str, Any] = {}
        kinds: dict[str, str] = {}
        for space in spaces:
            index = opened(options.uri, name, space)
            where = conditions(options.where, index.told.columns)
            near = index.neighbors(options.item, options.k, criterion=options.criterion, where=where)
            found[space] = [{"item": item, "similarity": score} for item, score in near]
            kinds[space] = index.kind
        value = {"collection": name, "item": options.item, "criterion": options.criterion, "spaces": found}
        lines = [
            f"{space} ({kinds[space]}): " + (", ".join(f"{n['item']} {n['similarity']:.3f}" for n in near) or "none")
            for space, near in found.items()
        ]
        return Report(value | {"index": kinds}, lines)

    def _brought(self, options: argparse.Namespace, name: str) -> Report:
        require_writable()
        workspace = workspace_of(options)
        every = {one.space: one for one in published(options.uri) if one.collection == name}
        rows = sum(one.items for one in every.values())
        collection = brought(options.uri, name, progress=Counted(f"reading {name}", rows))
        collection = replace(collection, name=options.into)
        workspace.save(collection)
        saved = workspace.open(options.into)
        for space in saved.spaces:
            link(
                space,
                workspace.derived(options.into),
                options.uri,
                replace(every[space.name], fingerprint=space.fingerprint),
            )
        spaces = {space.name: len(space) for space in saved.spaces}
        return Report({"collection": options.into, "spaces": spaces}, [f"{s}: {n:,} items" for s, n in spaces.items()])


member = Open()
