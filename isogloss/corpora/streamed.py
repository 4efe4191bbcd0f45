"""Corpora of many files, read a few at a time: never whole in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from isogloss.corpora.documents import is_of_tables, take_documents, text_documents, texts_below, texts_of
from isogloss.outside.looking import look
from isogloss.progress import Progress, silent
from isogloss.tables.columnar import splits_of
from isogloss.tables.read import TableRead
from isogloss.tables.table import shards_of, take_table
from isogloss.text.tally import Tally

LEAST = 64 << 20  # bytes of files: fewer are read at once


def stream_documents(path: Path, spool: Path, *, part: str | None = None, progress: Progress = silent) -> TableRead:
    """`take_documents`, but of a large folder of several files a few at a time, their rows laid down in `spool`.

    The table that comes back is mapped from that file, which we alone have written, so memory holds some 64 MB of files
    at a time; `spool` must stand as long as the table is used. Files whose columns differ, and single ones, are read
    whole. Raises what `take_documents` raises.
    """
    listed = look(_listed, path, kinds=(TableRead, Tally), quick=True, part=part) if path.is_dir() else None
    if listed is None or len(listed.table) < 2 or sum(listed.table["bytes"].to_pylist()) < LEAST:
        return take_documents(path, part=part)
    tally, told, encodings = Tally(), dict(listed.told), list[str]()
    with pa.OSFile(str(spool), "wb") as sink:
        writer: pa.RecordBatchFileWriter | None = None
        for share, one in _read_each(path, listed):
            progress("reading", share)
            table = one.table.replace_schema_metadata()
            if writer is None:
                schema, writer = table.schema, pa.ipc.new_file(sink, table.schema)
            if table.schema != schema:
                writer.close()
                return take_documents(path, part=part)
            writer.write_table(table, max_chunksize=10_000)
            tally.add(one.read)
            encodings += [one.told["encoding"]] if "encoding" in one.told else []
            told |= one.told
        if writer is not None:
            writer.close()
    pa.default_memory_pool().release_unused()
    if not tally.read:
        return take_documents(path, part=part)  # it says why there is none
    for name, why in listed.read.left_out.items():
        tally.leave_out(name, why)
    told |= {"encoding": "; ".join(encodings)[:400]} if encodings else {}
    return TableRead(pa.ipc.open_file(pa.memory_map(str(spool))).read_all(), tally, told)


def _listed(path: Path, part: str | None) -> TableRead:
    """The files of a folder, in the order in which they are read, and their bytes."""
    files, left_out = texts_below(path)
    if is_of_tables(path, files):
        chosen = path
        if len(splits_of(path)) == 1 or (part is not None and part in splits_of(path)):
            chosen, part = path / (part or splits_of(path)[0]), None
        elif splits_of(path):
            return TableRead(pa.table({"file": []}), Tally())  # `take_documents` says what to choose
        found = shards_of(chosen, part)
        names = [str((chosen / name).relative_to(path)) for name in found.table["file"].to_pylist()]
        told = ({"split": chosen.name} if chosen != path else {}) | dict(found.told)
        found = replace(found, told=told)
    else:
        tally = Tally()
        for name, why in left_out.items():
            tally.leave_out(name, why)
        names = [str(one.relative_to(path)) for one in files] if part is None else []
        found = TableRead(pa.table({"text": [True] * len(names)}), tally)
    sizes = pa.array([(path / name).stat().st_size for name in names], pa.int64())
    texts = pa.array(["text" in found.table.column_names] * len(names), pa.bool_())
    return replace(found, table=pa.table({"file": pa.array(names, pa.string()), "bytes": sizes, "texts": texts}))


def _read_each(path: Path, listed: TableRead) -> Iterator[tuple[float, TableRead]]:
    """What each file holds, or each few texts, with the share of the bytes that were read before."""
    names, sizes = listed.table["file"].to_pylist(), listed.table["bytes"].to_pylist()
    texts, before, total = listed.table["texts"][0].as_py(), 0, max(sum(sizes), 1)
    batch: list[str] = []
    held = 0
    for name, size in zip(names, sizes, strict=True):
        if not texts:
            yield before / total, take_table(path / name)
        elif batch and held + size > LEAST:
            yield before / total, _texts(path, batch)
            batch, held = [], 0
        batch.append(name)
        held, before = held + size, before + size
    if texts:
        yield 1.0, _texts(path, batch)


def _texts(path: Path, names: Sequence[str]) -> TableRead:
    return look(_some_texts, path, kinds=(TableRead, Tally), names=list(names))


def _some_texts(path: Path, names: Sequence[str]) -> TableRead:
    tally = Tally()
    found = texts_of(path, [path / name for name in names], tally)
    read = text_documents(found or [("none", b"")])
    tally.read = len(found)
    return replace(read, table=read.table.slice(0, len(found)), read=tally)
