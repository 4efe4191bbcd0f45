"""A column of vectors as a matrix, rows without one counted and left out; a matrix and its names as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from isogloss.errors import InvalidValue
from isogloss.formats.collected import Block
from isogloss.formats.columns import is_list, is_number
from isogloss.formats.vocabulary import Names
from isogloss.tables.columns import is_text
from isogloss.text.tally import Tally
from isogloss.types import Vectors

MOST_DIM = 65_536
_ROWS = 50_000
_LONGEST = 1 << 26
_BRACKETS = re.compile(r"^\s*(?:np\.)?(?:array)?\s*")
_TRAILS = re.compile(r"(?:,\s*dtype=[^)]*)?[\])}\s]*$")


def matrix_of(
    table: pa.Table, names: tuple[str, ...], tally: Tally, *, row: int, dim: int | None, file: str
) -> tuple[Vectors, npt.NDArray[np.int64]]:
    """float32 (n, dim), and which of the table's rows they are, (n,).

    names: the column of vectors, or one for each dimension. row: how many rows came before. dim: of the rows before,
    None for the first: then it is the commonest length. Raises InvalidValue for what holds no vectors.
    """
    if len(names) > 1:
        parts = [np.asarray(table[name].cast(pa.float64()).to_numpy(), dtype=np.float64) for name in names]
        with np.errstate(over="ignore"):
            return np.column_stack(parts).astype(np.float32), np.arange(len(table))
    given = table[names[0]].combine_chunks()
    empty = np.asarray(given.is_null())
    for at in np.flatnonzero(empty).tolist():
        tally.skip("no_vector", f"row {row + at + 1:,}")
    column = _as_lists(given, tally, row)
    known = ~np.asarray(column.is_null())
    if not is_text(given.type):
        for at in np.flatnonzero(~known & ~empty).tolist():
            tally.skip("no_number", f"row {row + at + 1:,}")
    lengths = np.asarray(pc.list_value_length(column).fill_null(-1))
    if dim is None:
        found, often = np.unique(lengths[known], return_counts=True)
        dim = int(found[often.argmax()]) if len(found) else 0
    if not 1 <= dim <= MOST_DIM:
        raise InvalidValue(f"{file} has {dim:,} numbers a vector", f"vectors of 1 to {MOST_DIM:,} can be imported")
    for at in np.flatnonzero(known & (lengths != dim)).tolist():
        tally.skip("other_length", f"row {row + at + 1:,}: {lengths[at]:,} numbers, expected {dim:,}")
    kept = np.flatnonzero(known & (lengths == dim))
    flat = column.take(pa.array(kept)).flatten()
    with np.errstate(over="ignore", invalid="ignore"):
        numbers = np.asarray(flat.to_numpy(zero_copy_only=False), dtype=np.float32)
    return numbers.reshape(len(kept), dim), kept


def _as_lists(column: Any, tally: Tally, row: int) -> Any:
    """Any column of vectors as lists of numbers: nested once, in a struct, as bytes of float32, as text."""
    kind = column.type
    if pa.types.is_struct(kind):
        field = next(f.name for f in kind if is_list(f.type) and is_number(f.type.value_type))
        return column.field(field)
    if is_list(kind) and is_list(kind.value_type):
        return pa.array([None if v is None else [x for part in v for x in part or ()] for v in column.to_pylist()])
    if is_list(kind):
        return column.cast(pa.list_(pa.float64())) if pa.types.is_decimal(kind.value_type) else column
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        raw = column.to_pylist()
        values = [None if v is None or len(v) % 4 else np.frombuffer(v, dtype="<f4").astype(np.float64) for v in raw]
        return pa.array(values, type=pa.list_(pa.float64()))
    if is_text(kind):
        return pa.array([_numbers(v, tally, row + i) for i, v in enumerate(column.to_pylist())], pa.list_(pa.float64()))
    raise InvalidValue(f"the vectors are {kind}", "give lists of numbers")


def _numbers(value: str | None, tally: Tally, row: int) -> list[float] | None:
    if value is None:
        return None
    try:
        if len(value) > _LONGEST:
            raise ValueError
        inner = _TRAILS.sub("", _BRACKETS.sub("", value)).lstrip("[({ ")
        return [float(part) for part in inner.replace(",", " ").replace(";", " ").split()]
    except ValueError:
        tally.skip("no_number", f"row {row + 1:,}: {value[:40]!r}")
        return None


class Rows:
    """A matrix in a file, of which rows are read when they are asked for; not mapped, since a file can be cut off.

    begin: the byte at which it begins; whoever makes one has seen that the file is long enough.
    """

    ndim = 2

    def __init__(self, path: Path, dtype: np.dtype[Any], shape: tuple[int, int], begin: int) -> None:
        self.dtype, self.shape = dtype, shape
        self._path, self._begin = path, begin

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice) -> npt.NDArray[Any]:
        first, last, _ = rows.indices(len(self))
        width = self.shape[1]
        at = self._begin + first * width * self.dtype.itemsize
        found = np.fromfile(self._path, dtype=self.dtype, count=(last - first) * width, offset=at)
        return found.reshape(last - first, width)


def rows_of(matrix: npt.NDArray[Any] | Rows, names: Names, path: Path, *, bfloat: bool = False) -> Iterator[Block]:
    """Blocks of a matrix whose rows are named. bfloat: its bits are those of bfloat16, kept as uint16.

    Raises InvalidValue for what is no table of numbers, or has another number of names than rows.
    """
    if matrix.ndim != 2 or matrix.dtype.kind not in "fiu" or not 1 <= matrix.shape[1] <= MOST_DIM:
        raise InvalidValue(
            f"{path.name} is {matrix.dtype} of shape {matrix.shape}", "give numbers of shape (items, dim)"
        )
    if len(names.items) != len(matrix):
        raise InvalidValue(
            f"{path.name} has {len(matrix):,} rows and the vocabulary {len(names.items):,} items", "give the pair"
        )
    for at in range(0, len(matrix), _ROWS):
        part = np.asarray(matrix[at : at + _ROWS])
        with np.errstate(over="ignore"):
            vectors = (part.astype(np.uint32) << 16).view(np.float32) if bfloat else part.astype(np.float32)
        items, columns = names.slice(at, at + _ROWS)
        yield Block(items, vectors, columns, said=names.said if not at else ())
