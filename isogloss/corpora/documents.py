"""Corpora as tables: a table of any kind with one document a row, or a folder of text files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa

from isogloss.errors import InvalidValue, IsoglossError, NotFound
from isogloss.outside.looking import look
from isogloss.tables import bounded
from isogloss.tables.bounded import read_bytes
from isogloss.tables.columns import find_column
from isogloss.tables.content import PLAIN, refuse_alien
from isogloss.tables.encodings import decoded
from isogloss.tables.json_values import is_writable
from isogloss.tables.opened import PACKED, inner_name
from isogloss.tables.read import TableRead
from isogloss.tables.table import content_kind, is_folder_of_tables, is_saved, kind_of, read_table
from isogloss.text.tally import LISTED, Tally

_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2}|2100)(?!\d)")
_MOST_FILES = 200_000
_ABOUT = ("readme", "license", "licence", "copying", "citation")  # texts about tables, beside them


def read_documents(path: Path, *, part: str | None = None) -> pa.Table:
    """A corpus, one document a row, at least one; the table of `open_documents`."""
    return open_documents(path, part=part).table


def open_documents(path: Path, *, part: str | None = None) -> TableRead:
    """A corpus, one document a row, at least one, with what was skipped and what was left out.

    Tables as `read_table` has them; a folder of text files, or one, as `text_documents` has it. part: the split of a
    folder, or the file of a .zip, where there are several. At most 4 GiB of text. Raises InvalidValue, with the line or
    byte where there is one, or NotFound.
    """
    found = _read(path, part)
    if not len(found.table):
        why = f" ({found.read.sentence()})" if found.read.skipped else ""
        raise InvalidValue(f"{path.name} holds no document{why}", "give one document a row")
    return found


def take_documents(path: Path, *, part: str | None = None) -> TableRead:
    """`open_documents` in a process beside this one."""
    return look(open_documents, path, kinds=(TableRead, Tally), part=part)


def take_texts(files: Sequence[tuple[str, Path]]) -> TableRead:
    """`text_documents` of files under the names that their owner gave them, in a process beside this one."""
    return look(_texts_of, files[0][1], kinds=(TableRead, Tally), files=list(files))


def _texts_of(path: Path, files: Sequence[tuple[str, Path]]) -> TableRead:
    return text_documents([(name, read_bytes(one)) for name, one in files])


def _read(path: Path, part: str | None) -> TableRead:
    if path.is_dir():
        files, left_out = texts_below(path)
        if is_of_tables(path, files):
            return read_table(path, part=part)
        if part is not None:
            raise InvalidValue(f"{path.name} is a folder of texts without {part[:80]!r}", "leave the part out")
        return _folder(path, files, left_out)
    if not path.is_file():
        raise NotFound(f"there is no file {path}", lever="check its name")
    if content_kind(path, part) != "plain":
        return read_table(path, part=part)
    return text_documents([(part or inner_name(path), read_bytes(path, part=part))])


def as_named(table: pa.Table, corpus: Mapping[str, Any], *, file: str) -> pa.Table:
    """A table whose columns are called as a recipe calls them, though the file writes them otherwise (Text, meta.year).

    corpus: with `text`, `slice_by`, and maybe `author` and `where`. A column that is not there stays missing.
    """
    asked = [corpus["text"], corpus["slice_by"], corpus.get("author"), (corpus.get("where") or {}).get("column")]
    names = list(table.column_names)
    for name in filter(None, asked):
        with suppress(InvalidValue):
            names[names.index(find_column(names, str(name), file=file))] = str(name)
    return table.rename_columns(names)


def part_of(path: Path, part: str | None) -> str | None:
    """The part that is remembered of a corpus, where the file or folder that is given has parts."""
    return part if part and (path.is_dir() or path.suffix.lower() == ".zip") and path.name != part else None


def text_documents(files: Iterable[tuple[str, bytes]]) -> TableRead:
    """Text files as a table: file (its name without ending), year (the first in the name), folder (the first), text.

    A byte that is none of a file's encoding is U+FFFD; which encodings were found is told.

    >>> text_documents([("en/1851-moby.txt", b"Call me")]).table.to_pylist()
    [{'file': 'en/1851-moby', 'year': 1851, 'folder': 'en', 'text': 'Call me'}]
    """
    names, years, folders, texts = [], [], [], []
    encodings: dict[str, str] = {}
    for name, data in files:
        stem = _stem(name)
        if not is_writable(stem):
            raise InvalidValue(f"the file name {ascii(name)[:120]} is not UTF-8", "rename the file")
        found = decoded(data)
        if found.encoding != "utf-8":
            encodings[stem] = found.encoding
        elif found.odd:
            encodings[stem] = f"utf-8, but for line {', '.join(map(str, found.odd[:3]))}{' …' * (len(found.odd) > 3)}"
        texts.append(found.text.removeprefix("\ufeff").encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
        year = _YEAR.search(stem)
        names.append(stem)
        years.append(int(year[1]) if year else None)
        folders.append(stem.split("/")[0] if "/" in stem else "")
    if not texts:
        raise InvalidValue("there is no text file", "give files that end in .txt")
    kinds = {"file": pa.string(), "year": pa.int64(), "folder": pa.string(), "text": pa.large_string()}
    values = dict(zip(kinds, (names, years, folders, texts), strict=True))
    table = pa.table({name: pa.array(values[name], kind) for name, kind in kinds.items()})
    told = {"encoding": _told(encodings)} if encodings else {}
    return TableRead(table, Tally(read=len(texts)), told)


def _told(encodings: dict[str, str]) -> str:
    """Which files are not plain UTF-8.

    >>> _told({"a": "cp1252"}), _told({"a": "cp1252", "b": "cp1252", "c": "utf-16-le"})
    ('cp1252', 'cp1252 (a, b), utf-16-le (c)')
    """
    by: dict[str, list[str]] = {}
    for name, encoding in encodings.items():
        by.setdefault(encoding, []).append(name[:80])
    if len(encodings) == 1:
        return next(iter(by))
    return ", ".join(f"{one} ({', '.join(names[:3])}{', …' * (len(names) > 3)})" for one, names in by.items())


def _stem(name: str) -> str:
    """A file's name without packing and ending."""
    path = PurePosixPath(name)
    while path.suffix.lower() in PACKED and path.stem:
        path = path.with_suffix("")
    return str(path.with_suffix("")) if path.suffix else str(path)


def is_of_tables(folder: Path, texts: Sequence[Path]) -> bool:
    """Whether a folder with these text files is one of tables, with a README or so beside them."""
    return is_saved(folder) or (all(one.stem.lower() in _ABOUT for one in texts) and is_folder_of_tables(folder))


def _folder(folder: Path, files: Sequence[Path], left_out: Mapping[str, str]) -> TableRead:
    tally = Tally()
    for name, why in left_out.items():
        tally.leave_out(name, why)
    found = texts_of(folder, files, tally)
    if not found:
        what = f" ({tally.sentence()})" if tally.left_out else ""
        raise InvalidValue(f"{folder.name} holds no text files{what}", "give files that end in .txt")
    read = text_documents(found)
    tally.read = read.read.read
    return replace(read, read=tally)


def texts_of(folder: Path, files: Sequence[Path], tally: Tally) -> list[tuple[str, bytes]]:
    """Name and bytes of the text files of a folder; what is no text is left out in the tally, with why."""
    found = []
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            data = read_bytes(path)
            refuse_alien(data[:512], path.name)
            if b"\0" in data[:512] and decoded(data[:4096]).encoding in ("utf-8", "cp1252"):
                raise InvalidValue(f"{path.name} is no text", "")
            found.append((name, data))
        except IsoglossError as error:
            tally.leave_out(ascii(name) if not is_writable(name) else name, error.fact.removeprefix(f"{path.name} "))
    return found


def texts_below(folder: Path) -> tuple[list[Path], dict[str, str]]:
    """The text files below a folder, sorted, packed or not, also those without ending; the others with why they are
    left out: another ending, a link, a pipe.
    """
    found, left_out, size = [], {}, 0
    for place, inner, files in os.walk(folder, followlinks=False):
        for name in inner:
            if (Path(place) / name).is_symlink():
                left_out[(Path(place) / name).relative_to(folder).as_posix()] = "a link"
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(files):
            path = Path(place) / name
            told = path.relative_to(folder).as_posix()
            ending = kind_of(path)
            if path.is_symlink() or not path.is_file():
                left_out[told] = "a link" if path.is_symlink() else "no file"
            elif name.startswith("."):
                left_out[told] = "a hidden file"
            elif ending in PLAIN or not ending:
                found.append(path)
                size += path.stat().st_size
            else:
                left_out[told] = f"it ends in {ending}"
        if len(found) > _MOST_FILES or size > bounded.MOST_BYTES:
            raise InvalidValue(
                f"{folder.name} holds more than {_MOST_FILES:,} texts or {bounded.MOST_BYTES >> 30} GiB",
                "make it a Parquet file",
            )
    if len(left_out) > LISTED:
        more = len(left_out) - LISTED
        left_out = dict(list(left_out.items())[:LISTED]) | {f"{more:,} more files": "of such kinds"}
    return found, left_out
