"""isogloss scripts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from isogloss.cli.command import SEEDS, Command, Report, number, whole, workspace_of
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
        parser.add_argument("--remove", choices=REMOVALS.names, default="none", help="take the groups' part out first")
        parser.add_argument(
            "--rank", type=whole(), help="directions taken out (default: groups − 1 for lsar, 1 for lir)"
        )
        parser.add_argument(
            "--seed", type=whole(*SEEDS), default=0, help="of the two halves, the nulls and the intervals"
        )
        parser.add_argument("--store", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)  # what is shipped

    def run(self, options: argparse.Namespace) -> Report:
        space = space_of(options)
        store = DerivedStore(options.store) if options.store else workspace_of(options).derived(options.collection)
        found = kept_report(space, store, by=options.by, removal=options.remove, rank=options.rank, seed=options.seed)
        value = {
            "space": space.name,
            "by": options.by,
            "groups": [{"name": name, "n": n} for name, n in found.groups],
            **{name: number(found[name].value) for name in FIGURES},
            "null": {
                name: {"mean": number(one.mean), "p95": number(one.p95), "p_value": number(one.p)}
                for name, one in found.known_nulls.items()
            },
            "ci": {name: [number(low), number(high)] for name, (low, high) in found.known_intervals.items()},
            "removal": options.remove,
        }
        return Report(value, _lines(space.name, found))


def _lines(name: str, found: Found) -> Iterator[str]:
    yield f"{name}: {found.n:,} items in {len(found.groups)} groups, the half on which nothing was fitted"
    for figure in FIGURES:
        one = found[figure]
        interval = "" if one.interval is None else " ({:.3f} to {:.3f})".format(*one.interval)
        shuffled = "" if one.null is None else f"; shuffled {one.null.mean:.3f}, p {one.null.p:.3f}"
        yield f"    {figure:22} {one.value:6.3f}{interval}{shuffled}"


member = Scripts()
