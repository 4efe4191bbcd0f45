"""LanceDB: embedded, the same code over a folder or an object store."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from isogloss.errors import needs
from isogloss.nearest.remote.engine import RECORDS, Connection
from isogloss.nearest.remote.where import Condition
from isogloss.types import Rows, Vectors

INDEXED_FROM = 50_000  # rows; below, every one is read
_PROBES = (32, 64, 128, 256)
_REFINED = 10
_STORE = re.compile(r"(s3|gs|az)://.+|(?!\w+://).+")
_QUOTED = str.maketrans({"'": "''"})


def _name(column: str) -> str:
    """A column's name in its table: bare letters, so that no name can be read as a query."""
    return "c_" + column.encode().hex()


def _where(conditions: Sequence[Condition]) -> str:
    """
    >>> _where([Condition("count", ">=", 3), Condition("l", "=", "it's")])
    "c_636f756e74 >= 3 AND c_6c = 'it''s'"
    """
    return " AND ".join(f"{_name(one.column)} {one.sign} {_literal(one.value)}" for one in conditions)


def _literal(value: object) -> str:
    if isinstance(value, str):
        return f"'{value.translate(_QUOTED)}'"
    return json.dumps(value)


class _Table:
    def __init__(self, table: Any, dim: int, schema: pa.Schema, columns: pa.Schema) -> None:
        self._table, self._dim, self._schema, self._columns = table, dim, schema, columns

    def count(self) -> int:
        return int(self._table.count_rows())

    def put(self, first: int, vectors: Vectors, items: Sequence[str], columns: pa.Table, r: Vectors) -> None:
        flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).ravel(), pa.float32())
        arrays = [
            pa.array(np.arange(first, first + len(items)), pa.int64()),
            pa.FixedSizeListArray.from_arrays(flat, self._dim),
            pa.array(items, pa.string()),
            pa.array(r, pa.float32()),
            *(columns[name].combine_chunks() for name in self._columns.names),
        ]
        self._table.add(pa.Table.from_arrays(arrays, schema=self._schema))

    def drop_from(self, first: int) -> None:
        self._table.delete(f"row >= {int(first)}")

    def build(self) -> str:
        from lancedb.index import BTree, IvfPq

        n = self.count()
        if n >= 1_000:
            self._table.create_index("row", config=BTree(), replace=True)
            self._table.create_index("item", config=BTree(), replace=True)
        if n < INDEXED_FROM:
            return "LanceDB, flat"
        sub = next(d for d in (self._dim // 2, self._dim // 3, self._dim // 5, 1) if d and self._dim % d == 0)
        config = IvfPq(distance_type="cosine", num_partitions=max(16, round(n**0.5)), num_sub_vectors=sub)
        self._table.create_index("vector", config=config, replace=True)
        return "LanceDB, IVF_PQ"

    def search(self, queries: Vectors, k: int, *, effort: int, where: Sequence[Condition] = ()) -> Rows:
        found = np.full((len(queries), k), -1, dtype=np.int64)
        for at, query in enumerate(queries):
            asked = self._table.search(query, vector_column_name="vector").distance_type("cosine")
            if where:
                asked = asked.where(_where(where), prefilter=True)
            asked = asked.nprobes(_PROBES[effort]).refine_factor(_REFINED).limit(k).select(["row", "_distance"])
            rows = asked.to_arrow()["row"].to_numpy()[:k]
            found[at, : len(rows)] = rows
        return found

    def _at(self, rows: Rows, columns: list[str]) -> pa.Table:
        """Of each row, in the order asked."""
        asked = np.unique(rows)
        told = ", ".join(map(str, asked.tolist())) or "-1"
        got = self._table.search().where(f"row IN ({told})").limit(max(1, len(asked))).select(["row", *columns])
        table = got.to_arrow().sort_by("row")
        return table.take(pa.array(np.searchsorted(asked, rows)))

    def vectors(self, rows: Rows) -> Vectors:
        return _matrix(self._at(rows, ["vector"])["vector"], self._dim)

    def about(self, rows: Rows) -> tuple[list[str], Vectors]:
        table = self._at(rows, ["item", "r"])
        return table["item"].to_pylist(), table["r"].to_numpy()

    def find(self, item: str) -> int | None:
        found = self._table.search().where(f"item = {_literal(item)}").limit(1).select(["row"]).to_arrow()["row"]
        return int(found[0].as_py()) if len(found) else None

    def scan(self, first: int, n: int) -> tuple[Vectors, list[str], pa.Table]:
        asked = self._table.search().where(f"row >= {int(first)} AND row < {int(first + n)}").limit(n)
        table = asked.to_arrow().sort_by("row")
        columns = pa.table({name: table[_name(name)] for name in self._columns.names}, schema=self._columns)
        return _matrix(table["vector"], self._dim), table["item"].to_pylist(), columns


def _matrix(column: Any, dim: int) -> Vectors:
    whole = column.combine_chunks()
    flat = whole.flatten() if len(whole) else pa.array([], pa.float32())
    return np.asarray(flat.to_numpy(zero_copy_only=False), dtype=np.float32).reshape(-1, dim)


class _Connection:
    def __init__(self, base: Any) -> None:
        self._base = base

    def _opened(self, name: str, schema: pa.Schema) -> Any:
        return self._base.create_table(name, schema=schema, exist_ok=True)

    def table(self, name: str, dim: int, columns: pa.Schema) -> _Table:
        fields = [
            pa.field("row", pa.int64()),
            pa.field("vector", pa.list_(pa.float32(), dim)),
            pa.field("item", pa.string()),
            pa.field("r", pa.float32()),
            *(pa.field(_name(one.name), one.type) for one in columns),
        ]
        schema = pa.schema(fields)
        return _Table(self._opened(name, schema), dim, schema, columns)

    def drop(self, name: str) -> None:
        self._base.drop_table(name, ignore_missing=True)

    def _records(self) -> Any:
        return self._opened(RECORDS, pa.schema([("key", pa.string()), ("text", pa.string())]))

    def records(self) -> dict[str, str]:
        if RECORDS not in self._base.list_tables(limit=100_000).tables:
            return {}
        table = self._records().to_arrow()
        return dict(zip(table["key"].to_pylist(), table["text"].to_pylist(), strict=True))

    def put_record(self, key: str, text: str) -> None:
        row = pa.table({"key": [key], "text": [text]})
        self._records().merge_insert("key").when_matched_update_all().when_not_matched_insert_all().execute(row)

    def close(self) -> None:
        return


class LanceDB:
    name = "lancedb"
    title = "LanceDB"
    help = "Embedded: a folder or an object store (s3://, gs://, az://)."
    extra = "lancedb"

    def claims(self, uri: str) -> bool:
        return _STORE.fullmatch(uri) is not None

    def connect(self, uri: str) -> Connection:
        with needs(self.extra):
            import lancedb
        return _Connection(lancedb.connect(uri))


member = LanceDB()
