"""isogloss export."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.cli.command import Command, Report, workspace_of
from isogloss.formats.format import writable
from isogloss.formats.writing import export_space


class Export(Command):
    help = "write a space in the format of another tool"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("space")
        parser.add_argument("--format", required=True, choices=tuple(writable()))
        parser.add_argument("out", type=Path, metavar="OUT")

    def run(self, options: argparse.Namespace) -> Report:
        space = workspace_of(options).open(options.collection)[options.space]
        files = [str(f) for f in export_space(space, options.format, options.out)]
        return Report({"space": space.name, "items": len(space), "dim": space.dim, "files": files}, files)


member = Export()
