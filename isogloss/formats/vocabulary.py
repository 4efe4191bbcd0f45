"""The names of rows that stand in a file of their own: one a line, with counts, or a table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.formats.chosen import Candidate, Chosen, one_of, shown
from isogloss.formats.columns import item_columns
from isogloss.tables.bounded import read_bytes
from isogloss.tables.encodings import decoded

_COUNTED = re.compile(r"(.*\S)[ \t]+(\d{1,15})")


@dataclass(frozen=True)
class Names:
    """items: a name for each row. columns: what else the file says of each. said: how it was read.

    candidates: the columns that could have been the names.
    """

    items: list[str]
    columns: dict[str, list[object]] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    def slice(self, begin: int, end: int) -> tuple[list[str], dict[str, list[object]]]:
        """The names of some rows and what is known of them."""
        return self.items[begin:end], {name: values[begin:end] for name, values in self.columns.items()}


def read_names(path: Path, rows: int | None = None, chosen: Chosen | None = None) -> Names:
    """The names in a file. rows: how many there have to be, where that is known: it tells a heading from a name.

    Raises InvalidValue, naming both numbers where they disagree.
    """
    chosen = chosen or Chosen()
    text = decoded(read_bytes(path)).text.removeprefix("\ufeff")
    lines = re.split(r"\r\n|\n|\r", text)
    if lines and not lines[-1]:  # the end of the last line
        lines.pop()
    while rows is not None and len(lines) > rows and not lines[-1].strip():
        lines.pop()
    if lines and any("\t" in line for line in lines[:2]):
        found = _table(lines, rows, chosen, path)
    else:
        found = _plain(lines, rows, path)
    if rows is not None and len(found.items) != rows:
        raise InvalidValue(
            f"{path.name} has {len(found.items):,} names and there are {rows:,} rows", "give the pair of files"
        )
    return found


def _plain(lines: list[str], rows: int | None, path: Path) -> Names:
    said = []
    if rows is not None and len(lines) == rows + 1:
        said.append(f"the first line of {path.name}, {lines[0][:40]!r}, is its heading")
        lines = lines[1:]
    if len(lines) > 1 and all(len(line) > 1 and line[0] == line[-1] == '"' for line in lines):
        lines = [line[1:-1].replace('""', '"') for line in lines]
    counted = [_COUNTED.fullmatch(line) for line in lines]
    if len(lines) > 2 and all(counted) and len({match[1] for match in counted if match}) == len(lines):
        return Names(
            [match[1] for match in counted if match],
            {"count": [int(match[2]) for match in counted if match]},
            (*said, f"the numbers of {path.name} are taken for counts"),
        )
    return Names(lines, said=tuple(said))


def _table(lines: list[str], rows: int | None, chosen: Chosen, path: Path) -> Names:
    cells = [line.split("\t") for line in lines]
    width = max(map(len, cells))
    cells = [row + [""] * (width - len(row)) for row in cells]
    header = rows is None or len(cells) == rows + 1
    names = cells[0] if header else [f"column {i}" for i in range(1, width + 1)]
    names = [name.strip() or f"column {i}" for i, name in enumerate(names, 1)]
    body = cells[1:] if header else cells
    table = pa.table([pa.array([row[i] for row in body], pa.string()) for i in range(width)], names=names)
    numeric = [name for name in names if all(v.isdigit() for v in table[name].to_pylist())] if len(table) else []
    order = [name for name in item_columns(table, ()) if name not in numeric] or names
    order += [name for name in names if name not in order]
    item = (
        one_of(chosen.item, names, file=path.name, what="column", option="--item-column") if chosen.item else order[0]
    )
    columns: dict[str, list[object]] = {
        name: [int(v) for v in table[name].to_pylist()] if name in numeric else table[name].to_pylist()
        for name in names
        if name != item
    }
    if not header and len(numeric) == 1:
        columns = {"count" if name in numeric else name: values for name, values in columns.items()}
    found = [Candidate("item", name, shown(table[name].slice(0, 3).to_pylist()), name == item) for name in order]
    return Names(table[item].to_pylist(), columns, candidates=tuple(found))
