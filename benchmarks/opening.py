"""Opening a collection of 1,000,000 × 300 and reading one vector by its name, against gensim's own saved format.

Aims: at most a fiftieth of the time of KeyedVectors.load, also when it maps its vectors (mmap="r"); less than 300 MB
resident before the first query. Every reading is a process of its own with everything imported; files lie in the
system's cache. The vectors are random: opening does not look at them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors

from benchmarks.measure import Entry, Spread, take_turns
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import write_collection

_OURS = """
from isogloss.workspace.store import read_collection
from isogloss.nearest.neighbors import neighbors
def read(path, name):
    space = read_collection(Path(path)).spaces[0]
    return space.vectors[space[name]]
"""
_PEER = """
from gensim.models import KeyedVectors
def read(path, name):
    return KeyedVectors.load(path{how})[name]
"""
_AROUND = """
import sys, time
from pathlib import Path
{how}
start = time.perf_counter()
found = read(sys.argv[1], sys.argv[2])
seconds = time.perf_counter() - start
from benchmarks.measure import peak_mb
print(seconds, peak_mb(), float(found[0]))
"""
FASTER, MOST_MB = 50, 300


def run(quick: bool = False) -> Iterator[Entry]:
    n, dim = (120_000, 20) if quick else (1_000_000, 300)
    with tempfile.TemporaryDirectory() as folder:
        ours, peer = Path(folder) / "large", Path(folder) / "large.kv"
        write(ours, peer, n, dim)
        name = f"wörd{n // 2}"
        found = take_turns(
            2 if quick else 7,
            ours=lambda: reading(_OURS, ours, name),
            load=lambda: reading(_PEER.format(how=""), peer, name),
            mapped=lambda: reading(_PEER.format(how=', mmap="r"'), peer, name),
        )
    assert len({one[2] for readings in found.values() for one in readings}) == 1
    mine = [one[0] * 1e3 for one in found["ours"]]
    for side, peer_name in (("load", "KeyedVectors.load"), ("mapped", 'KeyedVectors.load(mmap="r")')):
        theirs = [one[0] * 1e3 for one in found[side]]
        faster = Spread.of(theirs).median / Spread.of(mine).median
        yield Entry(
            "opening",
            f"{n:,} × {dim} opened, one vector read",
            "ms",
            mine,
            theirs,
            peer_name,
            aim=f"{FASTER} times faster",
            met=faster >= FASTER,
            note=f"{faster:.0f} times faster",
        )
    memory, theirs = ([one[1] for one in found[side]] for side in ("ours", "mapped"))
    yield Entry(
        "opening",
        "peak resident memory, imports included",
        "MB",
        memory,
        theirs,
        'KeyedVectors.load(mmap="r")',
        aim=f"less than {MOST_MB} MB",
        met=max(memory) < MOST_MB,
    )


def write(ours: Path, peer: Path, n: int, dim: int) -> None:
    vectors = np.random.default_rng(0).standard_normal((n, dim), dtype=np.float32)
    names = [f"wörd{row}" for row in range(n)]
    write_collection(Collection("large", (Space("large", tuple(names), vectors),)), ours)
    keyed = KeyedVectors(dim)
    keyed.add_vectors(names, vectors)
    keyed.save(str(peer))


def reading(how: str, path: Path, name: str) -> tuple[float, float, float]:
    done = subprocess.run(
        [sys.executable, "-c", _AROUND.format(how=how), str(path), name], check=True, capture_output=True, text=True
    )
    seconds, memory, value = map(float, done.stdout.split())
    return seconds, memory, value
