"""isogloss cases list."""

from __future__ import annotations

import argparse

from isogloss.cli.cases._ledger import add_wanted, ledger_of, line, wanted_of
from isogloss.cli.command import Command, Report, whole


class List(Command):
    help = "list the cases of the notebook"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add_wanted(parser)
        parser.add_argument("--limit", type=whole(1), default=1_000, metavar="N")

    def run(self, options: argparse.Namespace) -> Report:
        ledger, wanted = ledger_of(options), wanted_of(options)
        found = ledger.cases(wanted, sort=options.sort, limit=options.limit)
        rows = [
            {
                **{key: getattr(case, key) for key in ("id", "created", "title", "how", "comment")},
                **{"page": case.view.page, "link": case.view.link, "tags": list(case.tags)},
                "figures": {one.name: one.value for one in case.figures},
            }
            for case in found
        ]
        n = ledger.count(wanted)
        more = [f"… and {n - len(found):,} more: --limit shows them"] if n > len(found) else []
        none = ["there are no such cases: isogloss cases keep LINK keeps one"] if not found else []
        return Report(rows, [*map(line, found), *more, *none])


member = List()
