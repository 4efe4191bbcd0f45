"""How a file of cells is written: what stands between them, how they are quoted; decided by what makes rows alike.

Python's csv.Sniffer looks at the frequency of signs alone (and finds 297 of 400 generated dialects); here every
candidate reads the first rows, and the one wins under which most rows have as many cells as the header.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

NONE = "\x1f"  # between cells of a table of one column, whose texts may hold any other delimiter
DELIMITERS = (",", ";", "\t", "|")
PROSE = 0.95  # of the rows must be alike before a text is taken for a table
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", NONE: "none"}
_FIRST = {".tsv": "\t", ".tab": "\t", ".psv": "|"}
_ROWS = 400
_SEP = re.compile(r'"?sep=(.)"?(?:\r\n|\n|\r)', re.I)
_LEAD = re.compile(r"(#[^\r\n]*(?:\r\n|\n|\r)|[^,;\t|\r\n\"]+[,;\t|]{1,64}(?:\r\n|\n|\r)\s*)(?=([^\r\n]*))")
csv.field_size_limit(1 << 30)  # its 128 KiB are less than a chapter


@dataclass(frozen=True)
class Dialect:
    """delimiter: one character. quoted: quotation marks stand around cells, doubled within, else they are letters.

    escape: what stands before a quotation mark within a cell, where they are not doubled. spaced: blanks stand between
    a delimiter and a cell. skip: characters before the header (comments, a title, a line `sep=;`: sep). width: cells in
    most rows, share: of the rows that have so many, rows: how many were looked at.
    """

    delimiter: str
    quoted: bool = True
    escape: str = ""
    spaced: bool = False
    skip: int = 0
    sep: bool = False
    width: int = 1
    share: float = 1.0
    rows: int = 0

    def told(self) -> dict[str, str]:
        """What people should know of it; nothing of what is usual.

        >>> Dialect(";", escape="\\\\").told()
        {'delimiter': 'semicolon', 'quotes': 'escaped by a backslash'}
        """
        found = {} if self.delimiter in (",", NONE) else {"delimiter": _NAMES.get(self.delimiter, self.delimiter)}
        if self.escape:
            found["quotes"] = "escaped by a backslash"
        return found

    def rows_of(self, text: str) -> list[list[str]]:
        """The rows of a text, as Python's csv has them."""
        return list(self.reader(io.StringIO(text, newline="")))

    def reader(self, lines: io.StringIO) -> csv._reader:  # type: ignore[name-defined]
        """Rows of a stream of lines; `line_num` counts the lines it has taken."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            escapechar=self.escape or None if self.quoted else None,
            skipinitialspace=self.spaced,
        )

    def conforms(self, text: str) -> bool:
        """Whether every quotation mark that opens a cell is closed at the end of one.

        >>> Dialect(",").conforms('a,"b, ""c"" d"\\n'), Dialect(",").conforms('a,"b\\nc,"d"\\n')
        (True, False)
        """
        return self.conforms_until(text) == len(text)

    def conforms_until(self, text: str) -> int:
        """Where the first cell begins that is not closed as it should be; the length of the text if none is."""
        if not self.quoted:
            return len(text)
        found = _rules(self.delimiter, self.escape).match(text)
        return found.end() if found else 0


def dialect_of(text: str, ending: str = "", *, whole: bool = True) -> Dialect:
    """The dialect of a text by its first rows. ending: of the file's name, which decides between equals.

    whole: the text is all there is; otherwise its last row is left out, being cut.

    >>> dialect_of("year;text\\n1900;a, b\\n1901;c\\n").delimiter
    ';'
    >>> dialect_of("sep=|\\nyear|text\\n1900|a\\n").skip
    6
    """
    text = text.removeprefix("\ufeff")
    skip = 0
    given = _SEP.match(text)
    if given:
        skip, text = given.end(), text[given.end() :]
    if not whole:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    first = _FIRST.get(ending, ",")
    order = [given[1]] if given else [first, *(d for d in DELIMITERS if d != first)]
    lead = _lead(text)
    skip, text = skip + lead, text[lead:]
    found = [_read(text, delimiter, skip, whole=whole) for delimiter in order]
    best, score = max(found, key=lambda one: one[1])
    if score > 0:
        return replace(best, sep=bool(given))
    plain = _read(text, first, skip, whole=whole)[0]
    alone = first if plain.width == 1 and plain.share == 1 else NONE
    return Dialect(alone, skip=skip, sep=bool(given), width=1, rows=plain.rows)


def _lead(text: str) -> int:
    """Characters of the lines before the names: comments, and a title whose other cells are empty (`Corpus;;`)."""
    at = 0
    while found := _LEAD.match(text, at):
        cells = [cell for d in DELIMITERS if d in found[0] for cell in found[2].split(d)]
        if not found[0].startswith("#") and (not cells or sum(bool(cell.strip()) for cell in cells) < 2):
            break
        at = found.end(1)
    return at


def _read(text: str, delimiter: str, skip: int, *, whole: bool) -> tuple[Dialect, float]:
    """The best way to read a text under one delimiter, and how well that fits: 0 where it makes one column."""
    header = text[: min((i for i in (text.find("\n"), text.find("\r")) if i >= 0), default=len(text))]
    if delimiter not in header:
        return _measured(Dialect(delimiter, skip=skip), text, whole=whole)
    spaced = bool(re.search(re.escape(delimiter) + r' +"', text)) or f"{delimiter} " in header
    ways = [Dialect(delimiter, skip=skip, spaced=spaced and delimiter != "\t")]
    escaped = Dialect(delimiter, True, "\\", ways[0].spaced, skip)
    if '\\"' in text and escaped.conforms_until(text) > ways[0].conforms_until(text):
        ways = [escaped]
    if delimiter == "\t" and not _is_quoted(text, header):
        ways.insert(0, Dialect(delimiter, quoted=False, skip=skip))
    return max((_measured(way, text, whole=whole) for way in ways), key=lambda one: one[1])


def _measured(way: Dialect, text: str, *, whole: bool) -> tuple[Dialect, float]:
    rows: list[list[str]] = []
    for row in way.reader(io.StringIO(text, newline="")):
        rows.append(row)
        if len(rows) > _ROWS:
            break
    else:
        if not whole and len(rows) > 2:
            rows.pop()  # its quotation marks may be cut
    lengths = [_length(row) for row in rows if any(map(str.strip, row))]
    if not lengths:
        return way, 0.0
    head, counted = lengths[0], Counter(lengths)
    width = max(counted, key=lambda n: (counted[n], n == head))
    fits = sum(n for length, n in counted.items() if length <= width) if width == head else counted[width]
    share = (counted[width] + 0.5 * (fits - counted[width])) / len(lengths)
    share_alike = counted[width] / len(lengths)
    known = replace(way, width=max(width, head), share=share_alike, rows=len(lengths))
    if max(width, head) < 2 or head < 2:
        return known, 0.0
    return known, share * (1.0 if head == width else 0.9 if head + 1 == width else 0.5)


def _length(row: list[str]) -> int:
    """Cells of a row, without the empty ones at its end."""
    n = len(row)
    while n > 1 and not row[n - 1].strip():
        n -= 1
    return n


def _is_quoted(text: str, header: str) -> bool:
    """Whether cells between tabs are quoted at all: their names are, or a quoted cell doubles its marks."""
    names = [name.strip() for name in header.split("\t")]
    if any(len(name) > 1 and name[0] == name[-1] == '"' for name in names):
        return True
    return bool(re.search(r'(?:^|[\t\n\r])"(?:[^"\t\r\n]|"")*""(?:[^"\t\r\n]|"")*"(?:[\t\r\n]|$)', text))


@lru_cache(16)
def _rules(delimiter: str, escape: str) -> re.Pattern[str]:
    """Cells with what ends them, any number of them."""
    d = re.escape(delimiter)
    inner = r'(?:[^"\\]|""|\\[\s\S])*+' if escape else r'(?:[^"]|"")*+'
    cell = rf'(?: *+"{inner}"[ ]*+|(?! *")[^{d}\r\n]*+)'
    return re.compile(rf"(?:{cell}(?:{d}|\r\n|\n|\r|\Z))*+")
