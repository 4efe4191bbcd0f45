"""Corpora as tables: Parquet, CSV, TSV, JSON lines, or a folder of text files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from isogloss import tabular
from isogloss.errors import InvalidValue, NotFound
from isogloss.opened import inner_name
from isogloss.tabular import PLAIN, TABLES, is_writable, kind_of, read_bytes, read_table
from isogloss.text.normalize import nfc

_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2}|2100)(?!\d)")
_MOST_FILES = 200_000


def read_documents(path: Path) -> pa.Table:
    """A corpus, one document a row, at least one. Raises InvalidValue, with the line or byte where there is one, or
    NotFound.

    Tables as `read_table` has them, with columns of different names; a folder of text files, or one, as
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
    if kind_of(path) in PLAIN:
        return text_documents([(inner_name(path), read_bytes(path))])
    if kind_of(path) in TABLES:
        return _plain(read_table(path))
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
        if not is_writable(stem):
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
        if len(found) > _MOST_FILES or size > tabular.MOST_BYTES:
            raise InvalidValue(
                f"{folder.name} holds more than {_MOST_FILES:,} texts or {tabular.MOST_BYTES >> 30} GiB",
                "make it a Parquet file",
            )
    if not found:
        raise InvalidValue(f"{folder.name} holds no text files", "give files that end in .txt")
    return found


def _plain(table: pa.Table) -> pa.Table:
    """Columns of the same name would be told apart by nothing."""
    if len(set(table.column_names)) < len(table.column_names):
        raise InvalidValue(f"columns stand twice among {', '.join(table.column_names)[:200]}", "rename them")
    return table


def read_texts(path: Path, column: str | None = None) -> list[str]:
    """Distinct texts, in order: lines of .txt, or a column of a table (.csv, .tsv, .jsonl, .parquet), packed or not.

    Blank ones are left out. column: default `text`, or the only text column. Raises InvalidValue, naming the file and
    what it holds.
    """
    kind = kind_of(path)
    if not path.is_file():
        raise InvalidValue(f"{path} is not a file", "name a .txt, .csv, .tsv, .jsonl or .parquet file")
    if kind != ".txt" and kind not in TABLES:
        raise InvalidValue(
            f"{path.name} ends in {kind or 'nothing'}", "give a .txt, .csv, .tsv, .jsonl or .parquet file"
        )
    try:
        if kind == ".txt":
            raw: list[Any] = read_bytes(path).decode("utf-8-sig").splitlines()
        else:
            table = read_table(path, strict=False)
            raw = table[_text_column(table, path, column)].to_pylist()
    except (UnicodeDecodeError, OSError, KeyError, pa.ArrowException) as error:
        raise InvalidValue(
            f"{path.name} cannot be read ({error})", "give UTF-8 text in a format that its name says"
        ) from error
    texts = list(dict.fromkeys(nfc(str(one).strip()) for one in raw if one is not None and str(one).strip()))
    if not texts:
        raise InvalidValue(f"{path.name} holds no text", "give at least one line")
    return texts


def _text_column(table: pa.Table, path: Path, column: str | None) -> str:
    names = [f.name for f in table.schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)]
    chosen = column or ("text" if "text" in names else names[0] if len(names) == 1 else None)
    if chosen is None or chosen not in table.column_names:
        raise InvalidValue(
            f"{path.name} has the columns {table.column_names!r}" + (f", not {column!r}" if column else ""),
            "name one of them with --column",
        )
    return chosen
