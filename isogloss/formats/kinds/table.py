"""Tables with a column of vectors: Parquet, Arrow, CSV, JSON lines, and folders of Hugging Face `datasets`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.formats.collected import Block
from isogloss.formats.format import Format
from isogloss.formats.text import MOST_DIM
from isogloss.tables.content import SEPARATED
from isogloss.tables.json_values import json_objects
from isogloss.tables.opened import opened
from isogloss.tables.separated import separated_options
from isogloss.tables.table import kind_of

VECTOR_NAMES = ("vector", "vectors", "embedding", "embeddings", "emb", "features")
ITEM_NAMES = ("item", "word", "token", "text", "term", "sentence", "label", "id")
_ROWS = 20_000
_LONGEST = 1 << 26
_HEADS = {b"vector", b"embedding", b"vectors", b"embeddings"}  # of a column, in a file without an ending


def read_table(path: Path) -> Iterator[Block]:
    """Blocks of a table: one column of vectors, one of items, the others kept beside them where they are plain.

    The columns are found by their names (vector, embedding …; item, word, text …), else by being the only ones of their
    kind. Raises InvalidValue naming the columns there are, or the row.
    """
    row = 0
    try:
        for batch in _batches(path):
            if batch.num_rows:
                yield _block(pa.Table.from_batches([batch]), path, row)
            row += batch.num_rows
    except (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError, RecursionError) as error:
        reason = " ".join(str(error).split())[:160]
        raise InvalidValue(f"{path.name} cannot be read ({reason})", "check that the file is whole") from error


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    from pyarrow import csv, parquet

    if path.is_dir():
        yield from _dataset(path)
        return
    kind = kind_of(path)
    if kind == ".parquet":
        with parquet.ParquetFile(path) as file:
            yield from file.iter_batches(_ROWS)
        return
    with opened(path) as stream:
        if kind in (".arrow", ".feather", ".ipc"):
            yield from _arrow(path)
        elif kind in SEPARATED:
            with csv.open_csv(pa.PythonFile(stream, "r"), parse_options=separated_options(kind)) as reader:
                yield from reader
        else:
            yield from _json_lines(stream, path)


def _arrow(path: Path) -> Iterator[pa.RecordBatch]:
    from pyarrow import ipc

    with pa.memory_map(str(path)) as source:
        magic = source.read(6)
        source.seek(0)
        if magic == b"ARROW1":
            reader = ipc.open_file(source)
            yield from (reader.get_batch(i) for i in range(reader.num_record_batches))
        else:
            yield from ipc.open_stream(source)


def _dataset(folder: Path) -> Iterator[pa.RecordBatch]:
    try:
        state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        names = [str(one["filename"]) for one in state["_data_files"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidValue(f"{folder.name} is no folder of datasets", "save it with Dataset.save_to_disk") from error
    for name in names:
        if Path(name).name != name or not (folder / name).is_file():
            raise InvalidValue(f"{folder.name} lacks its file {name[:80]!r}", "save it again with Dataset.save_to_disk")
        yield from _arrow(folder / name)


def _json_lines(stream: Iterable[bytes], path: Path) -> Iterator[pa.RecordBatch]:
    rows: list[dict[str, Any]] = []
    number = 0
    for number, one in json_objects(stream, path.name):
        rows.append(one)
        if len(rows) == _ROWS:
            yield _of_rows(rows, path, number)
            rows = []
    if rows:
        yield _of_rows(rows, path, number)


def _of_rows(rows: list[dict[str, Any]], path: Path, line: int) -> pa.RecordBatch:
    try:
        return pa.RecordBatch.from_pylist(rows)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        reason = " ".join(str(error).split())[:160]
        raise InvalidValue(
            f"{path.name}, before line {line:,}: {reason}", "give every object the same fields"
        ) from error


def _block(table: pa.Table, path: Path, row: int) -> Block:
    vector = _vector_column(table, path)
    texts = [f.name for f in table.schema if f.name != vector and _is_text(f.type)]
    item = next((n for n in ITEM_NAMES if n in texts), texts[0] if texts else None)
    if item is None:
        raise InvalidValue(
            f"{path.name} has no column of text ({', '.join(table.column_names)[:200]})", "name one `item`"
        )
    vectors = _matrix(table[vector].combine_chunks(), path, row)
    items = ["" if v is None else str(v) for v in table[item].to_pylist()]
    plain = [f.name for f in table.schema if f.name not in (vector, item) and _is_plain(f.type)]
    return Block(items, vectors, {name: table[name].to_pylist() for name in plain})


def _is_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_plain(kind: pa.DataType) -> bool:
    return _is_text(kind) or bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _vector_column(table: pa.Table, path: Path) -> str:
    lists = [f.name for f in table.schema if _is_list(f.type)]
    named = [n for n in VECTOR_NAMES if n in table.column_names]
    chosen = next((n for n in named if n in lists), named[0] if named else lists[0] if len(lists) == 1 else None)
    if chosen is None:
        raise InvalidValue(
            f"{path.name} has no column of vectors among {', '.join(table.column_names)[:200]}", "name it `vector`"
        )
    return chosen


def _matrix(column: Any, path: Path, row: int) -> np.ndarray:
    if _is_text(column.type):
        column = _from_text(column.to_pylist(), path, row)
    if not _is_list(column.type) or not (
        pa.types.is_floating(column.type.value_type) or pa.types.is_integer(column.type.value_type)
    ):
        raise InvalidValue(f"the vectors of {path.name} are {column.type}", "give lists of numbers")
    if column.null_count:
        first = int(np.argmax(np.asarray(column.is_null())))
        raise InvalidValue(f"{path.name}, row {row + first + 1:,} has no vector", "leave such rows out")
    lengths = np.asarray(column.value_lengths()) if not pa.types.is_fixed_size_list(column.type) else None
    dim = int(lengths[0]) if lengths is not None else column.type.list_size
    if lengths is not None and (lengths != dim).any():
        first = int(np.argmax(lengths != dim))
        raise InvalidValue(
            f"{path.name}, row {row + first + 1:,} has {int(lengths[first]):,} numbers, expected {dim:,}",
            "give vectors of one length",
        )
    if not 1 <= dim <= MOST_DIM:
        raise InvalidValue(f"{path.name} has {dim:,} numbers a vector", f"vectors of 1 to {MOST_DIM:,} can be imported")
    flat = column.flatten()
    with np.errstate(over="ignore", invalid="ignore"):
        numbers = np.asarray(flat.to_numpy(zero_copy_only=False), dtype=np.float32)
    return numbers.reshape(len(column), dim)


def _from_text(values: list[str | None], path: Path, row: int) -> Any:
    found = []
    for i, value in enumerate(values):
        try:
            if value is None or len(value) > _LONGEST:
                raise ValueError
            inner = value.strip().strip("[]()")
            found.append([float(part) for part in inner.replace(",", " ").split()])
        except ValueError as error:
            shown = repr((value or "")[:40])
            raise InvalidValue(
                f"{path.name}, row {row + i + 1:,}: the vector is {shown}", "write numbers, as in [0.1, -2.5e-3]"
            ) from error
    return pa.array(found, type=pa.list_(pa.float64()))


class Table(Format):
    name = "table"
    title = "Parquet, Arrow, CSV, JSON lines, datasets folder"
    help = "a table with a column of vectors and one of items; further columns are kept"
    words = {"Parquet": "", "Arrow": "", "CSV": "", "JSON lines": ""}  # noqa: RUF012
    endings = (".parquet", ".arrow", ".feather", ".csv", ".jsonl", ".ndjson")
    folders = True

    def claims(self, head: bytes, name: str) -> bool:
        """By its ending, as Parquet by its first bytes, or where the first line names a column of vectors."""
        named = (cell.strip().strip(b'"').lower() for cell in head.split(b"\n", 1)[0].split(b"\t"))
        return super().claims(head, name) or head.startswith(b"PAR1") or not _HEADS.isdisjoint(named)

    def expected(self, path: Path) -> int | None:
        if path.suffix != ".parquet":
            return None
        from pyarrow import parquet

        return int(parquet.read_metadata(path).num_rows)

    def read(self, path: Path, vocabulary: Path | None) -> Iterator[Block]:
        return read_table(path)


member = Table()
