"""The items of a large space: an Arrow column that stays on disk until a name is asked for."""

from __future__ import annotations

import operator
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from isogloss.errors import StoreError
from isogloss.spaces.checksums import Checked

LARGE = 100_000  # items; from here on a space is not held in memory for being open
PARQUET, _TABLE, _ORDER = "items.parquet", "items.arrow", "order.npy"
_PIECE = 65_536
_FEW = 2_000  # look-ups that cost less than a dictionary of a million items


class Items(Sequence[str]):
    """Items as a tuple gives them, out of an Arrow column of strings without nulls.

    order: rows by their items' code points, integers, shape (n_items,); sorted out when first needed, unless given.
    A slice is a tuple, and so is what comparing and hashing go by. Raises ValueError for a column of another kind.

    >>> items = Items(pa.chunked_array([["b", "a"], ["c"]]))
    >>> items[0], items[-2:], len(items), items == ("b", "a", "c"), items.row("c"), items.row("d")
    ('b', ('a', 'c'), 3, True, 2, None)
    """

    def __init__(self, column: pa.ChunkedArray, order: npt.NDArray[Any] | None = None) -> None:
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)) or column.null_count:
            raise ValueError(f"items are a column of {column.type} with {column.null_count} nulls")
        if order is not None and (order.shape != (len(column),) or order.dtype.kind not in "iu"):
            raise ValueError(f"{len(column)} items have an order of {order.dtype} {order.shape}")
        self.column = column
        if order is not None:
            self.order = order

    @cached_property
    def order(self) -> npt.NDArray[Any]:
        return sorted_rows(self.column)

    def __len__(self) -> int:
        return len(self.column)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: int | slice) -> str | tuple[str, ...]:
        if isinstance(at, slice):
            start, stop, step = at.indices(len(self))
            if step == 1:
                return tuple(self.column.slice(start, max(0, stop - start)).to_pylist())
            return tuple(self.column.take(pa.array(range(start, stop, step), pa.int64())).to_pylist())
        row = operator.index(at)
        if not -len(self) <= row < len(self):
            raise IndexError(f"row {row:,} of {len(self):,} items")
        return str(self.column[row].as_py())

    def __iter__(self) -> Iterator[str]:
        for at in range(0, len(self), _PIECE):
            yield from self.column.slice(at, _PIECE).to_pylist()

    def __contains__(self, item: object) -> bool:
        return isinstance(item, str) and self.row(item) is not None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Items | tuple):
            return NotImplemented
        return len(self) == len(other) and all(map(operator.eq, self, other))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Items({len(self):,}: {', '.join(map(repr, self[:3]))}{', …' if len(self) > 3 else ''})"

    def row(self, item: str) -> int | None:
        """The row of an item, by halving; None when it is not there."""
        at = bisect_left(self.order, item, key=self.__getitem__)
        if at == len(self) or self[int(self.order[at])] != item:
            return None
        return int(self.order[at])


class Positions(Mapping[str, int]):
    """Item → row of many items. The first look-ups halve their way; whoever asks for thousands gets a dictionary.

    >>> positions = Positions(Items(pa.chunked_array([["b", "a"]])))
    >>> positions["a"], positions.get("z", -1), 5 in positions, dict(positions)
    (1, -1, False, {'b': 0, 'a': 1})
    """

    def __init__(self, items: Items) -> None:
        self._items, self._asked = items, 0

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {item: row for row, item in enumerate(self._items)}

    def __getitem__(self, item: str) -> int:
        self._asked += 1
        if self._asked > _FEW:
            return self._rows[item]
        row = self._items.row(item) if isinstance(item, str) else None
        if row is None:
            raise KeyError(item)
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


def sorted_rows(column: pa.ChunkedArray) -> npt.NDArray[np.int32]:
    """Rows by their strings' code points, which in UTF-8 is the order of the bytes.

    >>> sorted_rows(pa.chunked_array([["b", "é", "a", "z"]])).tolist()
    [2, 0, 3, 1]
    """
    return np.asarray(pc.sort_indices(column).to_numpy().astype(np.int32))


def item_column(items: Sequence[str]) -> pa.ChunkedArray:
    """Any items as an Arrow column; nothing is copied where they are one."""
    return items.column if isinstance(items, Items) else pa.chunked_array([pa.array(items, pa.string())])


def write_opened(table: pa.Table, folder: Path) -> None:
    """Beside items.parquet the same table as Arrow maps it, and the order of the items: what opening takes."""
    table = table.combine_chunks()
    with pa.OSFile(str(folder / _TABLE), "wb") as file, pa.ipc.new_file(file, table.schema) as out:
        out.write_table(table)
    np.save(folder / _ORDER, sorted_rows(table["item"]), allow_pickle=False)


def read_parquet(path: Path) -> pa.Table:
    """The table of one file. `pq.read_table` reads folders of files too and imports pandas for it: a third of a second.

    Raises OSError and what Arrow raises for a damaged file.
    """
    with pq.ParquetFile(path) as file:
        return file.read()


def read_items(
    folder: Path, large: bool, sums: Mapping[str, Checked] | None = None
) -> tuple[pa.Table, pa.ChunkedArray | Items]:
    """The table of a space's folder and its items; of a large one nothing is read yet, of others they are a column.

    sums: the checksums of the files. Without the mapped files, or with damaged ones, items.parquet has it all. Raises
    StoreError, OSError, ValueError, KeyError and what Arrow raises for a damaged items.parquet.
    """
    sums = sums or {}
    if large:
        try:
            for name in (_TABLE, _ORDER):
                if name in sums:
                    sums[name].require()
            table, order = mapped_items(folder)
            return table, Items(table["item"], order)
        except (StoreError, OSError, ValueError, KeyError, EOFError):  # Arrow's own errors are among these
            pass
    if PARQUET in sums:
        sums[PARQUET].require()
    table = read_parquet(folder / PARQUET)
    return table, Items(table["item"]) if large else table["item"]


def mapped_items(folder: Path) -> tuple[pa.Table, npt.NDArray[Any]]:
    """What `write_opened` wrote, by memory map: the table and the order of its items, which lies within it.

    Raises OSError, ValueError, KeyError, EOFError.
    """
    table = pa.ipc.open_file(pa.memory_map(str(folder / _TABLE))).read_all()
    table.validate()
    order = np.load(folder / _ORDER, mmap_mode="r", allow_pickle=False)
    if order.dtype.kind not in "iu" or (len(order) and not 0 <= int(order.min()) <= int(order.max()) < len(table)):
        raise ValueError(f"an order of {order.dtype} beyond {len(table):,} items")
    return table, order
