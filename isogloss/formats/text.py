"""Vectors as text: word2vec and fastText's .vec (a header), GloVe (none), the output of VecMap and MUSE, Projector
TSV.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.formats.collected import Block
from isogloss.tables.opened import inner_name, opened

MOST_DIM = 65_536
_CHUNK = 1 << 22
_HEAD = 1 << 16
_LONGEST = 1 << 24  # bytes of one line
_HEADER = re.compile(rb"\s*(\d{1,19})[ \t]+(\d{1,9})\s*")
_NUMBER = re.compile(rb"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|[-+]?(nan|inf(inity)?)", re.IGNORECASE)


def read_text(path: Path, vocabulary: Path | None = None) -> Iterator[Block]:
    """Blocks of a text file; with a vocabulary (Projector: vectors.tsv and metadata.tsv) rows hold numbers only.

    Raises InvalidValue naming the line.
    """
    with opened(path) as file:
        names = vocabulary_lines(vocabulary) if vocabulary else None
        yield from _blocks(file, path, names)


def vocabulary_lines(path: Path) -> list[str]:
    """One item a line; of a table with a header (Projector's metadata) the first column. Raises InvalidValue."""
    with opened(path) as file:
        data = file.read()
    lines = decode(data, path, 0).split("\n")
    lines = [line.rstrip("\r") for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    if lines and "\t" in lines[0]:
        return [line.split("\t")[0] for line in lines[1:]]
    return lines


def decode(data: bytes, path: Path, line: int) -> str:
    """UTF-8, or an error that names the line."""
    try:
        return data.decode("utf-8-sig" if not line else "utf-8")
    except UnicodeDecodeError as error:
        at = line + data[: error.start].count(b"\n") + 1
        raise InvalidValue(f"{path.name}, line {at:,} is not UTF-8", "convert the file to UTF-8") from error


def is_text(head: bytes) -> bool:
    """Whether the beginning of a file is UTF-8; a letter may be cut at its end."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 4
    return True


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


def _blocks(file: IO[bytes], path: Path, names: list[str] | None) -> Iterator[Block]:
    data, whole = _more(file, b"")
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if not data:
        raise InvalidValue(f"{path.name} is empty", "check that the file is whole")
    first = data[: data.find(b"\n")]
    header = _HEADER.fullmatch(first) if names is None else None
    line = 0
    claimed = None
    if header and (int(header[2]) > 1 or _fields(data, 1) == 2):
        claimed, dim = int(header[1]), int(header[2])
        data, line = data[data.find(b"\n") + 1 :], 1
    else:
        dim = _dimensions(data) if names is None else len(first.split())
    if not 1 <= dim <= MOST_DIM:
        raise InvalidValue(f"{path.name} has {dim:,} numbers a line", f"vectors of 1 to {MOST_DIM:,} can be imported")
    if not data.strip() and whole:
        raise InvalidValue(f"{path.name} has a header and no vectors", "check that the file is whole")
    rows = 0
    while data:
        cut = data.rfind(b"\n") + 1
        if whole and cut < len(data):
            data, cut = data + b"\n", len(data) + 1
        if not cut:
            if len(data) > _LONGEST:
                raise InvalidValue(f"{path.name}, line {line + 1:,} is longer than {_LONGEST:,} bytes", "is it text?")
            data, whole = _more(file, data)
            continue
        block, data = data[:cut], data[cut:]
        found = _block(block, path, line, dim, names, rows)
        line += block.count(b"\n")
        rows += len(found.items)
        yield found
        if not whole:
            data, whole = _more(file, data)
    if names is not None and rows != len(names):
        raise InvalidValue(
            f"{path.name} has {rows:,} rows and the vocabulary {len(names):,} items", "give the pair of files"
        )
    if claimed is not None and rows < claimed:
        raise InvalidValue(
            f"{path.name} ends after {rows:,} vectors and its first line says {claimed:,}",
            "the file was cut off: fetch it again",
        )


def _more(file: IO[bytes], rest: bytes) -> tuple[bytes, bool]:
    new = file.read(_CHUNK)
    return rest + new, len(new) == 0


def _fields(data: bytes, line: int) -> int:
    lines = data.split(b"\n", line + 1)
    return len(lines[line].split()) if len(lines) > line else 0


def _dimensions(data: bytes) -> int:
    """The commonest count of numbers at the end of the first lines, less one where all of a line are numbers."""
    counts: Counter[int] = Counter()
    for line in data.split(b"\n", 101)[:100]:
        fields = line.split()
        n = 0
        while n < len(fields) and _NUMBER.fullmatch(fields[len(fields) - 1 - n]):
            n += 1
        if fields:
            counts[n - 1 if n == len(fields) else n] += 1
    return counts.most_common(1)[0][0] if counts else 0


def _block(data: bytes, path: Path, line: int, dim: int, names: list[str] | None, rows: int) -> Block:
    from isogloss.formats.decimals import parse_lines

    if names is not None:  # numbers only: an item of one letter stands before each line
        data = b"i " + data[:-1].replace(b"\n", b"\ni ") + b"\n"
    vectors, start, end, status = parse_lines(data, dim)
    lengths = np.diff(np.flatnonzero(np.frombuffer(data, np.uint8) == 10), prepend=-1)
    blank = np.flatnonzero(lengths <= (1 if names is None else 3))
    keep = np.ones(len(vectors), dtype=bool)
    for row in np.flatnonzero(status):
        begin = int(start[row])
        text = data[begin : data.find(b"\n", begin)]
        if row in blank and not text.strip(b" \r\ti" if names is not None else b" \r\t"):
            keep[row] = False  # an empty line is no row
            continue
        _repair(text, vectors[row], path, line + int(row) + 1, dim)
        fields = text.rsplit(None, dim)
        end[row] = begin + len(fields[0]) if len(fields) > dim else begin
    rows_kept = np.flatnonzero(keep)
    if names is not None:
        items = names[rows : rows + len(rows_kept)]
        if len(items) < len(rows_kept):
            raise InvalidValue(
                f"{path.name} has more rows than the vocabulary ({len(names):,})", "give the pair of files"
            )
    else:
        if not data.isascii():
            decode(data, path, line or 1)  # the error that names the line; the first line was read already
        items = [data[start[r] : end[r]].decode("utf-8") for r in rows_kept]
    return Block(items, vectors if keep.all() else vectors[rows_kept])


def _repair(text: bytes, out: np.ndarray, path: Path, line: int, dim: int) -> None:
    """Numbers that are no plain decimals (nan, inf) as Python reads them, or the error that names the line."""
    fields = text.split()
    if len(fields) <= dim:
        found = len(fields) - 1
        raise InvalidValue(
            f"{path.name}, line {line:,} has {found:,} number{'' if found == 1 else 's'}, expected {dim:,}",
            "the file may be cut off here, or of another format: name it with --format",
        )
    for column, field in enumerate(fields[-dim:]):
        if not _NUMBER.fullmatch(field):
            value = field[:40].decode("utf-8", "replace")
            raise InvalidValue(
                f"{path.name}, line {line:,}: number {column + 1:,} is {value!r}",
                "vectors are decimal numbers with a point",
            )
        with np.errstate(over="ignore"):
            out[column] = np.float32(float(field))
