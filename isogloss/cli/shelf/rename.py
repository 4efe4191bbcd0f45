"""isogloss rename."""

from __future__ import annotations

import argparse

from isogloss.cli.command import Command, workspace_of
from isogloss.workspace.access import require_writable
from isogloss.workspace.catalogue import Catalogue


class Rename(Command):
    help = "give a collection another name"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("name")

    def run(self, options: argparse.Namespace) -> None:
        require_writable()
        Catalogue(workspace_of(options)).rename(options.collection, options.name)


member = Rename()
