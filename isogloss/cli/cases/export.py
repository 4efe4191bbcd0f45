"""isogloss cases export."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.cli.cases._ledger import add_wanted, chosen
from isogloss.cli.command import Command, Report
from isogloss.errors import InvalidValue
from isogloss.notebook.files import FORMATS


class Export(Command):
    help = "write cases to a file"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("ids", nargs="*", metavar="ID", help="default: all")
        parser.add_argument("--format", choices=tuple(FORMATS), help="default: by the ending of the file")
        add_wanted(parser)

    def run(self, options: argparse.Namespace) -> Report:
        form = options.format or options.file.suffix.removeprefix(".").lower()
        if form not in FORMATS:
            raise InvalidValue(f"{options.file.name[:80]!r} says no format", f"--format {'|'.join(FORMATS)}")
        cases = chosen(options)
        text = FORMATS[form][2](cases)
        beside = options.file.with_name(f".{options.file.name}.writing")
        try:
            beside.write_text(text, encoding="utf-8", newline="")
            beside.replace(options.file)
        finally:
            beside.unlink(missing_ok=True)
        told = {"file": str(options.file), "format": form, "cases": len(cases)}
        return Report(told, [f"{len(cases):,} cases written to {options.file}"])


member = Export()
