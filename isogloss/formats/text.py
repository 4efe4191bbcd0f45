"""Vectors as text: word2vec and fastText's .vec (a header), GloVe (none), the output of VecMap and MUSE, Projector
TSV.
"""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.formats.collected import Block
from isogloss.formats.matrix import MOST_DIM
from isogloss.formats.vocabulary import Names
from isogloss.tables.opened import inner_name, opened
from isogloss.text.tally import Tally

_CHUNK = 1 << 22
_HEAD = 1 << 16
_LONGEST = 1 << 24  # bytes of one line
_HEADER = re.compile(rb"\s*(\d{1,19})[ \t]+(\d{1,9})(?:[ \t]+\d{1,9})?\s*")
_NUMBER = re.compile(
    rb"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|[-+]?(nan|inf(inity)?)|[-+]?1\.#(ind|qnan|snan|inf)", re.IGNORECASE
)
_COUNTED = re.compile(r"(.*\S)[ \t](\d{1,15})")
_COMMA = re.compile(rb"(?:^|\s)[-+]?\d+,\d+(?=\s)")  # a decimal comma
_PREAMBLE = 5  # lines before the header that may be something else: a comment, a mark of a merge
_SHOWN = 40


def read_text(path: Path, names: Names | None = None, *, part: str | None = None) -> Iterator[Block]:
    """Blocks of a text file; with names (Projector: vectors.tsv and metadata.tsv) rows hold numbers only.

    Lines that are no row are counted: too short, a value that is no number, a name that is not UTF-8. Raises
    InvalidValue where there is no row at all.
    """
    with opened(path, part) as file:
        yield from _Reader(path, names).blocks(_as_utf8(file))


def _as_utf8(file: IO[bytes]) -> IO[bytes]:
    """A stream of UTF-16 as one of UTF-8; any other as it is."""
    head = cast("io.BufferedReader", file).peek(2)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return cast("IO[bytes]", codecs.EncodedFile(file, "utf-8", "utf-16", errors="replace"))
    return file


def is_text(head: bytes) -> bool:
    """Whether the beginning of a file is UTF-8; a letter may be cut at its end."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 4
    return True


def are_vectors(head: bytes) -> bool:
    """Whether one of the first lines is an item and two numbers or more, be its name UTF-8 or not.

    >>> are_vectors(b"2 2\\nwh\\xe9at 1.5 2\\n"), are_vectors(b"2 2\\na \\x00\\x00\\x80?")
    (True, False)
    """
    return any(len(line.split()) > _tail(line) > 1 for line in head.split(b"\n")[:3])


def expected_lines(path: Path) -> int | None:
    """How many vectors a file says it has in its first line; else from its size and its first lines, if not packed.

    Raises InvalidValue, NotFound.
    """
    with opened(path) as file:
        head = file.read(_HEAD)
    first = head.split(b"\n", 1)[0].split()
    if len(first) == 2 and first[0].isdigit() and len(first[0]) < 13 and first[1].isdigit():
        return int(first[0])
    lines = head.count(b"\n")
    whole = path.stat().st_size if inner_name(path) == path.name.lower() else 0
    return round(whole / (head.rfind(b"\n") + 1) * lines) if whole and lines else None


def one_word(item: str) -> str:
    """An item without spaces.

    >>> one_word("new  york"), one_word(" ")
    ('new_york', '_')
    """
    return "_".join(item.split()) or "_"


def one_cell(value: object) -> str:
    """A value without tabs and line ends."""
    return " ".join(str("" if value is None else value).split())


def decimals(row: np.ndarray, between: str) -> str:
    """The shortest decimals that are read again as the same float32 numbers."""
    return between.join(np.asarray(row, dtype=np.float32).astype(str).tolist())


class _Reader:
    """One file: its header, the number of dimensions, and its rows."""

    def __init__(self, path: Path, names: Names | None) -> None:
        self.path, self.names = path, names
        self.line = self.rows = 0
        self.dim = 0
        self.claimed: int | None = None
        self.counted = False  # whether each item is followed by its count
        self.said: list[str] = []

    def blocks(self, file: IO[bytes]) -> Iterator[Block]:
        data, whole = _more(file, b"")
        data = data.removeprefix(b"\xef\xbb\xbf")
        if self.names is None and _dimensions(data) == 0 and (way := _loosened(data)):
            self.said.append(way[1])
            file, data = cast("IO[bytes]", _Translated(file, way[0])), data.translate(way[0])
        if not data.strip():
            raise InvalidValue(f"{self.path.name} is empty", "check that the file is whole")
        head = Tally()
        data = self._begin(data, head)
        waiting: Tally | None = head
        while data:
            cut = data.rfind(b"\n") + 1
            if whole and cut < len(data):
                data, cut = data + b"\n", len(data) + 1
            if not cut:
                if len(data) > _LONGEST:
                    raise InvalidValue(
                        f"{self.path.name}, line {self.line + 1:,} is longer than {_LONGEST:,} bytes", "is it text?"
                    )
                data, whole = _more(file, data)
                continue
            block, data = data[:cut], data[cut:]
            found = self._block(block)
            if waiting:
                found.tally = _together(waiting, found.tally)
                waiting = None
            self.line += block.count(b"\n")
            if not whole:
                data, whole = _more(file, data)
            last = whole and not data
            yield replace(found, said=(*self.said, *self._end())) if last else found
        if not self.rows:
            raise InvalidValue(f"{self.path.name} has a header and no vectors", "check that the file is whole")

    def _begin(self, data: bytes, tally: Tally) -> bytes:
        """Find the header and the number of dimensions; the data after them."""
        if self.names is not None:
            self.dim = _commonest([len(line.split()) for line in data.split(b"\n", 101)[:100] if line.split()])
            return data
        lines = data.split(b"\n", _PREAMBLE + 1)[: _PREAMBLE + 1]
        header = next((i for i, line in enumerate(lines[:-1]) if _HEADER.fullmatch(line)), None)
        found = _HEADER.fullmatch(lines[header]) if header is not None else None
        rest = b"\n".join(data.split(b"\n")[header + 1 :]) if header else data[data.find(b"\n") + 1 :]
        if found is not None and header is not None:
            told, seen = int(found[2]), _dimensions(rest)
            one = header == 0 and told == 1 and seen != 1  # "1990 1" may be an item of one dimension
            odd = header > 0 and any(_tail(line) >= max(seen, 1) for line in lines[:header])
            if not one and not odd:
                for number in range(header):
                    tally.skip("short_row", f"line {number + 1:,}: {_start(lines[number])}")
                self.line, self.claimed = header + 1, int(found[1])
                self._agree(told, seen, rest)
                return rest
        self.dim = _dimensions(data)
        self._require(data)
        return data

    def _agree(self, told: int, seen: int, rest: bytes) -> None:
        """The number of dimensions, where the header and the rows say different ones."""
        self.dim = told
        if seen != told and seen > 0:
            counts = [
                _NUMBER.fullmatch(f[-told - 1]) for line in rest.split(b"\n")[:20] if len(f := line.split()) > told + 1
            ]
            if seen == told + 1 and counts and all(one and one[0].isdigit() for one in counts):
                self.counted = True
                self.said.append("the number after each item is taken for its count")
                return
            if not any(_tail(line) >= told for line in rest.split(b"\n")[:100] if line.strip()):
                self.dim = seen
                self.said.append(f"its first line says {told:,} numbers a vector, its rows have {seen:,}")
        self._require(rest)

    def _require(self, data: bytes) -> None:
        """Raises InvalidValue where the lines are no items with their numbers."""
        lines = [line for line in data.split(b"\n", 20)[:20] if line.strip()]
        if not 1 <= self.dim <= MOST_DIM:
            ends = f"; its first line ends with {_start(lines[0].split()[-1])}" if lines and not self.dim else ""
            raise InvalidValue(
                f"{self.path.name} has {self.dim:,} numbers a line{ends}",
                f"a line is an item and its 1 to {MOST_DIM:,} decimal numbers",
            )
        alone = [line for line in lines if _tail(line) == len(line.split()) == self.dim + 1]
        if lines and len(alone) == len(lines) and all(b"." in line.split()[0] for line in alone):
            raise InvalidValue(f"{self.path.name} holds no names", "give a file with one item a line: --vocab FILE")

    def _end(self) -> list[str]:
        """What is to be said at the end of the file. Raises InvalidValue where there are not as many names as rows."""
        if self.names is not None and self.rows != len(self.names.items):
            n = len(self.names.items)
            raise InvalidValue(
                f"{self.path.name} has {self.rows:,} rows and the vocabulary {n:,} items", "give the pair of files"
            )
        if self.claimed is not None and self.rows != self.claimed:
            return [f"its first line says {self.claimed:,} vectors and {self.rows:,} are there"]
        return []

    def _block(self, data: bytes) -> Block:
        from isogloss.formats.decimals import parse_lines

        if self.names is not None:  # numbers only: an item of one letter stands before each line
            data = b"i " + data[:-1].replace(b"\n", b"\ni ") + b"\n"
        vectors, start, end, status = parse_lines(data, self.dim)
        keep = np.ones(len(vectors), dtype=bool)
        blank = np.zeros(len(vectors), dtype=bool)
        tally = Tally()
        for row in np.flatnonzero(status).tolist():
            begin = int(start[row])
            text = data[begin : data.find(b"\n", begin)]
            if not text.removeprefix(b"i" if self.names is not None else b"").strip(b" \r\t"):
                keep[row], blank[row] = False, True  # an empty line is no row
                continue
            keep[row] = self._repaired(text, vectors[row], tally, self.line + row + 1)
            fields = text.rsplit(None, self.dim)
            end[row] = begin + len(fields[0]) if len(fields) > self.dim else begin
        numbers = np.cumsum(~blank) - 1 + self.rows  # of each row among all rows, odd ones included
        self.rows += int((~blank).sum())
        kept = np.flatnonzero(keep)
        columns: dict[str, list[object]] = {}
        if self.names is not None:
            if len(kept) and numbers[kept[-1]] >= len(self.names.items):
                n = len(self.names.items)
                raise InvalidValue(
                    f"{self.path.name} has more rows than the vocabulary ({n:,})", "give the pair of files"
                )
            items = [self.names.items[n] for n in numbers[kept].tolist()]
            columns = {name: [values[n] for n in numbers[kept].tolist()] for name, values in self.names.columns.items()}
        else:
            items, kept = self._named(data, start, end, kept, tally)
        if self.counted:
            counts: list[object] = []
            for at, item in enumerate(items):
                found = _COUNTED.fullmatch(item)
                items[at] = found[1] if found else item
                counts.append(int(found[2]) if found else None)
            columns["count"] = counts
        return Block(items, vectors if len(kept) == len(vectors) else vectors[kept], columns, tally=tally)

    def _named(self, data: bytes, start: Any, end: Any, kept: Any, tally: Tally) -> tuple[list[str], Any]:
        """The names of some rows, and those of the rows whose names are UTF-8."""
        try:
            return [data[start[r] : end[r]].decode("utf-8") for r in kept], kept
        except UnicodeDecodeError:
            items, rows = [], []
            for r in kept.tolist():
                try:
                    items.append(data[start[r] : end[r]].decode("utf-8"))
                    rows.append(r)
                except UnicodeDecodeError:
                    tally.skip("not_utf8", f"line {self.line + r + 1:,}")
            return items, np.array(rows, dtype=np.int64)

    def _repaired(self, text: bytes, out: np.ndarray, tally: Tally, line: int) -> bool:
        """Numbers that are no plain decimals (nan, inf) as Python reads them; whether the line is a row."""
        fields = text.split()
        if len(fields) <= self.dim:
            if len(fields) == self.dim and all(map(_NUMBER.fullmatch, fields)):
                tally.skip("blank", f"line {line:,}")
            else:
                n = max(len(fields) - 1, 0)
                tally.skip("short_row", f"line {line:,}: {n:,} number{'' if n == 1 else 's'}, expected {self.dim:,}")
            return False
        for column, field in enumerate(fields[-self.dim :]):
            if not _NUMBER.fullmatch(field):
                value = field[:_SHOWN].decode("utf-8", "replace")
                tally.skip("no_number", f"line {line:,}: number {column + 1:,} is {value!r}")
                return False
            with np.errstate(over="ignore"):
                out[column] = np.nan if b"#" in field else np.float32(float(field))
        return True


class _Translated:
    """A stream in which some signs stand for others."""

    def __init__(self, file: IO[bytes], table: bytes) -> None:
        self._file, self._table = file, table

    def read(self, n: int = -1) -> bytes:
        return self._file.read(n).translate(self._table)


def _loosened(data: bytes) -> tuple[bytes, str] | None:
    """How a file is read whose lines end with no decimal number: with decimal commas, or with brackets and commas."""
    if sum(len(_COMMA.findall(line)) > 1 for line in data.split(b"\n", 20)[1:20]) > 1:
        ways = [(bytes.maketrans(b",", b"."), "its numbers have decimal commas")]
    else:
        ways = [(bytes.maketrans(b"[](){},;|", b" " * 9), "its numbers stand between brackets or commas")]
    return next((way for way in ways if _dimensions(data.translate(way[0]))), None)


def _together(a: Tally, b: Tally | None) -> Tally:
    if b is not None:
        a.add(b)
    return a


def _more(file: IO[bytes], rest: bytes) -> tuple[bytes, bool]:
    new = file.read(_CHUNK)
    return rest + new, len(new) == 0


def _start(text: bytes) -> str:
    return repr(text[:_SHOWN].decode("utf-8", "replace"))


def _tail(line: bytes) -> int:
    """How many numbers end a line."""
    fields = line.split()
    n = 0
    while n < len(fields) and _NUMBER.fullmatch(fields[len(fields) - 1 - n]):
        n += 1
    return n


def _commonest(counts: list[int]) -> int:
    return Counter(counts).most_common(1)[0][0] if counts else 0


def _dimensions(data: bytes) -> int:
    """The commonest count of numbers at the end of the first lines, less one where all of a line are numbers."""
    counts = []
    for line in data.split(b"\n", 101)[:100]:
        if n := len(line.split()):
            tail = _tail(line)
            counts.append(tail - 1 if tail == n else tail)
    return _commonest(counts)
