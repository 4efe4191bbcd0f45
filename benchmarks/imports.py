"""Importing 200,000 × 300 vectors as text against gensim: CPU seconds of all threads, and peak memory.

Aims: at most a tenth of the CPU time; at most 1.5 times the final array at the peak. Each reading is a process of its
own, and what the process needs before it reads (imports, compiled code) is taken off both.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.measure import Entry, Spread, take_turns
from isogloss.places import ROOT

_OURS = """
from isogloss.formats.reading import read_vectors
read = lambda path: read_vectors(path).vectors
"""
_PEER = """
from gensim.models import KeyedVectors
read = lambda path: KeyedVectors.load_word2vec_format(path).vectors
"""
_AROUND = """
import sys, time
from benchmarks.measure import peak_mb
{how}
read(sys.argv[1])
before, cpu = peak_mb(), time.process_time()
array = read(sys.argv[2])
print(time.process_time() - cpu, max(peak_mb() - before, 1 / 1024), array.nbytes / 2**20)
"""


def run(quick: bool = False) -> Iterator[Entry]:
    n, dim = (10_000, 300) if quick else (200_000, 300)
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.vec", Path(folder) / "large.vec"
        write(small, 100, dim)
        write(large, n, dim)
        found = take_turns(
            1 if quick else 3, ours=lambda: reading(_OURS, small, large), peer=lambda: reading(_PEER, small, large)
        )
    ours, peer = ([one[0] for one in found[key]] for key in ("ours", "peer"))
    share = Spread.of(ours).median / Spread.of(peer).median
    yield Entry(
        "imports",
        f"{n:,} × {dim} as text",
        "CPU s",
        ours,
        peer,
        "gensim",
        aim="a tenth of the CPU time",
        met=share <= 0.1,
        note=f"{1 / share:.1f} times less",
    )
    ours, peer = ([one[1] / one[2] for one in found[key]] for key in ("ours", "peer"))
    yield Entry(
        "imports",
        "peak memory",
        "× the array",
        ours,
        peer,
        "gensim",
        aim="at most 1.5",
        met=Spread.of(ours).median <= 1.5,
    )


def write(path: Path, n: int, dim: int) -> None:
    rng = np.random.default_rng(0)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{n} {dim}\n")
        for at in range(0, n, 1_000):
            rows = rng.normal(0, 0.1, (min(1_000, n - at), dim))
            for i, row in enumerate(rows):
                file.write(f"wörd{at + i} " + " ".join(f"{x:.5f}" for x in row.tolist()) + "\n")


def reading(how: str, small: Path, large: Path) -> tuple[float, float, float]:
    """CPU seconds, and MiB of memory and of the array: the peak of the process itself, not what the parent had."""
    done = subprocess.run(
        [sys.executable, "-c", _AROUND.format(how=how), str(small), str(large)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    cpu, memory, array = map(float, done.stdout.split())
    return cpu, memory, array
