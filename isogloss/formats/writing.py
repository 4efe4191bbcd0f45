"""A space in the formats of other tools."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from isogloss.errors import InvalidValue, StoreError
from isogloss.spaces.space import Space

_ROWS = 10_000


def export_space(space: Space, format: str, out: Path) -> list[Path]:
    """Write a space; the files written. A file is there whole or not at all.

    format: `word2vec`, `word2vec-binary`, `projector` (OUT.tsv and OUT.metadata.tsv), `parquet`, `numpy` (OUT.npy and
    OUT.vocab.txt). Spaces inside items become `_` in the two word2vec formats, which have no way to write them.
    Raises InvalidValue, StoreError.
    """
    if format not in WRITERS:
        raise InvalidValue(f"there is no format {format[:40]!r}", f"choose one of {', '.join(WRITERS)}")
    folder = out.resolve().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
        try:
            WRITERS[format](space, made / out.name)
            found = []
            for path in sorted(made.iterdir()):
                os.replace(path, folder / path.name)
                found.append(folder / path.name)
            return found
        finally:
            with contextlib.suppress(OSError):
                shutil.rmtree(made)
    except OSError as error:
        raise StoreError(f"{out} cannot be written ({error.strerror})", "name another place") from error


def _one_word(item: str) -> str:
    return "_".join(item.split()) or "_"


def _text(space: Space, out: Path) -> None:
    with open(out, "w", encoding="utf-8", newline="\n") as file:
        file.write(f"{len(space)} {space.dim}\n")
        for item, row in zip(space.items, space.vectors, strict=True):
            file.write(_one_word(item) + " " + _decimals(row, " ") + "\n")


def _decimals(row: np.ndarray, between: str) -> str:
    return between.join(np.asarray(row, dtype=np.float32).astype(str).tolist())


def _binary(space: Space, out: Path) -> None:
    with open(out, "wb") as file:
        file.write(f"{len(space)} {space.dim}\n".encode())
        for item, row in zip(space.items, space.vectors, strict=True):
            file.write(_one_word(item).encode() + b" " + np.asarray(row, dtype="<f4").tobytes() + b"\n")


def _cell(value: object) -> str:
    return " ".join(str("" if value is None else value).split())


def _projector(space: Space, out: Path) -> None:
    with open(out, "w", encoding="utf-8", newline="\n") as file:
        for row in space.vectors:
            file.write(_decimals(row, "\t") + "\n")
    names = ["item", *space.columns.column_names] if space.columns.num_columns else []
    columns = [list(space.items), *(space.columns[n].to_pylist() for n in names[1:])]
    with open(out.with_suffix(".metadata.tsv"), "w", encoding="utf-8", newline="\n") as file:
        if names:
            file.write("\t".join(map(_cell, names)) + "\n")
        for values in zip(*columns, strict=True):
            file.write("\t".join(map(_cell, values)) + "\n")


def _parquet(space: Space, out: Path) -> None:
    kind = pa.schema([("item", pa.string()), *space.columns.schema, ("vector", pa.list_(pa.float32(), space.dim))])
    with pq.ParquetWriter(out, kind, compression="zstd") as writer:
        for at in range(0, len(space), _ROWS):
            rows = np.asarray(space.vectors[at : at + _ROWS], dtype=np.float32)
            vectors = pa.FixedSizeListArray.from_arrays(pa.array(rows.ravel()), space.dim)
            part = [space.columns[n].combine_chunks().slice(at, len(rows)) for n in space.columns.column_names]
            writer.write_table(
                pa.Table.from_arrays([pa.array(space.items[at : at + _ROWS]), *part, vectors], schema=kind)
            )


def _numpy(space: Space, out: Path) -> None:
    np.save(out.with_suffix(".npy"), np.asarray(space.vectors, dtype=np.float32), allow_pickle=False)
    out.with_suffix(".vocab.txt").write_text("".join(_cell(i) + "\n" for i in space.items), encoding="utf-8")


WRITERS: dict[str, Callable[[Space, Path], None]] = {
    "word2vec": _text,
    "word2vec-binary": _binary,
    "projector": _projector,
    "parquet": _parquet,
    "numpy": _numpy,
}
