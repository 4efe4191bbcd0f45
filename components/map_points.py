"""The points of a map: rows of one or several spaces, one after the other, with what is known of each."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from components.labels import shorten
from isogloss.collection import Collection
from isogloss.layout import Layout

SPACE, KEPT = "space", "kept neighbors"


@dataclass(frozen=True, eq=False)
class MapPoints:
    """The layout of spaces of a collection, row by row."""

    collection: Collection
    layout: Layout

    def __len__(self) -> int:
        return len(self.layout.kept)

    @cached_property
    def items(self) -> list[str]:
        return [item for name in self.layout.spaces for item in self.collection[name].items]

    @cached_property
    def labels(self) -> list[str]:
        """The items as short text that cannot become markup."""
        return [html.escape(shorten(item), quote=False) for item in self.items]

    @cached_property
    def space_of(self) -> npt.NDArray[np.int64]:
        """Index into layout.spaces, shape (n_points,)."""
        return np.repeat(np.arange(len(self.layout.sizes)), self.layout.sizes)

    @cached_property
    def numbers(self) -> dict[str, npt.NDArray[Any]]:
        """Item columns that hold numbers in every space, and the kept neighbors; missing is NaN."""
        found = {}
        for name in self._columns():
            parts = [np.asarray(self.collection[s].column(name), dtype=np.float32) for s in self.layout.spaces]
            found[name] = np.concatenate(parts)
        return found | {KEPT: self.layout.kept.astype(np.float32)}

    def _columns(self) -> list[str]:
        tables = [self.collection[s].columns for s in self.layout.spaces]
        return [
            name
            for name in tables[0].column_names
            if all(name in t.column_names and _is_number(t.schema.field(name).type) for t in tables)
        ]

    @cached_property
    def categories(self) -> dict[str, list[str]]:
        """Item columns that hold text in every space, and the space itself when there are several."""
        tables = [self.collection[s].columns for s in self.layout.spaces]
        found = {
            name: [str(v) if v is not None else "—" for t in tables for v in t[name].to_pylist()]
            for name in tables[0].column_names
            if all(name in t.column_names and pa.types.is_string(t.schema.field(name).type) for t in tables)
        }
        return {SPACE: [self.layout.spaces[i] for i in self.space_of]} | found

    def table(self, rows: list[int]) -> pa.Table:
        """The chosen points as a table: item, space, count, per_million, kept neighbors."""
        at = np.asarray(rows, dtype=np.int64)
        columns: dict[str, Any] = {
            "item": [self.items[r] for r in rows],
            "space": [self.layout.spaces[i] for i in self.space_of[at]],
        }
        for name in ("count", "per_million"):
            if name in self.numbers:
                columns[name] = self.numbers[name][at].astype(np.int64 if name == "count" else np.float64)
        columns[f"kept of {self.layout.k}"] = self.layout.kept[at].astype(np.int64)
        return pa.table(columns)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))
