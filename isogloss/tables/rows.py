"""Rows of cells read one by one, with care: which are odd, which can be mended, where a quotation mark stays open."""

from __future__ import annotations

import csv
import re

from isogloss.errors import InvalidValue
from isogloss.tables.dialect import NONE, Dialect
from isogloss.text.tally import SHARE, Tally

LEVERS = {
    "short_row": "give every row as many cells as the header",
    "long_row": "put quotation marks around texts that hold the delimiter",
    "not_utf8": "convert it to UTF-8",
}
_ENOUGH = 3  # rows before the same oddity of all of them is taken for their form
_WORDY = 20  # letters that a text has more than a name
_WORDS = 3  # blanks in a sentence
_SAMPLE = 200
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


def between_tabs(name: str, dialect: Dialect, first: int, text: str) -> Rows:
    """Without quotation, unless the rows come out alike only with it and every mark stands at the edge of a cell."""
    sure = Dialect("\t", skip=dialect.skip)
    conforms = '"' in text and sure.conforms(text)
    ways = [Dialect("\t", quoted=False, skip=dialect.skip), *([sure] if conforms else [])]
    if conforms and dialect.quoted:
        ways.reverse()
    found: list[Rows] = []
    for way in ways:
        rows = Rows(name, way, first)
        rows.take(text)
        found.append(rows)
        if rows.odd <= SHARE * rows.tally.total:
            return rows
    return min(found, key=lambda one: one.odd)


class Rows:
    """Rows read one by one: those of the header's width, the odd ones counted with their lines.

    first: the number of the line that the header stands on. joined: rows whose text was cut at the delimiter. tall:
    rows of several lines, by their first one → how many.
    """

    def __init__(self, name: str, dialect: Dialect, first: int) -> None:
        self.name, self.dialect, self.first = name, dialect, first
        self.tally = Tally()
        self.header: list[str] = []
        self.joined = 0
        self.tall: dict[int, int] = {}
        self._kept: list[tuple[int, list[str]]] = []
        self._odd: list[tuple[int, list[str]]] = []

    @property
    def body(self) -> list[list[str]]:
        """The rows, as long as the header."""
        return [row for _, row in self._kept]

    @property
    def lines(self) -> list[int]:
        """The first line of each row of the body."""
        return [line for line, _ in self._kept]

    @property
    def odd(self) -> int:
        return sum(n for reason, n in self.tally.skipped.items() if reason in LEVERS)

    def take(self, text: str) -> None:
        """Read all rows. Raises InvalidValue for a quotation mark that is never closed, and for no header."""
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
            if len(lines.taken) > 1:
                self.tall[start + self.first] = len(lines.taken)
            self._one(row, start + self.first)
        if not self.header:
            raise InvalidValue(f"{self.name} is empty", "give a line of names and one row a document")
        if self._odd:
            self._long()
            self._kept.sort(key=lambda one: one[0])
        self.tally.read = len(self._kept)

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
        elif not self.header and is_data(row):
            self.header = [""] * len(row)
            self._one(row, line)
        elif not self.header:
            self.header = [name.encode("utf-8", "replace").decode() for name in row]
        elif not _writable(row):
            self.tally.skip("not_utf8", f"line {line:,}")
        elif len(row) == len(self.header):
            self._kept.append((line, row))
        else:
            self._odd.append((line, row))

    def _long(self) -> None:
        """What is to be made of the rows of another width than the header's."""
        n = len(self.header)
        longer = [(line, row) for line, row in self._odd if len(row) == n + 1]
        total = len(self._kept) + len(self._odd)
        if n and len(longer) >= max(_ENOUGH, 0.99 * total) and self._are_named(longer):
            self.header = ["", *self.header]  # row names without a header, as R writes them
            every, self._odd, self._kept = sorted(self._kept + self._odd, key=lambda one: one[0]), [], []
            for line, row in every:
                self._one(row, line)
            n += 1
        prose = self._prose()
        for line, row in self._odd:
            cut = row[: n + max(0, _length(row) - n)]
            if len(row) > n >= _length(row):
                self._kept.append((line, row[:n]))
            elif len(row) < n:
                self.tally.skip("short_row", f"line {line:,}")
            elif prose is not None and (joined := self._join(cut, prose)) is not None:
                self.joined += 1
                self._kept.append((line, joined))
            else:
                self.tally.skip("long_row", f"line {line:,}")
        self._odd = []

    def _are_named(self, rows: list[tuple[int, list[str]]]) -> bool:
        """Whether first cells are names of rows: all different between tabs, which texts do not hold, else 1, 2 …"""
        names = [row[0] for _, row in rows]
        first = int(names[0]) if names[0].isdecimal() and len(names[0]) < 9 else -1
        counted = first in (0, 1) and names[:_SAMPLE] == [str(first + i) for i in range(len(names[:_SAMPLE]))]
        between_tabs = self.dialect.delimiter == "\t" and len(set(names)) == len(names)
        return (counted or between_tabs) and any(row[-1].strip() for _, row in rows)

    def _prose(self) -> int | None:
        """The one column of prose, where the others hold short values or numbers."""
        sample = self._sample()
        if self.dialect.delimiter in ("\t", NONE) or len(sample) < 2:
            return None
        wordy = [
            i
            for i in range(len(self.header))
            if sum(len(row[i]) >= _WORDY and " " in row[i] for row in sample) * 2 > len(sample)
        ]
        return wordy[0] if len(wordy) == 1 else None

    def _sample(self) -> list[list[str]]:
        return [row for _, row in self._kept[:_SAMPLE]]

    def _join(self, row: list[str], at: int) -> list[str] | None:
        """A row whose prose was cut at the delimiter, whole again; None where its other cells are odd."""
        behind = len(self.header) - at - 1
        end = len(row) - behind
        whole = [*row[:at], self.dialect.delimiter.join(row[at:end]), *row[end:]]
        sample = self._sample()
        for i, cell in enumerate(whole):
            if i != at and all(_is_number(one[i]) for one in sample) and not _is_number(cell):
                return None
            if i != at and len(cell) > 2 * max(len(one[i]) for one in sample):
                return None
        return whole


def is_data(header: list[str]) -> bool:
    """Whether a first row is one of data: a number beside a sentence.

    >>> is_data(["1800", "The plough stood in the field."]), is_data(["year", "text"]), is_data(["1990", "1991"])
    (True, False, False)
    """
    sentences = [cell for cell in header if len(cell) >= _WORDY and cell.count(" ") >= _WORDS]
    return bool(sentences) and any(cell.strip() and _is_number(cell) for cell in header)


class _Lines:
    """Lines of a text with their ends, and those taken since it was last asked.

    (io.StringIO would hold the text a second time, at four bytes a letter.)
    """

    def __init__(self, text: str) -> None:
        self._text, self._at, self._size = text, 0, len(text)
        self._waiting: list[str] = []
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._waiting.pop() if self._waiting else self._next()
        self.taken.append(line)
        return line

    def _next(self) -> str:
        if self._at >= self._size:
            raise StopIteration
        end = self._text.find("\n", self._at) + 1 or self._size
        line, self._at = self._text[self._at : end], end
        if "\r" not in line or line.find("\r") == len(line) - 2:
            return line
        self._waiting = [part for part in reversed(_LINE.findall(line)) if part]
        return self._waiting.pop()

    @property
    def at_end(self) -> bool:
        return self._at >= self._size and not self._waiting


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
