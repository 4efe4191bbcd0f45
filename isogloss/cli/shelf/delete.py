"""isogloss delete."""

from __future__ import annotations

import argparse

from isogloss.cli.command import Command, Report, workspace_of
from isogloss.workspace.access import require_writable
from isogloss.workspace.catalogue import Catalogue


class Delete(Command):
    help = "take a collection away; `restore` brings it back within a day"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")

    def run(self, options: argparse.Namespace) -> Report:
        require_writable()
        receipt = Catalogue(workspace_of(options)).delete(options.collection)
        value = {"collection": options.collection, "receipt": receipt}
        return Report(value, [f"deleted; for a day, isogloss restore {receipt} brings it back"])


member = Delete()
