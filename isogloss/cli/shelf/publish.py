"""isogloss publish."""

from __future__ import annotations

import argparse

from isogloss.cli.command import Command, Report, workspace_of
from isogloss.cli.progress import Counted
from isogloss.nearest.remote.publish import publish
from isogloss.workspace.access import require_writable


class Publish(Command):
    help = "put a collection into a vector engine (LanceDB, Milvus), where others can ask it"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("--to", required=True, metavar="URI", help="a folder, s3://…, FILE.db or http(s)://…")
        parser.add_argument("--replace", action="store_true", help="delete another collection of that name there")

    def run(self, options: argparse.Namespace) -> Report:
        require_writable()
        workspace = workspace_of(options)
        collection = workspace.open(options.collection)
        store = workspace.derived(collection.name)
        rows = sum(map(len, collection.spaces))
        progress = Counted(f"publishing {collection.name}", rows)
        sent = publish(collection, options.to, store=store, replaces=options.replace, progress=progress)
        spaces = [
            {
                "space": one.told.space,
                "items": one.told.items,
                "dim": one.told.dim,
                "fingerprint": one.told.fingerprint,
                "digest": one.told.digest,
                "resumed": one.resumed,
                "sent": one.sent,
                "kind": one.told.kind,
                "recall_at_10": {
                    "value": one.told.recall_at_10,
                    "n": one.told.n,
                    "low": one.told.low,
                    "high": one.told.high,
                },
            }
            for one in sent
        ]
        lines = [
            f"{one.told.space}: {one.told.items:,} items read back as they were sent ({one.sent:,} sent now), "
            f"{one.told.kind}, recall@10 {one.told.recall_at_10:.3f} ({one.told.low:.3f} to {one.told.high:.3f})"
            for one in sent
        ]
        return Report({"collection": collection.name, "to": options.to, "spaces": spaces}, lines)


member = Publish()
