"""isogloss cases sheet."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.cli.command import Command, Report, warn
from isogloss.errors import InvalidValue
from isogloss.notebook.coding.rows import take_rows
from isogloss.notebook.coding.sheet import sheet
from isogloss.notebook.coding.taxonomy import Taxonomy
from isogloss.tables.bounded import read_bytes
from isogloss.text.nested import read_json
from isogloss.workspace.folders import fresh_file

_NAMED = 5
_MOST_BYTES = 4 << 20


class SheetOfCases(Command):
    help = "write one HTML file in which a coder codes drawn cases offline"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what `cases draw` wrote")
        parser.add_argument("--coder", required=True, metavar="NAME")
        parser.add_argument("--taxonomy", type=Path, metavar="T.json", help="default: the shipped one")
        parser.add_argument("--hide", action="append", default=[], metavar="COLUMN", help="leave out this one too")
        parser.add_argument("--out", type=Path, required=True, metavar="F.html")

    def run(self, options: argparse.Namespace) -> Report:
        rows, tally = take_rows(options.file)
        taxonomy = _taxonomy(options.taxonomy) if options.taxonomy else None
        found = sheet(rows, options.coder, taxonomy=taxonomy, hide=options.hide)
        with fresh_file(options.out) as made:
            made.write_text(found.html, encoding="utf-8")
        value = {
            "n": len(rows),
            "draw": found.draw,
            "coder": options.coder,
            "left_out": list(found.blind.left_out),
            "named": list(found.blind.named),
            "file": tally.as_json(),
        }
        lines = [f"{options.out}: {len(rows):,} cases for {options.coder}"]
        if found.blind.left_out:
            lines.append(f"left out: {', '.join(found.blind.left_out)}")
        if found.blind.named:
            shown = ", ".join(found.blind.named[:_NAMED])
            warn(f"{len(found.blind.named):,} cases show the name of a system in their text ({shown}): see --hide")
        if tally.skipped or tally.left_out:
            lines.append(f"{options.file.name}: {tally.sentence()}")
        return Report(value, lines)


def _taxonomy(path: Path) -> Taxonomy:
    try:
        return Taxonomy.from_json(read_json(read_bytes(path, most=_MOST_BYTES)))
    except ValueError as error:
        raise InvalidValue(f"{path.name} is no JSON", "give a taxonomy that was exported") from error


member = SheetOfCases()
