"""isogloss find-slices."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from isogloss.cli.command import MOST, Command, Report, number, whole
from isogloss.notebook.rules import Errors, errors_of
from isogloss.notebook.slices import Slices, find_slices
from isogloss.tables.columns import find_column
from isogloss.tables.table import take_table


class FindSlices(Command):
    help = "rules whose rows hold more errors than the others"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, TSV, JSON lines, Parquet …")
        parser.add_argument("--errors", required=True, metavar="COLUMN", help="of 0 and 1; 1 is an error")
        parser.add_argument("--columns", metavar="A,B", default="", help="look at these alone")
        parser.add_argument("--within", metavar="COLUMN", default="", help="permute errors among its values")
        parser.add_argument("--support", type=whole(1, MOST), metavar="N", help="rows a rule needs (default: 1 %%, 10)")

    def run(self, options: argparse.Namespace) -> Report:
        read = take_table(options.file)
        name = find_column(read.table.column_names, options.errors, file=options.file.name)
        errors = errors_of(read.table, name)
        table = errors.table.drop_columns([name])

        def column(asked: str) -> str:
            return find_column(table.column_names, asked, file=options.file.name)

        found = find_slices(
            table,
            errors.mask,
            columns=[column(one.strip()) for one in options.columns.split(",") if one.strip()],
            within=column(options.within) if options.within else "",
            support=options.support,
        )
        value = [
            {
                "rule": one.rule.text,
                "n": one.figure.n,
                "rate": number(one.figure.value),
                "low": number(one.figure.interval[0] if one.figure.interval else float("nan")),
                "high": number(one.figure.interval[1] if one.figure.interval else float("nan")),
                "q_value": float(f"{one.q:.6g}"),
            }
            for one in found.found
        ]
        return Report(value, _lines(found, errors, read.sentence()))


def _lines(found: Slices, errors: Errors, read: str) -> Iterator[str]:
    yield read
    if errors.unknown:
        yield f"{errors.unknown:,} rows say neither error nor none, and are left out"
    yield found.sentence()
    for one in found.found:
        more = f"; {one.alike:,} rules more say the same" if one.alike else ""
        yield f"{one.rule.text}: {one.figure!r}; the rest {one.rest:.2f}; q = {one.q:.2g}{more}"
    for name, why in found.tally.left_out.items():
        yield f"left out: {name} ({why})"


member = FindSlices()
