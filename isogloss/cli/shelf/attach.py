"""isogloss attach."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.cli.command import Command, Report, workspace_of
from isogloss.cli.texts import attach
from isogloss.tables.read import told_of
from isogloss.workspace.access import require_writable


class Attach(Command):
    help = "index the texts of a collection, so that any word offers its lines in context"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--part", metavar="P", help="the split of a folder, or the file of a .zip, of several")
        parser.add_argument(
            "--recipe", type=Path, metavar="R", help="how the texts are sliced, where the collection does not know"
        )

    def run(self, options: argparse.Namespace) -> Report:
        require_writable()
        name, file = options.collection, options.file
        facts = attach(workspace_of(options), name, file, recipe=options.recipe, part=options.part)
        lines = [f"{facts['documents']:,} documents in {facts['passages']:,} passages, {facts['seconds']} s"]
        return Report(facts, [*lines, f"rows of {file.name}: {told_of(facts['read'])}"])


member = Attach()
