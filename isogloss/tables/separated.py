"""Tables of cells: CSV and its many dialects, TSV. Arrow reads what is plain; what is not is read row by row."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from isogloss.tables.bounded import Bounded, Doubt, Plain, read_bytes
from isogloss.tables.columns import blank_is_null, told_apart
from isogloss.tables.dialect import Dialect, dialect_of
from isogloss.tables.encodings import Decoded, decoded, head_encoding, head_text
from isogloss.tables.opened import opened
from isogloss.tables.read import TableRead
from isogloss.tables.rows import LEVERS, Rows, between_tabs, is_data
from isogloss.text.tally import Tally

_BLOCK = 1 << 26  # bytes; one CSV row fits in it


def read_separated(path: Path, head: bytes, ending: str, *, part: str | None = None, whole: bool) -> TableRead:
    """A table of cells; rows that are short, long, blank or not of the file's encoding are skipped and counted.

    head: the first bytes; whole: they are all there are. A row that is too long because its one column of prose holds
    the delimiter without quotation marks is read whole. Between tabs a quotation mark is a letter, unless all of them
    stand around cells and the rows come out alike only so. Raises InvalidValue: for more odd rows than one in a
    hundred, naming the first lines, and for a quotation mark that is never closed, naming the line where it opens.
    """
    dialect = dialect_of(head_text(head), ending, whole=whole)
    try:
        return _plain(path, part, head, dialect)
    except (Doubt, pa.ArrowInvalid):
        return _careful(path, part, ending)


def _plain(path: Path, part: str | None, head: bytes, dialect: Dialect) -> TableRead:
    """What Arrow reads. Raises Doubt or ArrowInvalid where that is not sure to be right."""
    encoding = head_encoding(head)
    text = head_text(head)[dialect.skip :]
    header: list[str] = next(dialect.reader(io.StringIO(text, newline="")), [])
    line = text[: text.find("\n") + 1]
    if "\r" in head_text(head)[: dialect.skip].replace("\r\n", ""):
        raise Doubt
    if dialect.spaced or not any(map(str.strip, header)) or not line or "\r" in line.removesuffix("\r\n"):
        raise Doubt
    if dialect.quoted and not dialect.conforms(line):
        raise Doubt  # a name over several lines
    if dialect.escape:
        raise Doubt
    nameless = is_data(header)
    if nameless:
        header = [""] * len(header)
    names, renamed = told_apart(header)
    lead = head_text(head)[: dialect.skip].splitlines()
    before = len(lead)
    with opened(path, part) as packed:
        bounded = Bounded(packed, part or path.name)
        end = b"\r\n" if line.endswith("\r\n") else b"\n"
        stream = Plain(bounded, dialect.delimiter, quoted=dialect.quoted, encoding=encoding, end=end)
        table = _arrow(stream, names, dialect, skip=before + (not nameless))
    if _too_big(table):
        raise Doubt
    tally = Tally()
    table = _without_blank_rows(table, tally)
    if blank := stream.blank - lead.count(""):
        tally.skip("blank_row", n=blank)
    tally.read = len(table)
    table = _without_empty_columns(table, header, tally)
    return TableRead(table, tally, _told(dialect, encoding, renamed) | _told_names(header, before, sep=dialect.sep))


def _arrow(stream: Any, names: list[str], dialect: Dialect, *, skip: int, texts: Sequence[str] = ()) -> pa.Table:
    from pyarrow import csv as arrow_csv

    table = arrow_csv.read_csv(
        pa.PythonFile(stream, "r"),
        read_options=arrow_csv.ReadOptions(block_size=_BLOCK, column_names=names, skip_rows=skip),
        parse_options=arrow_csv.ParseOptions(
            delimiter=dialect.delimiter, quote_char='"' if dialect.quoted else False, newlines_in_values=dialect.quoted
        ),
        convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(texts, pa.string())),
    )
    return blank_is_null(table)


def _too_big(table: pa.Table) -> list[str]:
    """Columns of whole numbers that are too big to be held exactly: they are names, and are kept as texts."""
    found = []
    for field in table.schema:
        if pa.types.is_floating(field.type):
            most = pc.max(pc.abs(table[field.name])).as_py()
            if most is not None and 2.0**63 <= most < math.inf:
                found.append(field.name)
    return found


def _without_blank_rows(table: pa.Table, tally: Tally) -> pa.Table:
    """Rows of nothing but empty cells are left out, as blank lines are."""
    if not table.num_columns or not len(table) or not all(column.null_count for column in table.columns):
        return table
    blank = pc.is_null(table.column(0))
    for column in table.columns[1:]:
        blank = pc.and_(blank, pc.is_null(column))
    n = int(pc.sum(blank).as_py() or 0)
    if n:
        tally.skip("blank_row", n=n)
        table = table.filter(pc.invert(blank))
    return table


def _without_empty_columns(table: pa.Table, header: list[str], tally: Tally) -> pa.Table:
    """Columns without a name and without a value, which Excel leaves at the right, are left out and named."""
    for name, given in zip(list(table.column_names), header, strict=False):
        if not given.strip() and table[name].null_count == len(table):
            table = table.drop_columns([name])
            tally.leave_out(name, "an empty column")
    return table


def _told(dialect: Dialect, encoding: str | None, renamed: dict[str, str]) -> dict[str, str]:
    told = dialect.told()
    if encoding and encoding != "utf-8":
        told["encoding"] = encoding
    if renamed:
        told["renamed"] = ", ".join(f"{old!r} is {new!r}" for old, new in renamed.items())
    return told


def _told_names(header: list[str], before: int, *, sep: bool) -> dict[str, str]:
    """What stands in place of names, or before them."""
    told = {} if any(map(str.strip, header)) else {"names": "none, so the columns are numbered"}
    if before > sep:
        told["before_the_names"] = f"{before - sep:,} line{'s' * (before - sep > 1)} left out"
    return told


def careful_rows(path: Path, part: str | None, ending: str) -> tuple[Rows, Decoded, Dialect, int]:
    """The rows of a table read one by one, with their lines; the decoded text, the dialect, and the line of the names.
    Raises InvalidValue.
    """
    name = part or path.name
    found = decoded(read_bytes(path, part=part))
    dialect = dialect_of(found.text[: 1 << 20], ending, whole=len(found.text) <= 1 << 20)
    text = found.text.removeprefix("\ufeff")[dialect.skip :]
    first = 1 + len(re.findall(r"\r\n|\n|\r", found.text.removeprefix("\ufeff")[: dialect.skip]))
    if dialect.delimiter == "\t":
        rows = between_tabs(name, dialect, first, text)
    else:
        rows = Rows(name, dialect, first)
        rows.take(text)
    rows.tally.refuse_above(name, LEVERS)
    return rows, found, dialect, first


def _careful(path: Path, part: str | None, ending: str) -> TableRead:
    rows, found, dialect, first = careful_rows(path, part, ending)
    header, body = rows.header, rows.body
    names, renamed = told_apart(header)
    data = _quoted(body)
    empty = pa.table({name: pa.array([], pa.string()) for name in names})
    table = _arrow(data, names, Dialect(","), skip=0) if body else empty
    if big := _too_big(table):
        data.seek(0)
        table = _arrow(data, names, Dialect(","), skip=0, texts=big)
    table = _without_empty_columns(table, header, rows.tally)
    told = _told(rows.dialect, found.encoding, renamed) | _told_names(header, first - 1, sep=dialect.sep)
    if rows.joined:
        told["joined"] = f"{rows.joined:,} rows whose text holds the delimiter without quotation marks"
    return TableRead(table, rows.tally, told)


def _quoted(body: list[list[str]]) -> io.BytesIO:
    """Rows as CSV with every cell quoted, three times as fast as csv.writer: Arrow finds out what the columns are."""
    out = io.BytesIO()
    for row in body:
        line = '","'.join([cell.replace('"', '""') if '"' in cell else cell for cell in row])
        out.write(f'"{line}"\n'.encode("utf-8", "replace"))
    out.seek(0)
    return out
