"""The same documents written in many ways, and what a reader must give for them."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

Row = tuple[int, str]
WORDS = "plough field barn harvest ship sail harbour captain wind judge court verdict jury fever nurse patient".split()
MARKS = (", and", "; but", ' said "no"', " | so", "\tthen", "'s own", ' 5" wide', "\nNext", " café", " 東京")


def documents(n: int, seed: int = 0, *, marks: Sequence[str] = (), accents: bool = True) -> list[Row]:
    """Years from 1800 on and a sentence each; marks: what some sentences hold that a dialect has to protect."""
    rng = random.Random(seed)
    rows = []
    for i in range(n):
        text = " ".join(rng.choices(WORDS, k=12)).capitalize()
        for mark in marks:
            if rng.random() < 0.3 and (accents or mark.isascii()):
                at = text.index(" ", rng.randrange(len(text) // 2))
                text = text[:at] + mark + text[at:]
        rows.append((1800 + i % 100, text + "."))
    return rows


@dataclass(frozen=True)
class Written:
    """A way to write a table of cells. escape: a backslash before quotation marks instead of doubling them."""

    delimiter: str = ","
    every: bool = False
    escape: bool = False
    end: str = "\n"
    encoding: str = "utf-8"
    bom: bool = False
    sep: bool = False
    spaces: bool = False
    empty_columns: int = 0
    blank_rows: int = 0
    index: bool = False

    @property
    def protects(self) -> tuple[str, ...]:
        """What its texts may hold."""
        kept = [mark for mark in MARKS if self.encoding.startswith("utf") or mark != " 東京"]
        if self.delimiter == "\t":  # a mark at the edge of a cell is a letter there
            kept = [mark for mark in kept if mark not in ("\tthen", "\nNext")]
        return tuple(kept)

    def bytes_of(self, rows: Sequence[Row], names: tuple[str, str] = ("year", "text")) -> bytes:
        lines = [f"sep={self.delimiter}"] if self.sep else []
        between = self.delimiter + (" " if self.spaces else "")
        for i, row in enumerate([names, *rows]):
            cells = [self._cell(str(value), always=self.every) for value in row]
            if self.index:
                cells.insert(0, "" if i == 0 else str(i - 1))
            lines.append(between.join(cells) + self.delimiter * self.empty_columns)
        lines += [self.delimiter * self.empty_columns] * self.blank_rows
        text = self.end.join([*lines, ""])
        return ("\ufeff" * self.bom + text).encode(self.encoding)

    def _cell(self, value: str, *, always: bool) -> str:
        if self.delimiter == "\t":
            return value
        if always or self.spaces or any(letter in value for letter in (self.delimiter, '"', "\n", "\r", "\\")):
            return '"' + value.replace('"', '\\"' if self.escape else '""') + '"'
        return value


def some_way(rng: random.Random) -> Written:
    """One of very many ways."""
    delimiter = rng.choice(",;\t|,;")
    encoding = rng.choice(["utf-8", "utf-8", "utf-16-le", "utf-16-be", "cp1252"])
    quotes = delimiter != "\t"
    return Written(
        delimiter,
        every=quotes and rng.random() < 0.4,
        escape=quotes and rng.random() < 0.25,
        end=rng.choice(["\n", "\n", "\r\n"]),
        encoding=encoding,
        bom=encoding.startswith("utf-16") or (encoding == "utf-8" and rng.random() < 0.3),
        sep=quotes and rng.random() < 0.2,
        spaces=quotes and rng.random() < 0.2,
        empty_columns=rng.choice([0, 0, 0, 2]),
        blank_rows=rng.choice([0, 0, 3]),
        index=rng.random() < 0.2,
    )


def table_bytes(kind: str, rows: Sequence[dict[str, Any]]) -> bytes:
    """Rows in one of the kinds: csv, tsv, jsonl, json, columns.json, parquet, feather."""
    names = list(rows[0])
    if kind in ("csv", "tsv"):
        out = io.StringIO(newline="")
        quoting = csv.QUOTE_NONNUMERIC if kind == "csv" else csv.QUOTE_MINIMAL
        writer = csv.writer(out, delimiter="," if kind == "csv" else "\t", lineterminator="\n", quoting=quoting)
        writer.writerows([names, *([row[name] for name in names] for row in rows)])
        return out.getvalue().encode()
    if kind == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    if kind == "json":
        return json.dumps(rows, indent=1).encode()
    if kind == "columns.json":
        return json.dumps({name: [row[name] for row in rows] for name in names}).encode()
    table, stream = pa.Table.from_pylist(list(rows)), io.BytesIO()
    if kind == "parquet":
        pq.write_table(table, stream)
    else:
        feather.write_feather(table, stream)
    return stream.getvalue()
