"""Publishing a collection to a vector engine: in blocks, gone on with after a kill, read back and compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import xxhash

from isogloss.errors import InvalidValue, NotFound, StoreError
from isogloss.nearest.csls import K
from isogloss.nearest.exact import ExactIndex, without_own
from isogloss.nearest.remote.engine import Connection, Table, answering, engine_of
from isogloss.nearest.remote.index import Published, RemoteIndex, connected, link, read_record
from isogloss.nearest.remote.where import kept_columns
from isogloss.progress import Progress, silent
from isogloss.resampling import mean_interval
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.types import Floats, Rows, Vectors
from isogloss.workspace.derived import DerivedStore

BLOCK = 2_000  # rows; digests are taken block by block, so with another number no earlier record is read back
RECALL, _SAMPLE, _K, _EFFORTS, _DRAWS = 0.99, 500, 10, 4, 1_000


@dataclass(frozen=True)
class Sent:
    """How one space came to its address. resumed: rows that were there already. sent: rows of this time."""

    told: Published
    resumed: int
    sent: int


def publish(
    collection: Collection,
    uri: str,
    *,
    store: DerivedStore | None = None,
    replaces: bool = False,
    progress: Progress = silent,
) -> list[Sent]:
    """Put every space of a collection to an address; what a kill left half is gone on with.

    Each space is read back whole and compared with what was sent, then 500 of its items are asked and the recall is
    kept beside it. replaces: whether another collection of that name there is deleted first.
    Raises InvalidValue, StoreError; progress may raise Cancelled.
    """
    there = connected(uri)
    found = []
    for at, space in enumerate(collection.spaces):

        def told(what: str, share: float, count: float | None = None, /, *, at: int = at) -> None:
            progress(what, (at + share) / len(collection.spaces), count)

        with answering():
            found.append(_publish(collection, space, there, replaces, told))
        if store is not None:
            link(space, store, uri, found[-1].told)
    return found


def _publish(collection: Collection, space: Space, there: Connection, replaces: bool, progress: Progress) -> Sent:
    columns = kept_columns(space.columns)
    types = {name: str(columns.schema.field(name).type) for name in columns.column_names}
    key = f"{collection.name}/{space.name}"
    told = Published(
        collection=collection.name,
        title=collection.title,
        space=space.name,
        table=_table_name(key),
        items=len(space),
        dim=space.dim,
        fingerprint=space.fingerprint,
        columns=types,
        digest=_digest(_blocks(space, columns)),
        aligned=collection.aligned,
    )
    before = there.records().get(key)
    known = read_record(before) if before else None
    if known is not None and known.digest != told.digest:
        if not replaces:
            raise InvalidValue(f"{key!r} is there with other rows", "give --replace, or publish under another name")
        there.drop(known.table)
        known = None
    if known is not None and known.whole:
        return Sent(known, known.items, 0)
    there.put_record(key, told.text())
    table = there.table(told.table, told.dim, told.schema)
    begun = table.count() // BLOCK * BLOCK
    table.drop_from(begun)
    for first in range(begun, len(space), BLOCK):
        rows = slice(first, min(first + BLOCK, len(space)))
        part = columns.slice(first, rows.stop - first)
        table.put(first, space.rows(rows), [space.items[i] for i in range(first, rows.stop)], part, _r(space, rows))
        progress("rows sent", 0.8 * rows.stop / len(space), rows.stop)
    if table.count() != len(space):
        raise StoreError(f"{table.count():,} of {len(space):,} rows are there", "publish again: it goes on from there")
    table = there.table(told.table, told.dim, told.schema)  # as anyone else finds it
    if _digest(scanned(table, told)) != told.digest:
        raise StoreError(f"the rows of {key!r} read back are not those sent", "publish again with --replace")
    kind = table.build()
    progress("recall measured", 0.9, len(space))
    told = replace(_measured(replace(told, kind=kind), table, space), whole=True)
    there.put_record(key, told.text())
    return Sent(told, begun, len(space) - begun)


def _r(space: Space, rows: slice) -> Vectors:
    """The mean cosine of the K nearest others of rows, shape (n,): the r of CSLS within one space."""
    asked = np.arange(rows.start, rows.stop)
    if len(space) < 2:
        return np.zeros(len(asked), dtype=np.float32)
    found = ExactIndex(space).search(space.rows(asked), K + 1)
    return np.asarray(without_own(*found, asked)[1].mean(axis=1), dtype=np.float32)


def _table_name(key: str) -> str:
    return "isogloss_" + hashlib.sha256(key.encode()).hexdigest()[:20]


def _blocks(space: Space, columns: pa.Table) -> Iterator[tuple[Vectors, list[str], pa.Table]]:
    for first in range(0, len(space), BLOCK):
        last = min(first + BLOCK, len(space))
        items = [space.items[i] for i in range(first, last)]
        yield space.rows(slice(first, last)), items, columns.slice(first, last - first)


def scanned(table: Table, told: Published) -> Iterator[tuple[Vectors, list[str], pa.Table]]:
    """All rows of a published space, block by block."""
    for first in range(0, told.items, BLOCK):
        yield table.scan(first, min(BLOCK, told.items - first))


def _digest(blocks: Iterator[tuple[Vectors, list[str], pa.Table]]) -> str:
    sums = xxhash.xxh3_128()
    for vectors, items, columns in blocks:
        sums.update(np.ascontiguousarray(vectors, dtype="<f4").tobytes())
        sums.update("\0".join(items).encode("utf-8", "surrogatepass"))
        for name in columns.column_names:
            sums.update(repr(columns[name].to_pylist()).encode("utf-8", "surrogatepass"))
    return sums.hexdigest()


def _measured(told: Published, table: Table, space: Space) -> Published:
    """With the least effort that reaches RECALL on some items, and its recall on as many others."""
    drawn = np.random.default_rng(1).permutation(len(space))
    n = max(1, min(_SAMPLE, len(space) // 2))
    some, others = drawn[:n], drawn[n : 2 * n] if len(space) > 1 else drawn
    least = next(
        (e for e in range(_EFFORTS) if _found(replace(told, effort=e), table, space, some).mean() >= RECALL),
        _EFFORTS - 1,
    )
    told = replace(told, effort=least)
    hits = _found(told, table, space, others)
    low, high = mean_interval(hits, _DRAWS, np.random.default_rng(2))
    return replace(
        told, recall_at_10=round(float(hits.mean()), 6), low=round(low, 6), high=round(high, 6), n=len(others)
    )


def _found(told: Published, table: Table, space: Space, rows: Rows) -> Floats:
    """Share of the true ten nearest others of each item that are found; of equally near ones, any will do, (n,)."""
    if len(space) < 2:
        return np.ones(len(rows))
    vectors = space.rows(rows)
    least = without_own(*ExactIndex(space).search(vectors, _K + 1), rows)[1].min(axis=1)
    near = without_own(*RemoteIndex(table, told, space).search(vectors, _K + 1), rows)[1]
    return np.asarray((near >= least[:, None] - 1e-6).mean(axis=1), dtype=np.float64)


def published(uri: str) -> list[Published]:
    """What is published at an address, by collection and space. Raises InvalidValue, NotFound, StoreError."""
    engine_of(uri)
    if "://" not in uri and not Path(uri).exists():  # to look there would make it
        raise NotFound(f"nothing is published at {uri[:80]!r}", lever="see the address")
    with answering():
        found = connected(uri).records()
    return sorted(map(read_record, found.values()), key=lambda one: (one.collection, one.space))


def opened(uri: str, collection: str, space: str) -> RemoteIndex:
    """The index of a published space; its vectors are read from the engine. Raises NotFound, StoreError."""
    every = [one for one in published(uri) if one.whole]
    for one in every:
        if (one.collection, one.space) == (collection, space):
            with answering():
                return RemoteIndex(connected(uri).table(one.table, one.dim, one.schema), one)
    there = [f"{one.collection}/{one.space}" for one in every]
    raise NotFound(f"{collection[:60]}/{space[:60]} is not published there", there[:8])


def brought(uri: str, collection: str, *, progress: Progress = silent) -> Collection:
    """A published collection as one of this machine, compared with what was sent. Raises NotFound, StoreError."""
    every = [one for one in published(uri) if one.collection == collection and one.whole]
    if not every:
        raise NotFound(f"{collection[:60]!r} is not published there", sorted({o.collection for o in published(uri)}))
    spaces = []
    for at, one in enumerate(every):
        blocks = []
        with answering():
            table = connected(uri).table(one.table, one.dim, one.schema)
            for block in scanned(table, one):
                blocks.append(block)
                progress("rows read", (at + len(blocks) * BLOCK / max(one.items, BLOCK)) / len(every) * 0.99, one.items)
        if _digest(iter(blocks)) != one.digest:
            raise StoreError(f"the rows of {one.space!r} are not those that were sent", "publish it again")
        items = tuple(item for _, some, _ in blocks for item in some)
        columns = pa.concat_tables([columns for _, _, columns in blocks]) if one.columns else pa.table({})
        spaces.append(Space(one.space, items, np.concatenate([v for v, _, _ in blocks]), columns, {"from": uri}))
    how = Alignment("declared" if every[0].aligned else "none")
    return Collection(collection, tuple(spaces), every[0].title, how)
