"""Columns of a table as arrays of numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from isogloss.types import Rows


def array_of(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """The values, (n,): numbers as they lie, where none is missing; else as Arrow gives them, which loads pandas.

    >>> array_of(pa.chunked_array([[3], [1]])).tolist()
    [3, 1]
    >>> array_of(pa.chunked_array([["a", None]])).tolist()
    ['a', None]
    """
    values = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if not values.null_count and (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        return np.from_dlpack(values)
    return values.to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


def runs_of(*columns: pa.ChunkedArray) -> dict[tuple[Any, ...], list[slice]]:
    """Rows in which several columns of few values stay the same: by these values, the runs of such rows.

    >>> runs_of(pa.chunked_array([["a", "a", "b", "a"]]), pa.chunked_array([[True, True, True, True]]))
    {('a', True): [slice(0, 2, None), slice(3, 4, None)], ('b', True): [slice(2, 3, None)]}
    """
    code: npt.NDArray[np.int64]
    encoded = [column.combine_chunks().dictionary_encode() for column in columns]
    n, code = len(columns[0]), np.zeros(len(columns[0]), dtype=np.int64)
    for one in encoded:
        code = code * len(one.dictionary) + array_of(pa.chunked_array([one.indices]))
    starts = np.flatnonzero(np.diff(code, prepend=-1)).tolist()
    found: dict[tuple[Any, ...], list[slice]] = {}
    for start, end in zip(starts, [*starts[1:], n], strict=True):
        found.setdefault(tuple(one[start].as_py() for one in encoded), []).append(slice(start, end))
    return found


def taken(table: pa.Table, rows: Rows) -> pa.Table:
    """Some rows of a table; Arrow's own way from an array of numpy loads pandas.

    >>> taken(pa.table({"a": [1, 2, 3]}), np.array([2, 0]))["a"].to_pylist()
    [3, 1]
    """
    at = np.ascontiguousarray(rows, dtype=np.int64)
    return table.take(pa.Array.from_buffers(pa.int64(), len(at), [None, pa.py_buffer(at)]))
