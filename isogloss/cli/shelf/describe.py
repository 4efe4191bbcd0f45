"""isogloss describe."""

from __future__ import annotations

import argparse

from isogloss.cli.command import Command, workspace_of
from isogloss.workspace.access import require_writable
from isogloss.workspace.catalogue import Catalogue
from isogloss.workspace.store import read_header


class Describe(Command):
    help = "give a collection its title and a description"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("--title", help="default: as it is")
        parser.add_argument("--description", help="default: as it is")

    def run(self, options: argparse.Namespace) -> None:
        require_writable()
        catalogue = Catalogue(workspace_of(options))
        title, description = options.title, options.description
        if None in (title, description) and options.collection in catalogue.own():
            header = read_header(catalogue.workspace.folders()[options.collection])
            title = header["title"] if title is None else title
            description = str(header["metadata"].get("description", "")) if description is None else description
        catalogue.describe(options.collection, title or "", description or "")


member = Describe()
