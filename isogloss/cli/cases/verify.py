"""isogloss cases verify."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from isogloss.cli.asked import asking
from isogloss.cli.cases._ledger import add_wanted, chosen
from isogloss.cli.command import Command, Report, workspace_of
from isogloss.cli.progress import Shared
from isogloss.notebook.case import Case
from isogloss.notebook.replay import Verdict, verify


class Verify(Command):
    help = "run the commands of cases again: which hold, which changed, for which something is missing"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", metavar="ID", help="default: all")
        add_wanted(parser)

    def run(self, options: argparse.Namespace) -> Report:
        cases, workspace, progress = chosen(options), workspace_of(options), Shared()
        run, found = asking(workspace), []
        for number, case in enumerate(cases):
            progress(f"checking {number + 1:,} of {len(cases):,} cases", number / len(cases))
            found.append(verify(case, run, workspace=workspace))
        return Report([one.as_json() for one in found], _lines(cases, found))


def _lines(cases: Sequence[Case], found: Sequence[Verdict]) -> Iterator[str]:
    for case, one in zip(cases, found, strict=True):
        yield f"{one.verdict:8} {case.id[:8]} {case.title}" + (f": {one.why}" if one.why else "")
    words = ("holds", "changed", "missing")
    holds, changed, missing = (sum(one.verdict == word for one in found) for word in words)
    yield f"{len(found):,} cases: {holds:,} hold, {changed:,} changed, for {missing:,} something is missing"


member = Verify()
