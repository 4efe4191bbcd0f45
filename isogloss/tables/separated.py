"""Tables of cells: CSV and its many dialects, TSV. Arrow reads what is plain; what is not is read row by row."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from isogloss.errors import InvalidValue
from isogloss.tables.bounded import Bounded, Doubt, Plain, read_bytes
from isogloss.tables.columns import blank_is_null, told_apart
from isogloss.tables.content import SEPARATED
from isogloss.tables.dialect import NONE, Dialect, dialect_of
from isogloss.tables.encodings import decoded, head_encoding, head_text
from isogloss.tables.opened import opened
from isogloss.tables.read import TableRead
from isogloss.text.tally import SHARE, Tally

_BLOCK = 1 << 26  # bytes; one CSV row fits in it
_LEVERS = {
    "short_row": "give every row as many cells as the header",
    "long_row": "put quotation marks around texts that hold the delimiter",
    "not_utf8": "convert it to UTF-8",
}
_ENOUGH = 3  # rows before the same oddity of all of them is taken for their form
_WORDY = 20  # letters that a text has more than a name


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
    if dialect.spaced or not any(map(str.strip, header)) or not line or "\r" in line.removesuffix("\r\n"):
        raise Doubt
    if dialect.quoted and not dialect.conforms(line):
        raise Doubt  # a name over several lines
    if dialect.escape:
        raise Doubt
    names, renamed = told_apart(header)
    with opened(path, part) as packed:
        bounded = Bounded(packed, part or path.name)
        end = b"\r\n" if line.endswith("\r\n") else b"\n"
        stream = Plain(bounded, dialect.delimiter, quoted=dialect.quoted, encoding=encoding, end=end)
        table = _arrow(stream, names, dialect, skip=1 + bool(dialect.skip))
    tally = Tally()
    table = _without_blank_rows(table, tally)
    if stream.blank:
        tally.skip("blank_row", n=stream.blank)
    tally.read = len(table)
    table = _without_empty_columns(table, header, tally)
    return TableRead(table, tally, _told(dialect, encoding, renamed))


def _arrow(stream: Any, names: list[str], dialect: Dialect, *, skip: int) -> pa.Table:
    from pyarrow import csv as arrow_csv

    table = arrow_csv.read_csv(
        pa.PythonFile(stream, "r"),
        read_options=arrow_csv.ReadOptions(block_size=_BLOCK, column_names=names, skip_rows=skip),
        parse_options=arrow_csv.ParseOptions(
            delimiter=dialect.delimiter, quote_char='"' if dialect.quoted else False, newlines_in_values=dialect.quoted
        ),
    )
    return blank_is_null(table)


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


def _careful(path: Path, part: str | None, ending: str) -> TableRead:
    name = part or path.name
    found = decoded(read_bytes(path, part=part))
    dialect = dialect_of(found.text[: 1 << 20], ending, whole=len(found.text) <= 1 << 20)
    text = found.text.removeprefix("\ufeff")[dialect.skip :]
    first = 1 + bool(dialect.skip)
    rows = _Rows(name, dialect, first)
    if dialect.delimiter == "\t":
        rows = _between_tabs(name, dialect, first, text)
    else:
        rows.take(text)
    rows.tally.refuse_above(name, _LEVERS)
    header, body = rows.shaped()
    names, renamed = told_apart(header)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([names, *body])
    data = out.getvalue().encode("utf-8", "replace")
    table = _arrow(io.BytesIO(data), names, Dialect(","), skip=_lines_of(names))
    if len(table) < len(body):  # a column of empty texts
        raise InvalidValue(f"{name} holds rows without a value", "leave them out")
    rows.tally.read = len(table)
    table = _without_empty_columns(table, header, rows.tally)
    told = _told(rows.dialect, found.encoding, renamed)
    if rows.joined:
        told["joined"] = f"{rows.joined:,} rows whose text holds the delimiter without quotation marks"
    return TableRead(table, rows.tally, told)


def _lines_of(names: list[str]) -> int:
    """Lines that the header takes."""
    return 1 + sum(name.replace("\r\n", "\n").replace("\r", "\n").count("\n") for name in names)


def _between_tabs(name: str, dialect: Dialect, first: int, text: str) -> _Rows:
    """Without quotation, unless the rows come out alike only with it and every mark stands at the edge of a cell."""
    sure = Dialect("\t", skip=dialect.skip)
    conforms = '"' in text and sure.conforms(text)
    ways = [Dialect("\t", quoted=False, skip=dialect.skip), *([sure] if conforms else [])]
    if conforms and dialect.quoted:
        ways.reverse()
    found: list[_Rows] = []
    for way in ways:
        rows = _Rows(name, way, first)
        rows.take(text)
        found.append(rows)
        if rows.odd <= SHARE * rows.tally.total:
            return rows
    return min(found, key=lambda one: one.odd)


class _Rows:
    """Rows read one by one: those of the header's width, the odd ones counted with their lines."""

    def __init__(self, name: str, dialect: Dialect, first: int) -> None:
        self.name, self.dialect, self.first = name, dialect, first
        self.tally = Tally()
        self.header: list[str] = []
        self.body: list[list[str]] = []
        self.joined = 0
        self._odd: list[tuple[int, list[str]]] = []

    @property
    def odd(self) -> int:
        return sum(n for reason, n in self.tally.skipped.items() if reason in _LEVERS)

    def take(self, text: str) -> None:
        """Read all rows. Raises InvalidValue for a quotation mark that is never closed."""
        lines = _Lines(text)
        reader = self.dialect.reader(lines)  # type: ignore[arg-type]
        while True:
            lines.taken.clear()
            start = reader.line_num
            try:
                row = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                raise InvalidValue(
                    f"{self.name}, line {start + self.first:,} cannot be read ({error})", "correct it"
                ) from error
            raw = "".join(lines.taken)
            if self.dialect.quoted and (len(lines.taken) > 1 or (lines.at_end and raw.count('"') % 2)):
                self._closed(raw, start + self.first)
            self._one(row, start + self.first)
        if self._odd:
            self._long()
        self.tally.read = len(self.body)

    def _closed(self, raw: str, line: int) -> None:
        end = self.dialect.conforms_until(raw)
        if end < len(raw):
            at = line + raw[:end].count("\n")
            raise InvalidValue(
                f"{self.name}, line {at:,}: a quotation mark opens a cell and is never closed",
                "close it, or double it where it is part of the text",
            )

    def _one(self, row: list[str], line: int) -> None:
        if not any(map(str.strip, row)):
            self.tally.skip("blank_row", f"line {line:,}")
        elif not self.header:
            self.header = row
        elif not _writable(row):
            self.tally.skip("not_utf8", f"line {line:,}")
        elif len(row) == len(self.header):
            self.body.append(row)
        else:
            self._odd.append((line, row))

    def _long(self) -> None:
        """What is to be made of the rows of another width than the header's."""
        n = len(self.header)
        longer = [(line, row) for line, row in self._odd if len(row) == n + 1]
        total = len(self.body) + len(self._odd)
        names = {row[0] for _, row in longer}
        if n and len(longer) >= max(_ENOUGH, 0.99 * total) and len(names) == len(longer) and _filled(longer, n):
            self.header = ["", *self.header]  # row names without a header, as R writes them
            odd, self._odd, self.body = [(0, row) for row in self.body] + self._odd, [], []
            for line, row in odd:
                self._one(row, line)
            n += 1
        prose = self._prose()
        for line, row in self._odd:
            cut = row[: n + max(0, _length(row) - n)]
            if len(row) > n >= _length(row):
                self.body.append(row[:n])
            elif len(row) < n:
                self.tally.skip("short_row", f"line {line:,}")
            elif prose is not None and (joined := self._join(cut, prose)) is not None:
                self.joined += 1
                self.body.append(joined)
            else:
                self.tally.skip("long_row", f"line {line:,}")
        self._odd = []

    def _prose(self) -> int | None:
        """The one column of prose, where the others hold short values or numbers."""
        if self.dialect.delimiter in ("\t", NONE) or len(self.body) < 2:
            return None
        sample = self.body[:200]
        wordy = [
            i
            for i in range(len(self.header))
            if sum(len(row[i]) >= _WORDY and " " in row[i] for row in sample) * 2 > len(sample)
        ]
        return wordy[0] if len(wordy) == 1 else None

    def _join(self, row: list[str], at: int) -> list[str] | None:
        """A row whose prose was cut at the delimiter, whole again; None where its other cells are odd."""
        behind = len(self.header) - at - 1
        end = len(row) - behind
        whole = [*row[:at], self.dialect.delimiter.join(row[at:end]), *row[end:]]
        sample = self.body[:200]
        for i, cell in enumerate(whole):
            if i != at and all(_is_number(one[i]) for one in sample) and not _is_number(cell):
                return None
            if i != at and len(cell) > 2 * max(len(one[i]) for one in sample):
                return None
        return whole

    def shaped(self) -> tuple[list[str], list[list[str]]]:
        """The header and the rows, without the cells that are empty at the right of all of them."""
        if not self.header:
            raise InvalidValue(f"{self.name} is empty", "give a line of names and one row a document")
        self.body = [row for row in self.body if any(map(str.strip, row))]
        return self.header, self.body


class _Lines:
    """Lines of a text, with those taken since it was last asked."""

    def __init__(self, text: str) -> None:
        self._stream = io.StringIO(text, newline="")
        self._size = len(text)
        self._at = 0
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._stream)
        self.taken.append(line)
        self._at += len(line)
        return line

    @property
    def at_end(self) -> bool:
        return self._at >= self._size


def _filled(rows: list[tuple[int, list[str]]], at: int) -> bool:
    """Whether a cell is not empty in all rows."""
    return any(row[at].strip() for _, row in rows)


def _length(row: list[str]) -> int:
    n = len(row)
    while n and not row[n - 1].strip():
        n -= 1
    return n


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return not cell.strip()
    return True


def _writable(row: list[str]) -> bool:
    """Whether all cells can be written as UTF-8."""
    return all(cell.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in cell) for cell in row)


def separated_options(kind: str) -> Any:
    """How CSV and TSV are parsed block by block: quoted values may hold line ends. kind: an ending of SEPARATED."""
    from pyarrow import csv as arrow_csv

    return arrow_csv.ParseOptions(delimiter=SEPARATED[kind], newlines_in_values=True)
