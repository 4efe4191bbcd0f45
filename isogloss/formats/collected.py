"""What an import keeps and what it leaves out, counted by reason."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.formats.own_columns import column_of, own_columns
from isogloss.progress import Progress, silent
from isogloss.spaces.space import Space
from isogloss.spaces.subwords import Subwords
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally
from isogloss.types import Vectors

REASONS = ("duplicate", "blank", "zero", "non_finite")
_SOON = 1_000  # rows after which a file of another kind is refused, without reading on
LEVERS = {
    "short_row": "the file may be cut off, or of another format: name it with --format",
    "no_number": "vectors are decimal numbers with a point",
    "no_vector": "give a vector to each row",
    "not_utf8": "convert the file to UTF-8",
    "other_length": "give vectors of one length",
    "no_object": "give one object a line",
}


@dataclass
class Block:
    """Some rows of a file. columns: more about each row, by name. tally: rows that the reader skipped, by reason. said:
    what else is to be known of the file.
    """

    items: list[str]
    vectors: Vectors
    columns: dict[str, list[object]] = field(default_factory=dict)
    subwords: Subwords | None = None
    tally: Tally | None = None
    said: tuple[str, ...] = ()


@dataclass
class Collected:
    """Items in file order, their vectors (n, dim) float32, further columns; what was skipped, and some of it by name.

    subwords: what the file says of items that it does not hold. said: what else is to be known: a header that is wrong,
    columns that were renamed or left out.
    """

    items: list[str]
    vectors: Vectors
    columns: pa.Table
    skipped: dict[str, int]
    listed: dict[str, list[str]]
    subwords: Subwords | None = None
    said: tuple[str, ...] = ()


def collect(
    blocks: Iterable[Block],
    *,
    limit: int | None = None,
    lower: bool = False,
    name: str = "the file",
    progress: Progress = silent,
) -> Collected:
    """Keep the first `limit` usable rows, which in files of word vectors are the most frequent items.

    Left out: items that came before, blank ones, vectors of zeros, vectors with a value that is not finite, and rows
    that the reader could not use; of these more than one in a hundred mean that the file is of another kind. The array
    grows in place, so that the peak stays near its final size. Raises InvalidValue when nothing is left or too much was
    odd; progress gets the number of items so far and may raise Cancelled. name: of the file, for messages.
    """
    if limit is not None and limit < 1:
        raise InvalidValue(f"limit is {limit}", "choose at least 1")
    seen: set[str] = set()
    kept: list[str] = []
    columns: dict[str, list[object]] = {}
    tally = Tally(skipped=dict.fromkeys(REASONS, 0), listed={reason: list[str]() for reason in REASONS})
    said: dict[str, None] = {}
    out, n = np.empty((0, 0), dtype=np.float32), 0
    subwords: Subwords | None = None
    for block in blocks:
        subwords = block.subwords or subwords
        said |= dict.fromkeys(block.said)
        if block.tally:
            tally.add(block.tally)
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
                tally.skip(reason, item)
                continue
            seen.add(item)
            kept.append(item)
            rows.append(i)
            if limit is not None and len(kept) == limit:
                break
        tally.read += len(rows)
        if tally.total >= _SOON:
            tally.refuse_above(name, LEVERS)
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
        for column, values in block.columns.items():
            columns.setdefault(column, [None] * n).extend(values[i] for i in rows)
        for column in columns.keys() - block.columns.keys():
            columns[column].extend([None] * len(rows))
        n = need
        progress("reading", math.nan, n)
        if limit is not None and n == limit:
            break
    tally.refuse_above(name, LEVERS)
    if not n:
        left = ", ".join(f"{count:,} {reason.replace('_', '-')}" for reason, count in tally.skipped.items() if count)
        raise InvalidValue(
            "no usable vector was found" + (f" ({left})" if left else ""), "check the file and its format"
        )
    out.resize((n, out.shape[1]), refcheck=False)
    said |= dict.fromkeys(f"{left} left out: {why}" for left, why in tally.left_out.items())
    table, renamed = own_columns(pa.table({column: column_of(values) for column, values in columns.items()}))
    said |= dict.fromkeys(f"column {column[:60]!r} {what}" for column, what in renamed.items())
    return Collected(kept, out, table, tally.skipped, tally.listed, subwords, tuple(said))


def imported_space(found: Collected, name: str, *, file: str, told: Mapping[str, str] | None = None) -> Space:
    """The space of an import. file: its bare name. told: language, script, period. All of it stays with the space, and
    what was skipped.
    """
    skipped = {"counts": found.skipped, "listed": {k: v for k, v in found.listed.items() if v}}
    metadata: dict[str, object] = {"file": file, "skipped": skipped, **(told or {})}
    if found.said:
        metadata["said"] = list(found.said)
    return Space(name, tuple(found.items), found.vectors, found.columns, metadata, subwords=found.subwords)
