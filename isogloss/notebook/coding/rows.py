"""Rows of cases in a file: JSON lines as they are, and tables of any kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from isogloss.errors import InvalidValue
from isogloss.outside.looking import look
from isogloss.tables.bounded import read_bytes
from isogloss.tables.encodings import decoded
from isogloss.tables.opened import inner_name
from isogloss.tables.table import read_table
from isogloss.text.nested import read_json
from isogloss.text.tally import Tally
from isogloss.workspace.folders import fresh_file

_LINES = (".jsonl", ".ndjson")
_MOST_BYTES = 1 << 30
_LEVERS = {
    "line_that_is_no_json": "write one JSON object a line",
    "line_that_is_no_object": "write one JSON object a line",
}
Row = dict[str, Any]


def read_rows(path: Path) -> tuple[list[Row], Tally]:
    """Cases by their columns. Objects within JSON lines stay whole; other files are read as tables.

    Raises NotFound, InvalidValue naming the file, also for lines that are no JSON, where they are many.
    """
    if Path(inner_name(path)).suffix.lower() not in _LINES or path.is_dir():
        found = read_table(path)
        return found.table.to_pylist(), found.read
    rows: list[Row] = []
    tally = Tally()
    text = decoded(read_bytes(path, most=_MOST_BYTES)).text
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            one = read_json(line)
        except ValueError:
            tally.skip("line_that_is_no_json", f"line {number:,}")
            continue
        if isinstance(one, dict):
            rows.append(one)
        else:
            tally.skip("line_that_is_no_object", f"line {number:,}")
    tally.read = len(rows)
    tally.refuse_above(path.name, _LEVERS)
    if not rows:
        raise InvalidValue(f"{path.name} holds no case", "give a file with one JSON object a line")
    return rows, tally


def take_rows(path: Path) -> tuple[list[Row], Tally]:
    """`read_rows` in a process beside this one."""
    text, tally = look(_as_text, path, kinds=(Tally,))
    return json.loads(text), tally


def _as_text(path: Path) -> tuple[str, Tally]:
    rows, tally = read_rows(path)
    return json.dumps(rows, default=str), tally


def write_rows(rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """JSON lines, as a whole. Raises OSError."""
    with fresh_file(path) as made:
        lines = (json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
        made.write_bytes("".join(lines).encode("utf-8", "replace"))
