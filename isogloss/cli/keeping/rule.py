"""isogloss rule."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.cli.command import SEEDS, Command, Report, number, whole
from isogloss.notebook.rules import Rule, applied, errors_of, rate
from isogloss.tables.columns import find_column
from isogloss.tables.table import take_table


class RuleOfRows(Command):
    help = "how many rows a rule is true of, and how many of them are errors"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("rule", metavar="RULE", help="as in: \"script = 'Cyrl' and rank > 10\"")
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, TSV, JSON lines, Parquet …")
        parser.add_argument("--errors", metavar="COLUMN", help="of 0 and 1; 1 is an error")
        parser.add_argument("--seed", type=whole(*SEEDS), default=0, metavar="S", help="of the shuffles")

    def run(self, options: argparse.Namespace) -> Report:
        rule = Rule(options.rule)
        rule.tree  # noqa: B018 - what is no rule is said before a file is read
        read = take_table(options.file)
        table, lines = read.table, [read.sentence()]
        errors = None
        if options.errors:
            errors = errors_of(table, find_column(table.column_names, options.errors, file=options.file.name))
            table = errors.table
            if errors.unknown:
                lines.append(f"{errors.unknown:,} rows say neither error nor none, and are left out")
        found = applied(rule, table)
        unknown = int(found.unknown.sum())
        value = {"rule": rule.text, "n": found.n, "of": table.num_rows, "unknown": unknown}
        lines.append(f"true of {found.n:,} of {table.num_rows:,} rows")
        if unknown:
            lines.append(f"{unknown:,} rows lack a value that it asks for, and are not among them")
        if errors is not None:
            figure = rate(rule, table, errors.mask, seed=options.seed)
            low, high = figure.interval or (float("nan"), float("nan"))
            null = figure.null
            value |= {
                "rate": number(figure.value),
                "low": number(low),
                "high": number(high),
                "null_p95": number(null.p95) if null else None,
                "p": number(null.p) if null else None,
            }
            lines.append(f"errors among them: {figure!r}" + (f", p = {null.p:.2g}" if null else ""))
        return Report(value, lines)


member = RuleOfRows()
