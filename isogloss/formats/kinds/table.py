"""Tables with a column of vectors: Parquet, Arrow, CSV in its dialects, JSON, shards, folders of `datasets`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.formats.chosen import Candidate, Chosen
from isogloss.formats.collected import Block
from isogloss.formats.columns import Columns, candidates, choose_columns
from isogloss.formats.format import Format
from isogloss.formats.matrix import matrix_of
from isogloss.tables.bounded import read_bytes
from isogloss.tables.columnar import require_filled, sound
from isogloss.tables.columns import told_apart
from isogloss.tables.read import TableRead
from isogloss.tables.table import content_kind, read_table
from isogloss.text.nested import read_json
from isogloss.text.tally import Tally

_ROWS = 20_000
_HEADS = {b"vector", b"embedding", b"vectors", b"embeddings"}  # of a column, in a file without an ending
_LARGE = 1 << 28  # bytes of an object that may be item → vector
_BEGIN = 1 << 16


def read_vectors_of_table(path: Path, chosen: Chosen) -> Iterator[Block]:
    """Blocks of a table: one column of vectors (or one a dimension), one of items, the others kept beside them.

    Rows without a vector, or with another number of numbers, are counted. Raises InvalidValue naming the columns there
    are, or the rows.
    """
    try:
        columns: Columns | None = None
        row, dim = 0, None
        for table, tally, said in _tables(path, chosen):
            columns = columns or choose_columns(table, chosen, file=path.name)
            if columns.header and not row:
                table = _with_heading(table, columns)
            vectors, kept = matrix_of(table, columns.vectors, tally, row=row, dim=dim, file=path.name)
            dim = dim or vectors.shape[1]
            row += len(table)
            part = table.take(pa.array(kept)) if len(kept) < len(table) else table
            items = ["" if v is None else str(v) for v in part[columns.item].to_pylist()]
            others = [name for name in part.column_names if name != columns.item and name not in columns.vectors]
            yield Block(items, vectors, {n: part[n].to_pylist() for n in others}, tally=tally, said=said)
    except (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError, RecursionError) as error:
        reason = " ".join(str(error).split())[:160]
        raise InvalidValue(f"{path.name} cannot be read ({reason})", "check that the file is whole") from error


def _tables(path: Path, chosen: Chosen) -> Iterator[tuple[pa.Table, Tally, tuple[str, ...]]]:
    """The rows, some at a time, with what the reader skipped and recognised."""
    from pyarrow import parquet

    if path.is_file() and path.suffix.lower() == ".parquet":  # by its row groups: the vectors are never twice in memory
        with parquet.ParquetFile(path) as file:
            given = file.schema_arrow.names
            require_filled(path, None, rows=file.metadata.num_rows, columns=len(given))
            names, renamed = told_apart(given)
            said = tuple(f"renamed: {old!r} is {new!r}" for old, new in renamed.items())
            for batch in file.iter_batches(_ROWS):
                yield sound(pa.Table.from_batches([batch])).rename_columns(names), Tally(), said
                said = ()
        return
    found = _dictionary(path, chosen) or read_table(path, part=chosen.part, plain=False)
    said = tuple(f"{what}: {how}" for what, how in found.told.items())
    skipped = Tally(skipped=dict(found.read.skipped), listed=found.read.listed, left_out=found.read.left_out)
    for at in range(0, len(found.table), _ROWS):
        yield found.table.slice(at, _ROWS), skipped if not at else Tally(), said if not at else ()
    if not len(found.table):
        raise InvalidValue(f"{path.name} holds no row", "give one row for each item")


def _dictionary(path: Path, chosen: Chosen) -> TableRead | None:
    """One object of JSON that is item → vector, as a table; None for another file."""
    if not path.is_file() or content_kind(path, chosen.part) != "json":
        return None
    data = read_bytes(path, part=chosen.part, most=_LARGE) if path.stat().st_size <= _LARGE else b""
    if not data.lstrip().startswith(b"{"):
        return None
    try:
        whole = read_json(data)
    except ValueError:
        return None
    if not isinstance(whole, dict) or not whole or not all(map(_is_vector, whole.values())):
        return None
    if len({len(one) for one in whole.values()}) > 1 and set(map(str.casefold, whole)) & {"vector", "embedding"}:
        return None
    vectors = pa.array([[float(v) for v in one] for one in whole.values()], pa.list_(pa.float64()))
    items = pa.array(list(whole), pa.string())
    return TableRead(pa.table({"item": items, "vector": vectors}), Tally(read=len(whole)), {"object": "item to vector"})


def _is_vector(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 0
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in value)
    )


def _with_heading(table: pa.Table, columns: Columns) -> pa.Table:
    """A table whose heading is its first row, with that row."""
    names = table.column_names
    first = [float(name.split(" ")[0]) if name in columns.vectors else name for name in names]
    heading = pa.table([pa.array([v], table[n].type) for v, n in zip(first, names, strict=True)], names=names)
    return pa.concat_tables([heading, table])


class Table(Format):
    name = "table"
    title = "Parquet, Arrow, CSV, JSON, datasets folder"
    help = "a table with a column of vectors and one of items; further columns are kept"
    words = {"Parquet": "", "Arrow": "", "CSV": "", "JSON": ""}  # noqa: RUF012
    endings = (".parquet", ".arrow", ".feather", ".csv", ".jsonl", ".ndjson", ".json")
    folders = True

    def knows(self, head: bytes) -> bool:
        return head.startswith((b"PAR1", b"ARROW1"))

    def claims(self, head: bytes, name: str) -> bool:
        """By its ending, as Parquet by its first bytes, or where the first line names a column of vectors."""
        named = (cell.strip().strip(b'"').lower() for cell in head.split(b"\n", 1)[0].split(b"\t"))
        return super().claims(head, name) or head.startswith(b"PAR1") or not _HEADS.isdisjoint(named)

    def expected(self, path: Path) -> int | None:
        if path.suffix != ".parquet":
            return None
        from pyarrow import parquet

        return int(parquet.read_metadata(path).num_rows)

    def read(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> Iterator[Block]:
        return read_vectors_of_table(path, chosen)

    def candidates(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> tuple[Candidate, ...]:
        table = next(_tables(path, chosen))[0].slice(0, 1_000)
        try:
            columns = choose_columns(table, chosen, file=path.name)
        except InvalidValue:
            columns = Columns("", ())
        return candidates(table, columns)


member = Table()
