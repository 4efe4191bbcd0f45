"""isogloss cases import."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.cli.cases._ledger import ledger_of
from isogloss.cli.command import Command, Report
from isogloss.notebook.files import take_in


class Import(Command):
    help = "take in cases that were exported as JSON lines"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def run(self, options: argparse.Namespace) -> Report:
        ledger = ledger_of(options, write=True)
        options.file.stat()  # raises where there is none
        tally = take_in(ledger, options.file)
        return Report(tally.as_json(), [f"cases: {tally.sentence()}"])


member = Import()
