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
        parser.add_argument(
            "--recipe", type=Path, metavar="R", help="how the texts are sliced, where the collection does not know"
        )

    def run(self, options: argparse.Namespace) -> Report:
        require_writable()
        facts = attach(workspace_of(options), options.collection, options.file, recipe=options.recipe)
        lines = [f"{facts['documents']:,} documents in {facts['passages']:,} passages, {facts['seconds']} s"]
        return Report(facts, [*lines, f"rows of {options.file.name}: {told_of(facts['read'])}"])


member = Attach()
