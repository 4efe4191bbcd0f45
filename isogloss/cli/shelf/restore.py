"""isogloss restore."""

from __future__ import annotations

import argparse

from isogloss.cli.command import Command, Report, workspace_of
from isogloss.workspace.access import require_writable
from isogloss.workspace.catalogue import Catalogue


class Restore(Command):
    help = "bring a deleted collection back"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("receipt", help="what `delete` printed")

    def run(self, options: argparse.Namespace) -> Report:
        require_writable()
        name = Catalogue(workspace_of(options)).restore(options.receipt)
        return Report(name, [name])


member = Restore()
