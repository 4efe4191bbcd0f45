"""isogloss pack."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.cli.command import Command, Report, workspace_of
from isogloss.workspace.catalogue import Catalogue


class Pack(Command):
    help = "write a collection as one .zip"
    json = False

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("out", type=Path, metavar="OUT.zip")

    def run(self, options: argparse.Namespace) -> Report:
        n = Catalogue(workspace_of(options)).pack(options.collection, options.out)
        return Report(n, [f"{options.out}: {n:,} bytes"])


member = Pack()
