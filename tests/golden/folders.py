"""What a command left on disk, as values of JSON: names of files and what is in them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file with its size and time of change."""
    found = {path: path.stat() for path in sorted(folder.rglob("*")) if path.is_file()}
    return {path.relative_to(folder).as_posix(): (one.st_size, one.st_mtime_ns) for path, one in found.items()}


def written(folder: Path, before: dict[str, tuple[int, int]], stable: bool) -> dict[str, Any]:
    """Path → contents of each file that is new or has changed. stable: whether the bytes are the same on every
    machine.
    """
    return {
        name: contents(folder / name, stable) for name, what in snapshot(folder).items() if before.get(name) != what
    }


def contents(path: Path, stable: bool) -> Any:
    """What a file holds, as far as it can be told in a few words."""
    if path.suffix == ".json":
        return json.loads(path.read_text("utf-8"))
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return {"rows": len(table), "columns": [f"{f.name}: {f.type}" for f in table.schema]}
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as data:
            return {name: _array(data[name], False) for name in sorted(data.files)}
    if path.suffix == ".npy":
        return _array(np.load(path, allow_pickle=False), stable)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return sorted(archive.namelist())
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as base:
            return [row[0] for row in base.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")]
    data = path.read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()[:10]} if stable else "<bytes>"


def _array(array: np.ndarray, stable: bool) -> str:
    kind = "text" if array.dtype.kind == "U" else str(array.dtype)
    told = f"{kind} {'×'.join(map(str, array.shape))}"
    return f"{told} {hashlib.sha256(array.tobytes()).hexdigest()[:10]}" if stable else told
