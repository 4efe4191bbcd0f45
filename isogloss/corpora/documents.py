"""Corpora as tables: Parquet, CSV, TSV, JSON lines, or a folder of text files."""

from __future__ import annotations

import codecs
import io
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from isogloss.errors import InvalidValue, NotFound
from isogloss.formats.opened import inner_name, opened

PLAIN = (".txt", ".md", ".text")
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2}|2100)(?!\d)")
_MOST_FILES = 200_000
_MOST_BYTES = 4 << 30
_MOST_ROWS = 50_000_000
_BLOCK = 1 << 26  # bytes; one CSV row fits in it


def read_documents(path: Path) -> pa.Table:
    """A corpus, one document a row, at least one. Raises InvalidValue, with the line or byte where there is one, or
    NotFound.

    Parquet, CSV, TSV and JSON lines (the last three also packed) as they are; a folder of text files as
    `text_documents` has it. At most 4 GiB of text.
    """
    table = _read(path)
    if not len(table):
        raise InvalidValue(f"{path.name} holds no document", "give one document a row")
    return table


def _read(path: Path) -> pa.Table:
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise NotFound(f"there is no file {path}", lever="check its name")
    kind = Path(inner_name(path)).suffix
    try:
        if kind == ".parquet":
            return _parquet(path)
        if kind in PLAIN:
            with opened(path) as stream:
                return text_documents([(inner_name(path), _Text(stream, path.name, check=False).readall())])
        if kind in (".csv", ".tsv"):
            with opened(path) as stream:
                return _csv(_Text(stream, path.name), "\t" if kind == ".tsv" else ",")
        if kind in (".jsonl", ".ndjson", ".json"):
            with opened(path) as stream:
                return _lines(io.BufferedReader(_Text(stream, path.name), 1 << 20), path.name)
    except (pa.ArrowException, OSError, OverflowError, RecursionError) as error:
        reason = " ".join(str(error).split())[:160]
        raise InvalidValue(f"{path.name} cannot be read ({reason})", "check that the file is whole") from error
    raise InvalidValue(
        f"{path.name} is no kind of corpus that can be read", "give Parquet, CSV, TSV, JSON lines or a folder of .txt"
    )


def text_documents(files: Iterable[tuple[str, bytes]]) -> pa.Table:
    """Text files as a table: file (its name without ending), year (the first in the name), folder (the first), text.

    >>> text_documents([("en/1851-moby.txt", b"Call me")]).to_pylist()
    [{'file': 'en/1851-moby', 'year': 1851, 'folder': 'en', 'text': 'Call me'}]
    """
    names, years, folders, texts = [], [], [], []
    for name, data in files:
        stem = name.rsplit(".", 1)[0]
        if not _is_text(stem):
            raise InvalidValue(f"the file name {ascii(name)[:120]} is not UTF-8", "rename the file")
        try:
            texts.append(data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise InvalidValue(f"{name[:120]}, byte {error.start + 1:,} is not UTF-8", "convert it to UTF-8") from error
        year = _YEAR.search(stem)
        names.append(stem)
        years.append(int(year[1]) if year else None)
        folders.append(stem.split("/")[0] if "/" in stem else "")
    if not texts:
        raise InvalidValue("there is no text file", "give files that end in .txt")
    kinds = {"file": pa.string(), "year": pa.int64(), "folder": pa.string(), "text": pa.large_string()}
    values = dict(zip(kinds, (names, years, folders, texts), strict=True))
    return pa.table({name: pa.array(values[name], kind) for name, kind in kinds.items()})


class _Text(io.RawIOBase):
    """Bytes that are held to be UTF-8 (unless check is False), and no more than 4 GiB, while they are read."""

    def __init__(self, stream: IO[bytes], name: str, check: bool = True) -> None:
        self._stream, self._name, self._left, self._at, self._line = stream, name, _MOST_BYTES, 0, 1
        self._decoder = codecs.getincrementaldecoder("utf-8")() if check else None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise InvalidValue(
                f"{self._name} holds more than {_MOST_BYTES >> 30} GiB of text", "make it a Parquet file"
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


def _is_text(name: str) -> bool:
    """Whether a name can be written as UTF-8: names of files and keys of JSON need not be."""
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def _folder(folder: Path) -> pa.Table:
    try:
        return text_documents((path.relative_to(folder).as_posix(), path.read_bytes()) for path in _texts_below(folder))
    except OSError as error:
        raise InvalidValue(
            f"{folder.name} cannot be read ({error.strerror})", "see that its files may be read"
        ) from error


def _texts_below(folder: Path) -> list[Path]:
    """The text files below a folder, sorted; links, pipes and devices are left out."""
    found, size = [], 0
    for place, inner, files in os.walk(folder, followlinks=False):
        inner.sort()
        for name in sorted(files):
            path = Path(place) / name
            if path.suffix.lower() in PLAIN and not path.is_symlink() and path.is_file():
                found.append(path)
                size += path.stat().st_size
        if len(found) > _MOST_FILES or size > _MOST_BYTES:
            raise InvalidValue(
                f"{folder.name} holds more than {_MOST_FILES:,} texts or {_MOST_BYTES >> 30} GiB",
                "make it a Parquet file",
            )
    if not found:
        raise InvalidValue(f"{folder.name} holds no text files", "give files that end in .txt")
    return found


def _parquet(path: Path) -> pa.Table:
    with pq.ParquetFile(path) as file:
        if file.metadata.num_rows > _MOST_ROWS:
            raise InvalidValue(f"{path.name} holds {file.metadata.num_rows:,} rows", f"at most {_MOST_ROWS:,} are read")
        table = _plain(file.read())
    table.validate(full=True)  # texts that are not UTF-8
    return table


def _csv(stream: _Text, delimiter: str) -> pa.Table:
    """An empty value is null; `NA` is one among numbers, and a text among texts (Namibia)."""
    table = csv.read_csv(
        pa.PythonFile(stream, "r"),
        read_options=csv.ReadOptions(block_size=_BLOCK),
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
    )
    for i, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            column = table.column(i)
            table = table.set_column(
                i, field.name, pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
            )
    return _plain(table)


def _lines(stream: Iterable[bytes], name: str) -> pa.Table:
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InvalidValue(f"{name}, line {number:,} is no JSON", "give one object a line") from error
        if not isinstance(one, dict):
            raise InvalidValue(f"{name}, line {number:,} is no object", "give one object a line")
        if not all(map(_is_text, one)):
            raise InvalidValue(f"{name}, line {number:,} has a key that is no text", "correct it")
        rows.append(one)
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
    return _plain(pa.table(arrays))


def _plain(table: pa.Table) -> pa.Table:
    """Columns of the same name would be told apart by nothing."""
    if len(set(table.column_names)) < len(table.column_names):
        raise InvalidValue(f"columns stand twice among {', '.join(table.column_names)[:200]}", "rename them")
    return table


def read_texts(path: Path, column: str | None = None) -> list[str]:
    """Distinct texts, in order: lines of .txt, or a column of .csv, .tsv, .jsonl or .parquet; blank ones are left out.

    column: default `text`, or the only text column. Raises InvalidValue, naming the file and what it holds.
    """
    from isogloss.text.normalize import nfc

    kind = path.suffix.lower()
    if not path.is_file():
        raise InvalidValue(f"{path} is not a file", "name a .txt, .csv, .tsv, .jsonl or .parquet file")
    try:
        if kind == ".txt":
            raw: list[Any] = path.read_text(encoding="utf-8-sig").splitlines()
        else:
            table = _table(path, kind)
            names = [f.name for f in table.schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)]
            chosen = column or ("text" if "text" in names else names[0] if len(names) == 1 else None)
            if chosen is None or chosen not in table.column_names:
                raise InvalidValue(
                    f"{path.name} has the columns {table.column_names!r}" + (f", not {column!r}" if column else ""),
                    "name one of them with --column",
                )
            raw = table[chosen].to_pylist()
    except (UnicodeDecodeError, OSError, pa.ArrowException) as error:
        raise InvalidValue(
            f"{path.name} cannot be read ({error})", "give UTF-8 text in a format that its name says"
        ) from error
    texts = list(dict.fromkeys(nfc(str(one).strip()) for one in raw if one is not None and str(one).strip()))
    if not texts:
        raise InvalidValue(f"{path.name} holds no text", "give at least one line")
    return texts


def _table(path: Path, kind: str) -> pa.Table:
    from pyarrow import csv, json, parquet

    if kind in (".csv", ".tsv"):
        return csv.read_csv(path, parse_options=csv.ParseOptions(delimiter="\t" if kind == ".tsv" else ","))
    if kind in (".jsonl", ".ndjson"):
        return json.read_json(path)
    if kind == ".parquet":
        return parquet.read_table(path)
    raise InvalidValue(f"{path.name} ends in {kind or 'nothing'}", "give a .txt, .csv, .tsv, .jsonl or .parquet file")
