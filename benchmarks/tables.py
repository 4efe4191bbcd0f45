"""Reading 100,000 documents (120 MB) against the way of 0.6.0: bytes held to be UTF-8, then Arrow's readers.

Aim: no slower (a tenth is noise). The last entry is a file with one odd row, which 0.6.0 refused: it is read row by
row, and held against the same file without that row.
"""

from __future__ import annotations

import codecs
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from benchmarks.measure import Entry, Spread, clock, take_turns
from isogloss.corpora.documents import read_documents

MOST, ODD = 1.1, 8.0


def run(quick: bool = False) -> Iterator[Entry]:
    n = 5_000 if quick else 100_000
    with tempfile.TemporaryDirectory() as folder:
        for name, peer in write(Path(folder), n).items():
            path, like = Path(folder) / name, Path(folder) / name.replace("odd", "c")
            found = take_turns(
                2 if quick else 5,
                ours=lambda path=path: clock(lambda: read_documents(path)).wall * 1e3,
                peer=lambda path=like, peer=peer: clock(lambda: peer(path)).wall * 1e3,
            )
            ratio = Spread.of(found["ours"]).median / Spread.of(found["peer"]).median
            most = ODD if name == "odd.csv" else MOST
            yield Entry(
                "tables",
                f"{n:,} documents of {name} read",
                "ms",
                found["ours"],
                found["peer"],
                "the way of 0.6.0",
                aim=f"at most {most} times as long",
                met=ratio <= most,
            )


class _Held(io.RawIOBase):
    """Bytes held to be UTF-8, as 0.6.0 did."""

    def __init__(self, path: Path) -> None:
        self._stream, self._decoder = open(path, "rb"), codecs.getincrementaldecoder("utf-8")()  # noqa: SIM115

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._decoder.decode(data, final=not data)
        data.count(b"\n")
        buffer[: len(data)] = data
        return len(data)


def _separated(path: Path, delimiter: str) -> pa.Table:
    table = csv.read_csv(
        pa.PythonFile(_Held(path), "r"),
        read_options=csv.ReadOptions(block_size=1 << 26),
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
    )
    text = pc.if_else(pc.equal(table["text"], ""), pa.scalar(None, pa.string()), table["text"])
    return table.set_column(1, "text", text)


def _lines(path: Path) -> pa.Table:
    rows = [json.loads(line) for line in io.BufferedReader(_Held(path), 1 << 20)]
    return pa.table({name: pa.array([row.get(name) for row in rows]) for name in rows[0]})


def _parquet(path: Path) -> pa.Table:
    table = pq.read_table(path)
    table.validate(full=True)
    return table


def write(folder: Path, n: int) -> dict[str, Callable[[Path], Any]]:
    """The same documents in each kind; what the peer of each is."""
    rng = np.random.default_rng(0)
    words = np.array(["".join(rng.choice(list("abcdefghij"), 6)) for _ in range(5_000)])
    texts = [" ".join(words[rng.integers(0, 5_000, 170)]) for _ in range(n)]
    rows = [(1800 + i % 200, text) for i, text in enumerate(texts)]
    (folder / "c.csv").write_text("year,text\n" + "".join(f"{a},{b}\n" for a, b in rows))
    (folder / "odd.csv").write_text("year,text\n" + "".join(f"{a},{b}\n" for a, b in rows) + "1900\n")
    (folder / "c.tsv").write_text("year\ttext\n" + "".join(f"{a}\t{b}\n" for a, b in rows))
    (folder / "c.jsonl").write_text("".join(json.dumps({"year": a, "text": b}) + "\n" for a, b in rows))
    pq.write_table(pa.table({"year": [a for a, _ in rows], "text": texts}), folder / "c.parquet")
    return {
        "c.csv": lambda path: _separated(path, ","),
        "c.tsv": lambda path: _separated(path, "\t"),
        "c.jsonl": _lines,
        "c.parquet": _parquet,
        "odd.csv": lambda path: _separated(path, ","),
    }
