"""Attaching the texts of the demo (10,952 speeches, 31.9 million tokens) against the same in 0.6.0, taken from the
repository's history: seconds that are waited, and CPU seconds of all processes, imports included.

Aims: no slower than 0.6.0 (a tenth is noise). Ours cuts texts in processes beside the one that writes, and counts words
as the build does, where 0.6.0 left the tokens to SQLite: what that costs is CPU time, which is told beside.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.measure import Entry, Spread, take_turns
from benchmarks.strings import DATA
from benchmarks.waits import taken
from isogloss.places import ROOT

MOST = 1.1


def run(quick: bool = False) -> Iterator[Entry]:
    corpus = DATA / "un_general_debate.parquet"
    with tempfile.TemporaryDirectory() as folder:
        home, earlier = Path(folder), taken(Path(folder) / "0.6.0")
        if quick:
            short = home / corpus.name
            table = pq.read_table(corpus)
            pq.write_table(table.take(list(range(0, len(table), 5))), short)
            corpus = short
        found = take_turns(
            1 if quick else 3,
            ours=lambda: attached(ROOT, corpus, home / "ours"),
            earlier=lambda: attached(earlier, corpus, home / "earlier"),
        )
    for place, (what, most) in enumerate((("texts attached", MOST), ("the same, of all processes", None))):
        ours, peer = ([one[place] for one in found[side]] for side in ("ours", "earlier"))
        yield Entry(
            "attaching",
            what,
            "CPU s" if place else "s",
            ours,
            peer,
            "0.6.0",
            aim=f"at most {most} times as long" if most else "",
            met=Spread.of(ours).median <= most * Spread.of(peer).median if most else None,
        )


def attached(root: Path, corpus: Path, home: Path) -> tuple[float, float]:
    """Seconds of a process of its own, and CPU seconds of it and all that it began."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "isogloss", "attach", "un-debates", str(corpus)],
        cwd=root,
        env=os.environ | {"ISOGLOSS_HOME": str(home), "PYTHONPATH": str(root)},
        check=True,
        capture_output=True,
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
