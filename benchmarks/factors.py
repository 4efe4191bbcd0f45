"""Singular values and the right vectors of a table of tokens by its Gram matrix against numpy's svd.

Aims: 8 times faster, a third of the memory. The table has the shape of multilingual-e5-small's, with random values;
memory is the most that a process of its own had resident beyond the table.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import numpy as np

from benchmarks.measure import Entry, clock
from isogloss.vocabulary.growing.factors import singular

ROWS, DIM = 250_037, 384
_ALONE = """
import sys, numpy as np
from benchmarks.measure import peak_mb
from isogloss.vocabulary.growing.factors import singular
table = np.random.default_rng(0).standard_normal((int(sys.argv[2]), int(sys.argv[3])), dtype=np.float32)
before = peak_mb()
singular(table) if sys.argv[1] == "ours" else np.linalg.svd(table, full_matrices=False)
print(peak_mb() - before)
"""


def run(quick: bool = False) -> Iterator[Entry]:
    rows = 20_000 if quick else ROWS
    table = np.random.default_rng(0).standard_normal((rows, DIM), dtype=np.float32)
    ours = [clock(lambda: singular(table)) for _ in range(1 if quick else 3)]
    peer = [clock(lambda: np.linalg.svd(table, full_matrices=False))]
    off = float(np.abs(ours[0].result[0] / peer[0].result[1] - 1).max())
    fast = float(np.median([one.wall for one in ours]))
    yield Entry(
        "factors",
        f"singular values of {rows:,} × {DIM}",
        "s",
        [one.wall for one in ours],
        [one.wall for one in peer],
        "numpy.linalg.svd",
        aim="8 times faster",
        met=peer[0].wall >= 8 * fast,
        note=f"values within {off:.0e}",
    )
    memory = [_alone(name, rows) for name in ("ours", "peer")]
    yield Entry(
        "factors",
        "memory beyond the table",
        "MB",
        [memory[0]],
        [memory[1]],
        "numpy.linalg.svd",
        aim="a third",
        met=memory[0] <= memory[1] / 3,
    )


def _alone(name: str, rows: int) -> float:
    told = subprocess.run(
        [sys.executable, "-c", _ALONE, name, str(rows), str(DIM)], capture_output=True, text=True, check=True
    )
    return float(told.stdout)
