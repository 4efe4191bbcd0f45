"""The index of a published space: an engine proposes, the vectors decide, by memory map or read from the engine."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from isogloss.errors import InvalidValue, IsoglossError, NotFound, StoreError
from isogloss.linear import unit_rows
from isogloss.nearest.csls import K
from isogloss.nearest.exact import ExactIndex, checked_queries
from isogloss.nearest.remote.engine import Table, answering, engine_of
from isogloss.nearest.remote.where import Condition
from isogloss.spaces.space import Space
from isogloss.types import Rows, Vectors
from isogloss.workspace.derived import DerivedStore, derived_key

_VERSION = 1
_AGAIN = 60.0  # seconds until an address that did not answer is asked again


@dataclass(frozen=True)
class Published:
    """What is known of one space at an address.

    digest: XXH3 of its items, columns and vectors as they were sent. columns: name → type, what conditions can be put
    to. effort: 0 to 3, how widely the engine looks. recall_at_10: of n items drawn at random that are not those by
    which the effort was chosen, with its interval. whole: whether all rows were read back and are as sent.
    """

    collection: str
    title: str
    space: str
    table: str
    items: int
    dim: int
    fingerprint: str
    columns: dict[str, str]
    digest: str = ""
    kind: str = ""
    effort: int = 0
    recall_at_10: float = 0.0
    low: float = 0.0
    high: float = 0.0
    n: int = 0
    aligned: bool = False
    whole: bool = False

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([(name, pa.type_for_alias(kind)) for name, kind in self.columns.items()])

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def read_record(text: str) -> Published:
    """Raises StoreError."""
    try:
        return Published(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise StoreError("a record there is not of ours", "publish the collection again") from error


class RemoteIndex:
    """Index of a published space (`isogloss.nearest.index`). space: None where its vectors are read from the engine."""

    def __init__(self, table: Table, told: Published, space: Space | None = None) -> None:
        self._table, self.told, self._space = table, told, space

    @property
    def kind(self) -> str:
        """
        >>> RemoteIndex(None, Published("c", "C", "s", "t", 9, 2, "f", {}, kind="LanceDB, flat", recall_at_10=1.0,
        ...     low=0.993, high=1.0, n=500)).kind
        'LanceDB, flat, recall@10 1.000 (.993 to 1.000) measured on 500 items'
        """
        told = self.told
        shares = (f"{value:.3f}".removeprefix("0") for value in (told.recall_at_10, told.low, told.high))
        recall, low, high = shares
        return f"{told.kind}, recall@10 {recall} ({low} to {high}) measured on {told.n:,} items"

    def search(self, queries: Vectors, k: int) -> tuple[Rows, Vectors]:
        """queries: (n, dim). A query of which fewer than k are proposed, and all where the engine fails, are answered
        exactly where the vectors are here. Raises InvalidValue; StoreError where they are not.
        """
        queries, k = self._checked(queries, k)
        try:
            found, cosine = self.candidates(queries, min(max(4 * k, k + 30), self.told.items))
        except StoreError:
            if self._space is None:
                raise
            return ExactIndex(self._space).search(queries, k)
        order = np.argsort(-cosine, axis=1, kind="stable")[:, :k]
        rows, near = np.take_along_axis(found, order, axis=1), np.take_along_axis(cosine, order, axis=1)
        short = np.flatnonzero((rows < 0).any(axis=1))
        if short.size:
            if self._space is None:
                raise StoreError(f"the engine proposed fewer than {k} items", "ask for fewer, or publish it again")
            rows[short], near[short] = ExactIndex(self._space).search(queries[short], k)
        return rows, near

    def _checked(self, queries: Vectors, k: int) -> tuple[Vectors, int]:
        return checked_queries(queries, k, items=self.told.items, dim=self.told.dim)

    def candidates(self, queries: Vectors, wide: int, where: Sequence[Condition] = ()) -> tuple[Rows, Vectors]:
        """What the engine proposes, with exact cosines: rows and cosines (n, wide); −1 and −inf where there is none."""
        with answering():
            rows = self._table.search(queries, wide, effort=self.told.effort, where=where)
        cosine = np.full(rows.shape, -np.inf, dtype=np.float32)
        asked, at = np.unique(rows, return_inverse=True)
        there = asked >= 0
        unit = np.zeros((len(asked), self.told.dim), dtype=np.float32)
        with answering():
            here = self._space
            vectors = here.rows(asked[there]) if here is not None else self._table.vectors(asked[there])
        unit[there] = unit_rows(vectors)
        at = at.reshape(rows.shape)
        for i, query in enumerate(queries):
            cosine[i] = np.where(rows[i] >= 0, unit[at[i]] @ query, -np.inf)
        return rows, cosine

    def neighbors(
        self, item: str, k: int = 10, *, criterion: str = "cosine", where: Sequence[Condition] = ()
    ) -> list[tuple[str, float]]:
        """The k nearest other items of an item, best first, all read from the engine.

        criterion: cosine, or csls = 2·cos − r(query) − r(item) with the r that was stored (Conneau et al. 2018), over
        the nearest 10·k by cosine. Raises NotFound, InvalidValue.
        """
        if criterion not in ("cosine", "csls"):
            raise InvalidValue(f"the criterion is {criterion!r}", "choose cosine or csls")
        with answering():
            row = self._table.find(item)
        if row is None:
            raise NotFound(
                f"{self.told.space} holds no {item[:80]!r}", lever="items are written as they were published"
            )
        with answering():
            queries, k = self._checked(self._table.vectors(np.array([row])), k)
        csls = criterion == "csls"
        wide = min(10 * k + K if csls else max(4 * k, k + 30), self.told.items)
        rows, cosine = (one[0] for one in self.candidates(queries, wide, where))
        keep = (rows >= 0) & (rows != row)
        rows, score = rows[keep], cosine[keep]
        if not len(rows):
            return []
        with answering():
            items, r = self._table.about(rows)
            if csls:
                score = 2 * score - self._table.about(np.array([row]))[1][0] - r
        best = np.argsort(-score, kind="stable")[:k]
        return [(items[at], float(score[at])) for at in best]


def link(space: Space, store: DerivedStore, uri: str, told: Published) -> None:
    """Remember where a space is published: from now on it is asked there, where it is large."""
    text = json.dumps({"uri": uri, "record": json.loads(told.text())}, ensure_ascii=False)
    store.put_file(f"{_key(space)}.json", lambda path: path.write_text(text, encoding="utf-8"))


def linked(space: Space, store: DerivedStore) -> RemoteIndex | None:
    """The index of a space that was published and whose engine answers; None otherwise."""
    path = store.find_file(f"{_key(space)}.json")
    if path is None:
        return None
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        told = read_record(json.dumps(known["record"]))
        table = _table(str(known["uri"]), told.table, told.dim, told.text(), int(time.monotonic() / _AGAIN))
    except (OSError, ValueError, LookupError, TypeError, IsoglossError):
        return None
    if table is None or (told.items, told.dim, told.fingerprint) != (len(space), space.dim, space.fingerprint):
        return None
    return RemoteIndex(table, told, space)


@lru_cache(maxsize=8)
def _table(uri: str, name: str, dim: int, told: str, minute: int) -> Any:
    try:
        with answering():
            return connected(uri).table(name, dim, read_record(told).schema)
    except IsoglossError:
        return None


@lru_cache(maxsize=4)
def connected(uri: str) -> Any:
    """One connection an address: an embedded engine lets nobody in twice. Raises InvalidValue, StoreError."""
    engine = engine_of(uri)
    with answering():
        return engine.connect(uri)


def _key(space: Space) -> str:
    return derived_key("remote", _VERSION, space=space.fingerprint)
