"""Milvus: embedded in a file for a laptop and for tests, the same client against a cluster."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from isogloss.errors import needs
from isogloss.nearest.remote.engine import RECORDS, Connection
from isogloss.nearest.remote.where import Condition
from isogloss.types import Rows, Vectors

INDEXED_FROM = 50_000  # rows; below, every one is read
_CELLS = 1_024
_PROBES = (16, 32, 64, 128)
_MOST_TEXT = 65_535  # bytes
_READ = 1_000  # rows of one answer


def _field(column: str) -> str:
    return "c_" + column.encode().hex()


def _literal(value: object) -> str:
    """A number, a truth or a quoted text: its quotes and controls are escaped as JSON's are."""
    return json.dumps(value, ensure_ascii=False)


def _where(conditions: Sequence[Condition]) -> str:
    """
    >>> _where([Condition("count", ">=", 3), Condition("l", "=", 'a"b')])
    'c_636f756e74 >= 3 and c_6c == "a\\\\"b"'
    """
    signs = {"=": "=="}
    told = (f"{_field(one.column)} {signs.get(one.sign, one.sign)} {_literal(one.value)}" for one in conditions)
    return " and ".join(told)


class _Table:
    def __init__(self, client: Any, name: str, dim: int, columns: pa.Schema) -> None:
        self._client, self._name, self._dim, self._columns = client, name, dim, columns

    def count(self) -> int:
        return int(self._client.query(self._name, filter="", output_fields=["count(*)"])[0]["count(*)"])

    def put(self, first: int, vectors: Vectors, items: Sequence[str], columns: pa.Table, r: Vectors) -> None:
        told = {_field(name): columns[name].to_pylist() for name in self._columns.names}
        rows = [
            {"row": first + at, "vector": vectors[at].tolist(), "item": item, "r": float(r[at])}
            | {name: values[at] for name, values in told.items()}
            for at, item in enumerate(items)
        ]
        self._client.insert(self._name, rows)
        self._client.flush(self._name)

    def drop_from(self, first: int) -> None:
        self._client.delete(self._name, filter=f"row >= {int(first)}")
        self._client.flush(self._name)

    def build(self) -> str:
        if self.count() < INDEXED_FROM:
            return "Milvus, FLAT"
        self._client.release_collection(self._name)
        self._client.drop_index(self._name, "vector")
        self._client.create_index(self._name, _index(self._client, "IVF_SQ8", nlist=_CELLS))
        self._client.load_collection(self._name)
        return "Milvus, IVF_SQ8"

    def search(self, queries: Vectors, k: int, *, effort: int, where: Sequence[Condition] = ()) -> Rows:
        found = np.full((len(queries), k), -1, dtype=np.int64)
        hits = self._client.search(
            self._name,
            data=np.asarray(queries, dtype=np.float32).tolist(),
            limit=k,
            filter=_where(where),
            search_params={"metric_type": "COSINE", "params": {"nprobe": _PROBES[effort]}},
        )
        for at, near in enumerate(hits):
            found[at, : len(near)] = [hit["row"] for hit in near]
        return found

    def _at(self, rows: Rows, fields: list[str]) -> list[dict[str, Any]]:
        asked = np.unique(rows).tolist()
        known: dict[int, dict[str, Any]] = {}
        for at in range(0, len(asked), _READ):
            for one in self._client.get(self._name, ids=asked[at : at + _READ], output_fields=["row", *fields]):
                known[int(one["row"])] = one
        return [known[row] for row in rows.tolist()]

    def vectors(self, rows: Rows) -> Vectors:
        return np.array([one["vector"] for one in self._at(rows, ["vector"])], np.float32).reshape(-1, self._dim)

    def about(self, rows: Rows) -> tuple[list[str], Vectors]:
        found = self._at(rows, ["item", "r"])
        return [one["item"] for one in found], np.array([one["r"] for one in found], np.float32)

    def find(self, item: str) -> int | None:
        found = self._client.query(self._name, filter=f"item == {_literal(item)}", output_fields=["row"], limit=1)
        return int(found[0]["row"]) if found else None

    def scan(self, first: int, n: int) -> tuple[Vectors, list[str], pa.Table]:
        fields = ["vector", "item", *map(_field, self._columns.names)]
        rows = self._at(np.arange(first, min(first + n, self.count())), fields)
        vectors = np.array([one["vector"] for one in rows], np.float32).reshape(-1, self._dim)
        told = {one.name: pa.array([row[_field(one.name)] for row in rows], one.type) for one in self._columns}
        return vectors, [row["item"] for row in rows], pa.table(told, schema=self._columns)


def _index(client: Any, kind: str, **parameters: int) -> Any:
    asked = client.prepare_index_params()
    asked.add_index("vector", index_type=kind, metric_type="COSINE", params=parameters)
    return asked


class _Connection:
    def __init__(self, client: Any) -> None:
        self._client = client

    def table(self, name: str, dim: int, columns: pa.Schema) -> _Table:
        from pymilvus import DataType

        if not self._client.has_collection(name):
            schema = self._client.create_schema(auto_id=False)
            schema.add_field("row", DataType.INT64, is_primary=True)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
            schema.add_field("item", DataType.VARCHAR, max_length=_MOST_TEXT)
            schema.add_field("r", DataType.FLOAT)
            for one in columns:
                schema.add_field(_field(one.name), **_kind(one.type, DataType))
            self._client.create_collection(name, schema=schema, index_params=_index(self._client, "FLAT"))
        self._client.load_collection(name)
        return _Table(self._client, name, dim, columns)

    def drop(self, name: str) -> None:
        if self._client.has_collection(name):
            self._client.drop_collection(name)

    def _records(self) -> Any:
        from pymilvus import DataType

        if not self._client.has_collection(RECORDS):
            schema = self._client.create_schema(auto_id=False)
            schema.add_field("key", DataType.VARCHAR, is_primary=True, max_length=_MOST_TEXT)
            schema.add_field("text", DataType.VARCHAR, max_length=_MOST_TEXT)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)  # it takes no table without one
            self._client.create_collection(RECORDS, schema=schema, index_params=_index(self._client, "FLAT"))
        self._client.load_collection(RECORDS)
        return self._client

    def records(self) -> dict[str, str]:
        if not self._client.has_collection(RECORDS):
            return {}
        found = self._records().query(RECORDS, filter="", output_fields=["key", "text"], limit=10_000)
        return {one["key"]: one["text"] for one in found}

    def put_record(self, key: str, text: str) -> None:
        self._records().upsert(RECORDS, [{"key": key, "text": text, "vector": [1.0, 0.0]}])
        self._client.flush(RECORDS)

    def close(self) -> None:
        self._client.close()


def _kind(kind: pa.DataType, types: Any) -> dict[str, Any]:
    if pa.types.is_boolean(kind):
        return {"datatype": types.BOOL, "nullable": True}
    if pa.types.is_integer(kind):
        return {"datatype": types.INT64, "nullable": True}
    if pa.types.is_floating(kind):
        return {"datatype": types.DOUBLE, "nullable": True}
    return {"datatype": types.VARCHAR, "max_length": _MOST_TEXT, "nullable": True}


class Milvus:
    name = "milvus"
    title = "Milvus"
    help = "A cluster at http(s)://, or embedded in a file that ends in .db."
    extra = "milvus"

    def claims(self, uri: str) -> bool:
        return uri.startswith(("http://", "https://")) or ("://" not in uri and uri.endswith(".db"))

    def connect(self, uri: str) -> Connection:
        with needs(self.extra):
            from pymilvus import MilvusClient
        return _Connection(MilvusClient(uri, token=os.environ.get("ISOGLOSS_MILVUS_TOKEN", ""), timeout=20))


member = Milvus()
