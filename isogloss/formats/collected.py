"""What an import keeps and what it leaves out, counted by reason."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.progress import Progress, silent
from isogloss.spaces.space import Space
from isogloss.spaces.subwords import Subwords
from isogloss.text.normalize import nfc
from isogloss.types import Vectors

REASONS = ("duplicate", "blank", "zero", "non_finite")
_LISTED = 200


@dataclass
class Block:
    """Some rows of a file. columns: more about each row, by name. first: where the block begins, for messages."""

    items: list[str]
    vectors: Vectors
    columns: dict[str, list[object]] = field(default_factory=dict)
    subwords: Subwords | None = None


@dataclass
class Collected:
    """Items in file order, their vectors (n, dim) float32, further columns; what was skipped, and some of it by name.

    subwords: what the file says of items that it does not hold.
    """

    items: list[str]
    vectors: Vectors
    columns: pa.Table
    skipped: dict[str, int]
    listed: dict[str, list[str]]
    subwords: Subwords | None = None


def collect(
    blocks: Iterable[Block], *, limit: int | None = None, lower: bool = False, progress: Progress = silent
) -> Collected:
    """Keep the first `limit` usable rows, which in files of word vectors are the most frequent items.

    Left out: items that came before, blank ones, vectors of zeros, vectors with a value that is not finite. The array
    grows in place, so that the peak stays near its final size. Raises InvalidValue when nothing is left; progress gets
    the number of items so far and may raise Cancelled.
    """
    if limit is not None and limit < 1:
        raise InvalidValue(f"limit is {limit}", "choose at least 1")
    seen: set[str] = set()
    kept: list[str] = []
    columns: dict[str, list[object]] = {}
    skipped, listed = dict.fromkeys(REASONS, 0), {reason: list[str]() for reason in REASONS}
    out, n = np.empty((0, 0), dtype=np.float32), 0
    subwords: Subwords | None = None
    for block in blocks:
        subwords = block.subwords or subwords
        size = np.einsum("ij,ij->i", block.vectors, block.vectors, dtype=np.float64)
        rows = []
        for i, (raw, length) in enumerate(zip(block.items, size.tolist(), strict=True)):
            item = nfc(raw).strip()
            item = item.lower() if lower else item
            reason = (
                "blank"
                if not item
                else "duplicate"
                if item in seen
                else "non_finite"
                if not length < np.inf
                else "zero"
                if length == 0.0
                else ""
            )
            if reason:
                skipped[reason] += 1
                if len(listed[reason]) < _LISTED:
                    listed[reason].append(item)
                continue
            seen.add(item)
            kept.append(item)
            rows.append(i)
            if limit is not None and len(kept) == limit:
                break
        if not rows:
            continue
        need = n + len(rows)
        if need > len(out):
            grown = need if len(block.items) > need // 8 else need + need // 8
            if out.size == 0:
                out = np.empty((grown, block.vectors.shape[1]), dtype=np.float32)
            else:
                out.resize((grown, out.shape[1]), refcheck=False)
        out[n:need] = block.vectors if len(rows) == len(block.items) else block.vectors[rows]
        for name, values in block.columns.items():
            columns.setdefault(name, []).extend(values[i] for i in rows)
        n = need
        progress("reading", math.nan, n)
        if limit is not None and n == limit:
            break
    if not n:
        left = ", ".join(f"{count:,} {reason.replace('_', '-')}" for reason, count in skipped.items() if count)
        raise InvalidValue(
            "no usable vector was found" + (f" ({left})" if left else ""), "check the file and its format"
        )
    out.resize((n, out.shape[1]), refcheck=False)
    whole = {name: values for name, values in columns.items() if len(values) == n}
    return Collected(kept, out, pa.table(whole) if whole else pa.table({}), skipped, listed, subwords)


def imported_space(found: Collected, name: str, *, file: str, told: Mapping[str, str] | None = None) -> Space:
    """The space of an import. file: its bare name. told: language, script, period. All of it stays with the space, and
    what was skipped.
    """
    skipped = {"counts": found.skipped, "listed": {k: v for k, v in found.listed.items() if v}}
    metadata = {"file": file, "skipped": skipped, **(told or {})}
    return Space(name, tuple(found.items), found.vectors, found.columns, metadata, subwords=found.subwords)
