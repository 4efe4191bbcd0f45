"""Tables with two columns of text: CSV in its dialects, JSON lines and lists of objects, Parquet and Arrow."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.rewriting.back import BACK
from isogloss.rewriting.file import NOWHERE, PairsFile, Ranges, as_ranges, cut_out
from isogloss.rewriting.reading._cutting import Gathered
from isogloss.rewriting.reading._json import cut_members, members
from isogloss.rewriting.reading.lines import placed_lines
from isogloss.tables.bounded import read_bytes
from isogloss.tables.columns import find_column, is_text, plain_table, told_apart
from isogloss.tables.content import kind_of_content
from isogloss.tables.json_values import table_of
from isogloss.tables.opened import inner_name
from isogloss.tables.separated import careful_rows
from isogloss.tables.table import content_kind, read_table
from isogloss.text.nested import read_json
from isogloss.text.tally import Tally

_NAMED = (  # names that say which is which
    ("source", "target"),
    ("src", "tgt"),
    ("src", "trg"),
    ("original", "translation"),
    ("source_text", "target_text"),
    ("original", "rewritten"),
    ("prompt", "rewritten"),
    ("instruction", "translation"),
    ("text", "translation"),
)
_LONG = 8  # characters of a text, in the mean, that is more than a name
_SAMPLE = 1_000
_MOST_COLUMNS = 100


class Table:
    name, title, files, rows = "table", "a table (CSV, TSV, JSON, Parquet)", 1, "lines"

    def claims(self, heads: Sequence[bytes], names: Sequence[str]) -> bool:
        try:
            return kind_of_content(heads[0], names[0]) != "plain"
        except InvalidValue:
            return False

    def read(self, paths: Sequence[Path], *, source: str, target: str) -> PairsFile:
        """Rows are known by the line they begin on (the names stand on line 1), of Parquet and lists of JSON by their
        number. Raises InvalidValue, NotFound.
        """
        path = paths[0]
        kind = content_kind(path)
        table, numbers, places, tally, told = _TAKES[kind](path)
        names = _columns(table, source, target, path.name)
        others = [one for one in table.column_names if one not in names][:_MOST_COLUMNS]
        gathered = Gathered(others)
        gathered.tally = tally
        tally.read = 0
        texts = [table[name].to_pylist() for name in names]
        values = {name: table[name].to_pylist() for name in others}
        for i, number in enumerate(numbers):
            one, two = (None if texts[side][i] is None else str(texts[side][i]) for side in (0, 1))
            about = {name: "" if some[i] is None else str(some[i]) for name, some in values.items()}
            place = (places[i],) if len(places) else ()
            gathered.take(number, (one, two), *place, told=about, example=f"line {number:,}")
        told |= {"source": names[0], "target": names[1]}
        found = gathered.file(path.stem, self.name, paths, told)
        if found.ranges[0].size and int(found.ranges[0].min()) < 0:
            return PairsFile(found.pairs, found.kind, found.paths, (NOWHERE,), found.told)
        return found

    def without(self, path: Path, ranges: Ranges, dropped: Sequence[int]) -> bytes:
        """Of Parquet and Arrow the same table with fewer rows; of all others the same bytes."""
        kind = content_kind(path)
        if kind in ("parquet", "arrow"):
            table = read_table(path, plain=False).table
            left = sorted(set(range(len(table))) - set(ranges[list(dropped), 0].tolist()))
            return _written(table.take(pa.array(left, pa.int64())), kind)
        data = read_bytes(path)
        if kind == "json" and not _is_lines(data):
            text = data.decode("utf-8")
            return cut_members(text, members(text, deep=False), set(ranges[list(dropped), 0].tolist())).encode("utf-8")
        return cut_out(data, ranges, dropped)


_Taken = tuple[pa.Table, Sequence[int], Sequence[tuple[int, int]], Tally, dict[str, str]]


def _separated(path: Path) -> _Taken:
    rows, found, _, _ = careful_rows(path, None, Path(inner_name(path)).suffix.lower())
    names, _ = told_apart(rows.header)
    columns = list(zip(*rows.body, strict=True)) if rows.body else [() for _ in names]
    table = pa.table([pa.array(list(column), pa.large_string()) for column in columns], names=names)
    lines = placed_lines(read_bytes(path))
    ends = [place for _, place in lines]
    places = [
        (ends[line - 1][0], ends[min(line + rows.tall.get(line, 1) - 2, len(ends) - 1)][1]) for line in rows.lines
    ]
    told = rows.dialect.told() | ({} if found.encoding == "utf-8" else {"encoding": found.encoding})
    return table, rows.lines, places, rows.tally, told


def _is_lines(data: bytes) -> bool:
    """Whether JSON is an object a line; else it is one list."""
    return not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")


def _json(path: Path) -> _Taken:
    data = read_bytes(path)
    tally = Tally()
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    places: list[tuple[int, int]] = []
    if not _is_lines(data):
        try:
            found = members(data.decode("utf-8"), deep=False)
        except (ValueError, RecursionError) as error:
            raise InvalidValue(f"{path.name} is no JSON ({str(error)[:120]})", "give one object a line") from error
        told = [(one.value, (one.start, one.end)) for one in found]
    else:
        told = [(line, place) for line, place in placed_lines(data)]
    for number, (value, place) in enumerate(told, 1):
        if isinstance(value, str):
            try:
                value = read_json(value) if value.strip() else None
            except ValueError:
                tally.skip("row_that_is_no_json", f"line {number:,}")
                continue
        if not isinstance(value, dict):
            tally.skip("blank_row" if value is None else "row_that_is_no_object", f"line {number:,}")
            continue
        rows.append(value)
        numbers.append(number)
        places.append(place)
    tally.read = len(rows)
    levers = dict.fromkeys(("row_that_is_no_json", "row_that_is_no_object"), "give one object a line")
    tally.refuse_above(path.name, levers)
    if not rows:
        raise InvalidValue(f"{path.name} holds no row", "give one object a line")
    return plain_table(table_of(rows)), numbers, places, tally, {}


def _columnar(path: Path) -> _Taken:
    found = read_table(path)
    n = len(found.table)
    return found.table, range(1, n + 1), as_ranges([(i, i) for i in range(n)]).tolist(), found.read, dict(found.told)


_TAKES = {"separated": _separated, "json": _json, "parquet": _columnar, "arrow": _columnar}


def _columns(table: pa.Table, source: str, target: str, file: str) -> tuple[str, str]:
    """The two columns that are meant. Raises InvalidValue where there is doubt, NotFound."""
    names = table.column_names
    first = find_column(names, source, file=file) if source else ""
    second = find_column(names, target, file=file) if target else ""
    if first and second:
        return first, second
    folded = {re.sub(r"[\W_]+", "_", name.casefold()): name for name in names}
    for one, two in _NAMED:
        if one in folded and two in folded and (first or folded[one]) != (second or folded[two]):
            return first or folded[one], second or folded[two]
    free = [name for name in names if name.casefold() != BACK and name not in (first, second)]
    need = 2 - bool(first) - bool(second)
    texts = [name for name in free if _is_prose(table[name])]
    if len(texts) != need and len(letters := [name for name in free if _is_letters(table[name])]) == need:
        texts = letters
    if len(texts) != need:
        told = ", ".join(names)[:160]
        raise InvalidValue(
            f"{file} has {len(texts)} columns that may be meant, of {told}",
            "name the columns of the source and of the target",
        )
    return first or texts.pop(0), second or texts.pop(0)


def _is_letters(column: pa.ChunkedArray) -> bool:
    """Texts with letters in them, which numbers and dates have not."""
    if not is_text(column.type):
        return False
    values = [one for one in column.slice(0, _SAMPLE).to_pylist() if one and one.strip()]
    return any(letter.isalpha() for one in values for letter in one)


def _is_prose(column: pa.ChunkedArray) -> bool:
    """Texts that are longer than names, most of them of their own."""
    if not is_text(column.type):
        return False
    values = [one for one in column.slice(0, _SAMPLE).to_pylist() if one and one.strip()]
    if not values or 2 * len(set(values)) < len(values):
        return False
    return sum(map(len, values)) >= _LONG * len(values) and not all(one.replace(".", "").isdigit() for one in values)


def _written(table: pa.Table, kind: str) -> bytes:
    import pyarrow.parquet as pq

    out = io.BytesIO()
    if kind == "parquet":
        pq.write_table(table, out)
    else:
        with pa.ipc.new_file(out, table.schema) as writer:
            writer.write_table(table)
    return out.getvalue()


member = Table()
