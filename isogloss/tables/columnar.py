"""Tables that know their columns: Parquet, Arrow, folders of their shards, and what `datasets` saves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.tables.bounded import read_bytes
from isogloss.tables.columns import is_text, texts_of, told_apart
from isogloss.tables.opened import inner_name
from isogloss.tables.read import TableRead
from isogloss.text.nested import read_json
from isogloss.text.tally import Tally

MOST_ROWS = 50_000_000
SPLITS = "dataset_dict.json"
STATE = "state.json"
_CELLS, _CELLS_A_BYTE = 1_000_000, 20
_SHARD = re.compile(r"^(.*?)[-_.]?\d{3,}(?:[-_]of[-_]\d{3,})?$")


def read_columnar(path: Path, kind: str, *, part: str | None = None) -> TableRead:
    """A file of Parquet or Arrow; rows whose text is not UTF-8 are skipped and counted. Raises InvalidValue."""
    packed = part is not None or inner_name(path) != path.name.lower()
    source = pa.BufferReader(read_bytes(path, part=part)) if packed else path
    table = _parquet(source, path, part) if kind == "parquet" else _arrow(source)
    require_filled(path, part, rows=len(table), columns=table.num_columns)
    names, renamed = told_apart(table.column_names)
    tally = Tally()
    table = _utf8(table.rename_columns(names), tally, path.name)
    tally.read = len(table)
    told = {"renamed": ", ".join(f"{old!r} is {new!r}" for old, new in renamed.items())} if renamed else {}
    return TableRead(table, tally, told)


def require_filled(path: Path, part: str | None, *, rows: int, columns: int) -> None:
    """Raises InvalidValue for a table of far more cells than bytes: some hundred bytes can say that there are billions.

    path: of the file, part: of it where it is an archive; a packed one may hold more.
    """
    name = part or path.name
    if rows > MOST_ROWS:
        raise InvalidValue(f"{name} holds {rows:,} rows", f"at most {MOST_ROWS:,} are read")
    size = path.stat().st_size
    if rows * columns > _CELLS + _CELLS_A_BYTE * size:
        raise InvalidValue(
            f"{name} says {rows:,} rows of {columns:,} columns in {size:,} bytes", "look at what it is: most are empty"
        )


def _parquet(source: Any, path: Path, part: str | None) -> pa.Table:
    from pyarrow import parquet

    with parquet.ParquetFile(source) as file:
        told = file.metadata
        require_filled(path, part, rows=told.num_rows, columns=len(file.schema_arrow))
        return file.read()


def _arrow(source: Any) -> pa.Table:
    """The table, in memory: a file that is mapped can be cut off, or be another, while it is read."""
    from pyarrow import feather, ipc

    file = pa.OSFile(str(source)) if isinstance(source, Path) else source
    with file:
        head = bytes(file.read(6))
        file.seek(0)
        if head.startswith(b"FEA1"):
            return feather.read_table(file)
        return (ipc.open_file(file) if head == b"ARROW1" else ipc.open_stream(file)).read_all()


def sound(table: pa.Table) -> pa.Table:
    """The same table, of which every offset, length and code is known to lie where there is something, whatever its
    texts hold. Nothing of a table from outside is looked at before. Raises pa.ArrowException.
    """
    bare = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary(), pa.string_view(): pa.binary_view()}
    columns = [
        pa.chunked_array([chunk.view(bare[column.type]) for chunk in column.chunks], bare[column.type])
        if column.type in bare
        else column
        for column in table.columns
    ]
    pa.table(columns, names=[str(i) for i in range(len(columns))]).validate(full=True)
    return table


def _utf8(table: pa.Table, tally: Tally, name: str) -> pa.Table:
    """Without the rows that hold a text that is not UTF-8. Raises InvalidValue, pa.ArrowException for other damage."""
    sound(table)
    try:
        table.validate(full=True)
    except pa.ArrowInvalid:
        odd = _not_utf8(table)
        if not odd:
            raise
        for row in odd:
            tally.skip("not_utf8", f"row {row + 1:,}")
        tally.read = len(table) - len(odd)
        tally.refuse_above(name, {"not_utf8": "convert it to UTF-8"})
        bad = set(odd)
        table = table.take(pa.array([row for row in range(len(table)) if row not in bad], pa.int64()))
        table.validate(full=True)
    return table


def _not_utf8(table: pa.Table) -> list[int]:
    found = set()
    for column in table.columns:
        if is_text(column.type):
            for row, value in enumerate(column.cast(pa.large_binary()).to_pylist()):
                try:
                    (value or b"").decode("utf-8")
                except UnicodeDecodeError:
                    found.add(row)
    return sorted(found)


def splits_of(folder: Path) -> list[str]:
    """The splits of a folder of `datasets`, or what the names of shards tell apart: `train` of train-00000-of-00002.

    Raises InvalidValue for a folder of `datasets` that lacks what it lists.
    """
    if (folder / SPLITS).is_file():
        try:
            found = [str(one) for one in read_json((folder / SPLITS).read_text(encoding="utf-8"))["splits"]]
            if not found or any(Path(one).name != one for one in found):
                raise ValueError
            return found
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidValue(f"{folder.name}/{SPLITS} lists no splits", "save it again with save_to_disk") from error
    return []


def shard_name(name: str) -> str:
    """What the shards of one split have in common.

    >>> shard_name("train-00000-of-00002"), shard_name("part-0001"), shard_name("test")
    ('train', 'part', 'test')
    """
    found = _SHARD.match(name)
    return found[1] if found and found[1] else name


def dataset_files(folder: Path) -> list[Path]:
    """The Arrow files of a folder of `datasets`, in their order. Raises InvalidValue."""
    try:
        state = read_json((folder / STATE).read_text(encoding="utf-8"))
        names = [str(one["filename"]) for one in state["_data_files"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidValue(f"{folder.name} is no folder of datasets", "save it with Dataset.save_to_disk") from error
    for name in names:
        if Path(name).name != name or not (folder / name).is_file():
            raise InvalidValue(f"{folder.name} lacks its file {name[:80]!r}", "save it again with Dataset.save_to_disk")
    return [folder / name for name in names]


def together(reads: Sequence[TableRead]) -> TableRead:
    """Shards as one table; a column that some lack is null there, one of several kinds is text."""
    tally = Tally()
    for one in reads:
        tally.add(one.read)
    tables = [one.table for one in reads]
    try:
        table = pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException:
        kinds: dict[str, set[str]] = {}
        for one in tables:
            for field in one.schema:
                kinds.setdefault(field.name, set()).add(str(field.type))
        mixed = {name for name, found in kinds.items() if len(found) > 1}
        table = pa.concat_tables([_as_texts(one, mixed) for one in tables], promote_options="permissive")
    told: dict[str, str] = {}
    for read in reads:
        told |= read.told
    return TableRead(table, tally, told)


def _as_texts(table: pa.Table, names: set[str]) -> pa.Table:
    for i, name in enumerate(table.column_names):
        if name in names:
            table = table.set_column(i, name, texts_of(table[name].to_pylist()))
    return table
