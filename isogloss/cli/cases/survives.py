"""isogloss cases survives."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from isogloss.cli.asked import asking
from isogloss.cli.cases._ledger import ledger_of
from isogloss.cli.command import Command, Report, workspace_of
from isogloss.cli.progress import Shared
from isogloss.notebook.figures import Survival
from isogloss.notebook.survives import survives, with_survival
from isogloss.workspace.access import read_only

_WORDS = {True: "stands", False: "falls", None: "not computed"}


class Survives(Command):
    help = "run a case again with other seeds, k, measures or retrievals: how often its finding stands; kept with it"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("id", help="or its first letters")

    def run(self, options: argparse.Namespace) -> Report:
        ledger = ledger_of(options)
        case = ledger.get(options.id)
        found = survives(case, asking(workspace_of(options)), progress=Shared())
        if not read_only():
            ledger.put(with_survival(case, found), "what survives of")
        return Report(found.as_json(), _lines(found))


def _lines(found: Survival) -> Iterator[str]:
    yield f"{found.sentence()}. It stands where: {found.rule}"
    for one in found.variations:
        yield f"    {_WORDS[one.stands]:12} {one.what}" + (f": {one.why}" if one.why else "")


member = Survives()
