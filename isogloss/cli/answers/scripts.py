"""isogloss scripts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from isogloss.cli.command import Command, Report, number, workspace_of
from isogloss.cli.groups import add_groups, space_of
from isogloss.separation.removal import REMOVALS
from isogloss.separation.report import FIGURES, kept_report
from isogloss.separation.report import Report as Found
from isogloss.workspace.derived import DerivedStore


class Scripts(Command):
    help = "how far the scripts or languages of a space lie apart"
    json = False  # it stands among the arguments about groups

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add_groups(parser)
        parser.add_argument("--remove", choices=REMOVALS, default="none", help="take the groups' part out first")
        parser.add_argument("--rank", type=int, help="directions taken out (default: groups − 1 for lsar, 1 for lir)")
        parser.add_argument("--seed", type=int, default=0, help="of the two halves, the nulls and the intervals")
        parser.add_argument("--store", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)  # what is shipped

    def run(self, options: argparse.Namespace) -> Report:
        space = space_of(options)
        store = DerivedStore(options.store) if options.store else workspace_of(options).derived(options.collection)
        found = kept_report(space, store, options.by, options.remove, options.rank, options.seed)
        value = {
            "space": space.name,
            "by": options.by,
            "groups": [{"name": name, "n": n} for name, n in found.groups],
            **{name: number(found.values[name]) for name in FIGURES},
            "null": {
                name: {"mean": number(one.mean), "p95": number(one.p95), "p_value": number(one.p_value)}
                for name, one in found.null.items()
            },
            "ci": {name: [number(low), number(high)] for name, (low, high) in found.ci.items()},
            "removal": options.remove,
        }
        return Report(value, _lines(space.name, found))


def _lines(name: str, found: Found) -> Iterator[str]:
    yield f"{name}: {found.n:,} items in {len(found.groups)} groups, the half on which nothing was fitted"
    for figure in FIGURES:
        interval = " ({:.3f} to {:.3f})".format(*found.ci[figure]) if figure in found.ci else ""
        null = found.null.get(figure)
        shuffled = "" if null is None else f"; shuffled {null.mean:.3f}, p {null.p_value:.3f}"
        yield f"    {figure:22} {found.values[figure]:6.3f}{interval}{shuffled}"


member = Scripts()
