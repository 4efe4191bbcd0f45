"""isogloss handout."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.cli.command import Command, Report, warn, workspace_of
from isogloss.cli.progress import Shared
from isogloss.separation.concepts import ensure_made
from isogloss.stories.handout import handout
from isogloss.stories.page import write_page
from isogloss.stories.shelf import StoryShelf


class HandoutOf(Command):
    help = "write a collection as one HTML file that answers without a server: neighbors, maps, drift, story"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("--out", type=Path, required=True, metavar="F.html")

    def run(self, options: argparse.Namespace) -> Report:
        workspace = workspace_of(options)
        ensure_made(workspace, options.collection)
        collection = workspace.open(options.collection)
        stories = [story for _, story in StoryShelf(workspace)]
        found = handout(collection, store=workspace.derived(collection.name), stories=stories, progress=Shared())
        size = write_page(found.html, options.out)
        for what, why in found.left_out.items():
            warn(f"{what} is left out ({why})")
        value = {
            **{"file": str(options.out), "bytes": size, "items": found.items, "spaces": len(collection)},
            **{"pairs": found.pairs, "mapped": found.mapped, "stories": found.stories},
            "left_out": [{"what": what, "why": why} for what, why in found.left_out.items()],
        }
        told = f"{found.items:,} items in {len(collection):,} spaces, {found.pairs:,} pairs compared, {size:,} bytes"
        return Report(value, [f"{options.out}: {told}"])


member = HandoutOf()
