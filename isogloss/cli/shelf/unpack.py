"""isogloss unpack."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.cli.command import Command, Report, workspace_of
from isogloss.workspace.access import require_writable
from isogloss.workspace.catalogue import Catalogue


class Unpack(Command):
    help = "take in a collection that `pack` wrote"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.zip")
        parser.add_argument("--into", required=True, metavar="COLLECTION")

    def run(self, options: argparse.Namespace) -> Report:
        require_writable()
        found = Catalogue(workspace_of(options)).unpack(options.file, options.into)
        return Report(found.names, [f"{found.name}: {', '.join(found.names)}"])


member = Unpack()
