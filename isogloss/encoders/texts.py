"""Texts to encode: lines of a file, or a column of a table; distinct, blank ones left out, and both counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.outside.looking import look
from isogloss.tables.bounded import read_bytes
from isogloss.tables.columns import find_column, is_text, text_of
from isogloss.tables.dates import is_dated
from isogloss.tables.encodings import decoded
from isogloss.tables.read import read_as_json, told_in_words
from isogloss.tables.table import content_kind, read_table
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally


@dataclass(frozen=True)
class Texts:
    """texts: distinct, in order. read: of the lines or rows. told: what the file was recognised as."""

    texts: list[str]
    read: Tally
    told: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The tally with what was recognised beside it."""
        return read_as_json(self.read, self.told)

    def sentence(self) -> str:
        """One line for people."""
        return self.read.sentence() + told_in_words(self.told)


def read_texts(path: Path, column: str | None = None, *, part: str | None = None) -> Texts:
    """Distinct texts, in order: lines of a text file, or a column of a table of any kind, packed or not.

    Blank ones, repeated ones and rows that cannot be read are skipped and counted. column: default `text`, or the only
    one of texts; also one of numbers, as their text. part: the split of a folder, or the file of a .zip, where there
    are several. Raises InvalidValue, naming the file and what it holds; NotFound.
    """
    if not path.is_file() and not path.is_dir():
        raise InvalidValue(f"{path} is not a file", "name a .txt, .csv, .tsv, .jsonl or .parquet file")
    if path.is_file() and content_kind(path, part) == "plain":
        found = decoded(read_bytes(path, part=part))
        text = found.text.removeprefix("\ufeff")
        told = {} if found.encoding == "utf-8" else {"encoding": found.encoding}
        tally = Tally()
        values: Iterable[Any] = text.splitlines()
    else:
        read = read_table(path, part=part, plain=False)
        chosen = text_column(read.table, path, column)
        told = dict(read.told) | ({"column": chosen} if column and chosen != column else {})
        tally, values = read.read, read.table[chosen].to_pylist()
    texts = _distinct(values, tally)
    tally.refuse_above(path.name, {"not_utf8": "convert it to UTF-8"})
    if not texts:
        why = f" ({tally.sentence()})" if tally.total else ""
        raise InvalidValue(f"{path.name} holds no text{why}", "give at least one line")
    return Texts(texts, tally, told)


def take_texts(path: Path, column: str | None = None, *, part: str | None = None) -> Texts:
    """`read_texts` in a process beside this one."""
    return look(read_texts, path, kinds=(Texts, Tally), column=column, part=part)


def _distinct(values: Iterable[Any], tally: Tally) -> list[str]:
    """The texts, counted into a tally in place of the rows they came from."""
    texts: dict[str, None] = {}
    tally.read = 0
    for number, value in enumerate(values, 1):
        text = nfc((text_of(value) or "").strip())
        if not text:
            tally.skip("blank", f"row {number:,}")
        elif any("\ud800" <= letter <= "\udfff" for letter in text):
            tally.skip("not_utf8", f"row {number:,}")
        elif text in texts:
            tally.skip("duplicate", text)
        else:
            texts[text] = None
            tally.read += 1
    return list(texts)


def text_columns_of(table: pa.Table) -> list[str]:
    """Columns that texts can be taken from: those of text first, then the others."""
    texts = _texts(table)
    return [*texts, *(name for name in table.column_names if name not in texts)]


def text_column(table: pa.Table, path: Path, column: str | None = None) -> str:
    """The column that is named, else `text`, else the only one of text, else the only one. Raises InvalidValue."""
    names = table.column_names
    if column:
        try:
            return find_column(names, column, file=path.name)
        except InvalidValue as error:
            raise InvalidValue(
                f"{path.name} has the columns {names[:8]!r}, not {column!r}", "name one of them with --column"
            ) from error
    texts = _texts(table)
    if len(texts) > 1:
        texts = [name for name in texts if not is_dated(table[name])]
    called = [name for name in names if name.casefold() == "text"]
    for some in (called, texts, names):
        if len(some) == 1:
            return str(some[0])
    raise InvalidValue(f"{path.name} has the columns {names!r}", "name one of them with --column")


def _texts(table: pa.Table) -> list[str]:
    kinds = {f.name: f.type.value_type if pa.types.is_dictionary(f.type) else f.type for f in table.schema}
    return [name for name, kind in kinds.items() if is_text(kind)]
