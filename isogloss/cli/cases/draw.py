"""isogloss cases draw."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.cli.command import MOST, SEEDS, Command, Report, whole
from isogloss.notebook.coding.draw import draw
from isogloss.notebook.coding.rows import take_rows, write_rows


class DrawCases(Command):
    help = "draw cases to be coded, each with its probability"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="cases: JSON lines, or a table of any kind")
        parser.add_argument("--n", type=whole(1, MOST), required=True, metavar="N")
        parser.add_argument("--by", metavar="COLUMN", help="as many of each of its values, as far as there are")
        parser.add_argument("--seed", type=whole(*SEEDS), default=0, metavar="S")
        parser.add_argument("--out", type=Path, required=True, metavar="F.jsonl")

    def run(self, options: argparse.Namespace) -> Report:
        rows, tally = take_rows(options.file)
        found = draw(rows, options.n, by=options.by, seed=options.seed)
        write_rows(found.rows, options.out)
        strata = [
            {"stratum": one.name, "n": one.n, "of": one.of, "probability": one.probability} for one in found.strata
        ]
        value = {
            "n": len(found.rows),
            "of": found.of,
            "draw": found.key,
            "seed": options.seed,
            "strata": strata,
            "file": tally.as_json(),
        }
        lines = [f"{options.out}: {len(found.rows):,} of {found.of:,} cases, draw {found.key}"]
        lines += [f"  {one.name or 'all'}: {one.n:,} of {one.of:,}, π = {one.probability:.4f}" for one in found.strata]
        if tally.skipped or tally.left_out:
            lines.append(f"{options.file.name}: {tally.sentence()}")
        return Report(value, lines)


member = DrawCases()
