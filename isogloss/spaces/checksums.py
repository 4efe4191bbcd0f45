"""Checksums of a stored file, one for each block of 4 MiB: damage is found where it is first read."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import xxhash

from isogloss.errors import StoreError, reason_of

BLOCK = 1 << 22
_KINDS = (".npy", ".npz", ".parquet", ".arrow")


def checksums(path: Path) -> dict[str, Any]:
    """The size of a file in bytes, and the XXH3 of each of its blocks, 64 bits in hexadecimal."""
    with path.open("rb") as file:
        parts = iter(lambda: file.read(BLOCK), b"")
        return {"bytes": path.stat().st_size, "xxh3": [xxhash.xxh3_64_hexdigest(part) for part in parts]}


def checksums_of(folder: Path) -> dict[str, Any]:
    """The checksums of the arrays and tables in a folder, by the names of their files."""
    return {one.name: checksums(one) for one in sorted(folder.iterdir()) if one.suffix in _KINDS}


def _no_way_back() -> str:
    return "put the folder back from a copy, or import or build the collection again"


def checked(folder: Path, told: Any, *, whose: str, way_back: Callable[[], str] = _no_way_back) -> dict[str, Checked]:
    """The files of a folder that have checksums, by name. Raises ValueError, KeyError, TypeError for what are none."""
    return {
        name: Checked(folder / Path(name).name, one, whose=whose, way_back=way_back)
        for name, one in dict(told or {}).items()
    }


class Checked:
    """A file whose blocks are compared with their checksums, each once, before what lies in it is used.

    told: what `checksums` gave when the file was written. whose: what the file is part of, for the message.
    way_back: what to do where it is damaged, asked for then.
    """

    def __init__(
        self, path: Path, told: Mapping[str, Any], *, whose: str, way_back: Callable[[], str] = _no_way_back
    ) -> None:
        self._way_back, self._path, self._whose, self._offset, self._row = way_back, path, whose, 0, 1
        self._sums, self.bytes = [str(one) for one in told["xxh3"]], int(told["bytes"])
        if len(self._sums) != -(-self.bytes // BLOCK):
            raise ValueError(f"{len(self._sums)} checksums of {self.bytes} bytes")
        self._seen = np.zeros(len(self._sums), dtype=bool)

    def lies(self, rows: npt.NDArray[Any]) -> None:
        """Say where in the file the rows of an array lie, which is mapped there; the parts of its rows lie together, or
        all are compared. Raises StoreError.
        """
        if not rows.flags.c_contiguous or not rows.size:
            self.require()
        else:
            self._offset, self._row = int(rows.offset), int(rows.strides[0])  # type: ignore[attr-defined]

    def require(self, blocks: npt.NDArray[np.int64] | None = None) -> None:
        """Compare these blocks, or all. Raises StoreError, which names the file and the way back."""
        found = np.flatnonzero(~self._seen)
        if blocks is not None:
            found = np.intersect1d(found, blocks)
        if not len(found):
            return
        try:
            with self._path.open("rb") as file:
                if os.fstat(file.fileno()).st_size != self.bytes:
                    raise self._damaged(f"it has {os.fstat(file.fileno()).st_size:,} bytes of {self.bytes:,}")
                for block in found.tolist():
                    file.seek(block * BLOCK)
                    if xxhash.xxh3_64_hexdigest(file.read(BLOCK)) != self._sums[block]:
                        raise self._damaged(f"block {block + 1} of {len(self._sums)} is not what was written")
                    self._seen[block] = True
        except OSError as error:
            raise self._damaged(reason_of(error)) from error

    def require_rows(self, at: int | slice | npt.NDArray[Any]) -> None:
        """Compare the blocks in which rows lie. Raises StoreError."""
        if self._seen.all():
            return
        n = (self.bytes - self._offset) // self._row
        rows = np.arange(*at.indices(n)) if isinstance(at, slice) else np.atleast_1d(np.asarray(at, dtype=np.int64)) % n
        if not len(rows):
            return
        begins = self._offset + rows * self._row
        first, last = begins // BLOCK, (begins + self._row - 1) // BLOCK
        reach = int((last - first).max(initial=0)) + 1
        self.require(np.concatenate([np.minimum(first + i, last) for i in range(reach)]))

    def _damaged(self, how: str) -> StoreError:
        return StoreError(
            f"{self._whose} is damaged ({self._path.parent.name}/{self._path.name}: {how})", self._way_back()
        )
