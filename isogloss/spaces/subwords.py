"""Vectors of items that a space does not hold, from the character n-grams of a fastText model (Bojanowski et al.
2017).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.spaces.checksums import Checked

_FILE = "subwords.npy"
_ROWS = 50_000
_LONGEST = 200  # characters of an item


@dataclass(frozen=True, eq=False)
class Subwords:
    """Vectors of hashed n-grams of minn to maxn characters. rows: float16 or float32, (n_buckets, dim). sums: the
    checksums of the file that they lie in.
    """

    minn: int
    maxn: int
    rows: npt.NDArray[Any]
    sums: Checked | None = None

    def vector(self, item: str) -> npt.NDArray[np.float32] | None:
        """The mean of an item's n-grams, float32 (dim,); None where it has none.

        >>> model = Subwords(3, 3, np.ones((7, 2), dtype=np.float32))
        >>> model.vector("cat").tolist(), model.vector("") is None
        ([1.0, 1.0], True)
        """
        found = ngram_rows(item[:_LONGEST], self.minn, self.maxn, bucket=len(self.rows))
        if not found:
            return None
        if self.sums is not None:
            self.sums.require_rows(np.array(found))
        mean: npt.NDArray[np.float32] = np.asarray(self.rows[found], dtype=np.float32).mean(axis=0)
        return mean if np.isfinite(mean).all() and mean.any() else None


def ngram_rows(item: str, minn: int, maxn: int, *, bucket: int) -> list[int]:
    """Buckets of the n-grams of `<item>`, in fastText's own hash (FNV-1a over signed bytes); one for each n-gram.

    >>> len(ngram_rows("cat", 3, 6, bucket=1000))
    6
    """
    if bucket < 1 or maxn < 1 or not item:
        return []
    characters = [c.encode("utf-8", "surrogatepass") for c in f"<{item}>"]
    found = []
    for start in range(len(characters)):
        code = 2166136261
        for length, at in enumerate(range(start, min(start + maxn, len(characters))), 1):
            for byte in characters[at]:
                code = ((code ^ (byte if byte < 128 else byte | 0xFFFFFF00)) * 16777619) & 0xFFFFFFFF
            edge = length == 1 and (start == 0 or at == len(characters) - 1)
            if length >= max(minn, 1) and not edge:
                found.append(code % bucket)
    return found


def write_subwords(subwords: Subwords, folder: Path) -> dict[str, int]:
    """Keep the rows in half precision beside a space; what its header must remember."""
    shape = subwords.rows.shape
    out = np.lib.format.open_memmap(folder / _FILE, mode="w+", dtype=np.float16, shape=shape)
    with np.errstate(over="ignore"):
        for at in range(0, len(subwords.rows), _ROWS):
            out[at : at + _ROWS] = subwords.rows[at : at + _ROWS]
    out.flush()
    return {"minn": subwords.minn, "maxn": subwords.maxn}


def read_subwords(entry: Any, folder: Path, dim: int, sums: Mapping[str, Checked]) -> Subwords | None:
    """What `write_subwords` kept, by memory map. Raises ValueError, KeyError, TypeError, OSError for what is
    damaged.
    """
    if entry is None:
        return None
    rows = np.load(folder / _FILE, mmap_mode="r", allow_pickle=False)
    if rows.ndim != 2 or rows.shape[1] != dim or rows.dtype != np.float16:
        raise ValueError(f"subwords of shape {rows.shape}")
    if _FILE in sums:
        sums[_FILE].lies(rows)
    return Subwords(int(entry["minn"]), int(entry["maxn"]), rows, sums.get(_FILE))
