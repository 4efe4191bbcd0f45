"""Tables of text in files: Parquet, CSV, TSV, JSON lines, plain text; packed or not, bounded while they are read."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc

from isogloss.errors import InvalidValue
from isogloss.opened import inner_name, opened

PLAIN = (".txt", ".md", ".text")
SEPARATED = {".csv": ",", ".tsv": "\t"}
LINES = (".jsonl", ".ndjson", ".json")
TABLES = (*SEPARATED, *LINES, ".parquet")
MOST_BYTES = 4 << 30
MOST_ROWS = 50_000_000
_BLOCK = 1 << 26  # bytes; one CSV row fits in it
_BOM = codecs.BOM_UTF8


def kind_of(path: Path) -> str:
    """The ending below the packing, lower-case.

    >>> kind_of(Path("a/Corpus.CSV.xz"))
    '.csv'
    """
    return Path(inner_name(path)).suffix


def read_table(path: Path, *, strict: bool = True) -> pa.Table:
    """The columns of a file that ends as one of TABLES; an empty text is null. At most 4 GiB and 50 million rows.

    A quoted value may hold line ends. `NA` is null among numbers, and a text among texts (Namibia).
    strict: every byte must be UTF-8 and every line of JSON one object, and an error names the place. Otherwise Arrow's
    own readers decide: columns that are no text stay what they are, and dates in JSON become dates.
    Raises NotFound, InvalidValue.
    """
    kind = kind_of(path)
    try:
        if kind == ".parquet":
            return _parquet(path, strict)
        with opened(path) as packed:
            stream = BoundedText(packed, path.name, check=strict)
            if kind in SEPARATED:
                return _separated(stream, kind)
            if kind in LINES:
                lines: Any = io.BufferedReader(stream, 1 << 20)
                return json_table(lines, path.name) if strict else _typed_lines(lines)
    except (pa.ArrowException, OSError, OverflowError, RecursionError) as error:
        reason = " ".join(str(error).split())[:160]
        raise InvalidValue(f"{path.name} cannot be read ({reason})", "check that the file is whole") from error
    raise InvalidValue(f"{path.name} is no table of a kind that can be read", f"give one of {', '.join(TABLES)}")


def read_bytes(path: Path, *, check: bool = False, most: int | None = None) -> bytes:
    """A whole text, unpacked. check: it is held to be UTF-8. most: in bytes. Raises NotFound, InvalidValue."""
    with opened(path) as stream:
        return BoundedText(stream, path.name, check=check, most=most).readall()


class BoundedText(io.RawIOBase):
    """Bytes that are held to be UTF-8 (unless check is False), and no more than `most` (4 GiB), while they are read."""

    def __init__(self, stream: IO[bytes], name: str, *, check: bool = True, most: int | None = None) -> None:
        self._stream, self._name, self._at, self._line = stream, name, 0, 1
        self._most = self._left = MOST_BYTES if most is None else most
        self._decoder = codecs.getincrementaldecoder("utf-8")() if check else None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            size = f"{self._most >> 30} GiB" if self._most >= 1 << 30 else f"{self._most:,} bytes"
            raise InvalidValue(
                f"{self._name} holds more than {size} of text", "make it a Parquet file or a shorter one"
            )
        if self._decoder:
            kept = len(self._decoder.getstate()[0])  # bytes of a letter that the last block cut
            try:
                self._decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                line = self._line + error.object[: error.start].count(b"\n")
                raise InvalidValue(
                    f"{self._name}, line {line:,}, byte {self._at - kept + error.start + 1:,} is not UTF-8",
                    "convert it to UTF-8",
                ) from error
            self._at, self._line = self._at + len(data), self._line + data.count(b"\n")
        buffer[: len(data)] = data
        return len(data)

    def readall(self) -> bytes:
        parts = []
        while part := self.read(1 << 20):
            parts.append(part)
        return b"".join(parts)


def json_objects(stream: Iterable[bytes], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of JSON lines, each with the number of its line. Raises InvalidValue, naming the line."""
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InvalidValue(f"{name}, line {number:,} is no JSON", "give one object a line") from error
        if not isinstance(one, dict):
            raise InvalidValue(f"{name}, line {number:,} is no object", "give one object a line")
        if not all(map(is_writable, one)):
            raise InvalidValue(f"{name}, line {number:,} has a key that is no text", "correct it")
        yield number, one


def json_table(stream: Iterable[bytes], name: str) -> pa.Table:
    """JSON lines as a table; what an object lacks is null. Raises InvalidValue."""
    rows = [one for _, one in json_objects(stream, name)]
    if not rows:
        raise InvalidValue(f"{name} is empty", "give one object a line")
    columns = list(dict.fromkeys(key for row in rows for key in row))
    arrays = {}
    for column in columns:
        values = [row.get(column) for row in rows]
        try:
            arrays[column] = pa.array(values)
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            first = next((v for v in values if v is not None), None)
            raise InvalidValue(
                f"{name}: the values of {column[:60]!r} are of several kinds (the first is {str(first)[:40]!r})",
                "give one kind to a column",
            ) from error
    return pa.table(arrays)


def separated_options(kind: str) -> Any:
    """How CSV and TSV are parsed: quoted values may hold line ends."""
    from pyarrow import csv

    return csv.ParseOptions(delimiter=SEPARATED[kind], newlines_in_values=True)


def is_writable(name: str) -> bool:
    """Whether a name can be written as UTF-8: names of files and keys of JSON need not be."""
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def _separated(stream: BoundedText, kind: str) -> pa.Table:
    from pyarrow import csv

    table = csv.read_csv(
        pa.PythonFile(stream, "r"),
        read_options=csv.ReadOptions(block_size=_BLOCK),
        parse_options=separated_options(kind),
    )
    for i, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            column = table.column(i)
            filled = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
            table = table.set_column(i, field.name, filled)
    return table


def _typed_lines(stream: Any) -> pa.Table:
    from pyarrow import json as arrow_json

    if stream.peek(len(_BOM)).startswith(_BOM):
        stream.read(len(_BOM))
    return arrow_json.read_json(pa.PythonFile(stream, "r"))


def _parquet(path: Path, strict: bool) -> pa.Table:
    from pyarrow import parquet

    packed = inner_name(path) != path.name.lower()
    with parquet.ParquetFile(pa.BufferReader(read_bytes(path)) if packed else path) as file:
        if file.metadata.num_rows > MOST_ROWS:
            raise InvalidValue(f"{path.name} holds {file.metadata.num_rows:,} rows", f"at most {MOST_ROWS:,} are read")
        table = file.read()
    if strict:
        table.validate(full=True)  # texts that are not UTF-8
    return table
