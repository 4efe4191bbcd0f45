"""isogloss cases show."""

from __future__ import annotations

import argparse

from isogloss.cli.cases._ledger import ledger_of
from isogloss.cli.command import Command, Report
from isogloss.notebook.report import to_markdown


class Show(Command):
    help = "one case with its evidence"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("id", help="or its first letters")

    def run(self, options: argparse.Namespace) -> Report:
        case = ledger_of(options).get(options.id)
        return Report(case.as_json(), to_markdown([case]).splitlines()[2:])


member = Show()
