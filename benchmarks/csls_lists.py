"""Ten nearest by CSLS for every item of 20,000 among 20,000 others, against plain numpy and against faiss's flat index.

numpy: a double loop over blocks with running lists, `np.partition` and `np.argpartition`, and cosines computed once for
r and once for the lists. faiss: r from the flat index, then the whole matrix of CSLS and one `argpartition` (which
takes 1.6 GB and more at this size). Aims: 5 times faster; memory bounded by the block. Peak memory is that of a
process of its own beyond its imports and the vectors. The items are strings of real data, encoded and cut in two at
random.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np

from benchmarks.measure import Entry, Spread, clock, take_turns
from benchmarks.strings import sentence_vectors, static_vectors
from isogloss.linear import unit_rows
from isogloss.nearest.csls import csls_neighbors
from isogloss.types import Vectors

K = 10
FASTER = 5
BLOCK = 1_000
_AROUND = """
import sys
import numpy as np
from benchmarks.csls_lists import by_faiss, by_numpy, csls_neighbors
from benchmarks.measure import peak_mb
x, z = np.load(sys.argv[1]), np.load(sys.argv[2])
how = {{"ours": csls_neighbors, "numpy": by_numpy, "faiss": by_faiss}}[{how!r}]
how(x[:300], z[:300], 10)
before = peak_mb()
how(x, z, 10)
print(max(peak_mb() - before, 0.1))
"""


def run(quick: bool = False) -> Iterator[Entry]:
    n = 1_000 if quick else 20_000
    for name, vectors in (("MiniLM", sentence_vectors(2 * n)), ("the shipped encoder", static_vectors(2 * n))):
        drawn = np.random.default_rng(3).permutation(len(vectors))[: 2 * n]
        x, z = vectors[drawn[: len(drawn) // 2]], vectors[drawn[len(drawn) // 2 :]]
        yield from compared(name, x, z, 1 if quick else 3)


def compared(name: str, x: Vectors, z: Vectors, repeats: int) -> Iterator[Entry]:
    csls_neighbors(x[:300], z[:300], K)  # compiled
    found = take_turns(
        repeats,
        ours=lambda: clock(lambda: csls_neighbors(x, z, K)),
        numpy=lambda: clock(lambda: by_numpy(x, z, K)),
        faiss=lambda: clock(lambda: by_faiss(x, z, K)),
    )
    what = f"{name}, {len(x):,} × {len(z):,} × {x.shape[1]}"
    values = found["ours"][0].result[1]
    same = {side: float((np.abs(taken[0].result[1] - values) < 1e-4).mean()) for side, taken in found.items()}
    for side, told in (("numpy", "numpy in blocks"), ("faiss", "faiss flat, full matrix")):
        times, cpu = ({key: [getattr(c, at) for c in taken] for key, taken in found.items()} for at in ("wall", "cpu"))
        faster, less = (Spread.of(t[side]).median / Spread.of(t["ours"]).median for t in (times, cpu))
        yield Entry(
            "csls_lists",
            what,
            "s",
            times["ours"],
            times[side],
            told,
            aim=f"{FASTER} times faster",
            met=faster >= FASTER,
            note=(
                f"{faster:.1f} times faster, {less:.1f} times less CPU time; {same[side]:.2%} of the CSLS agree within"
                " 1e-4"
            ),
        )
    with tempfile.TemporaryDirectory() as folder:
        memory = {side: [extra(side, x, z, Path(folder))] for side in found}
    for side in ("numpy", "faiss"):
        yield Entry(
            "csls_lists",
            f"{what}, peak memory beyond the vectors",
            "MB",
            memory["ours"],
            memory[side],
            side,
            aim="less than the matrix of n²",
            met=memory["ours"][0] < len(x) * len(z) * 4 / 1e6,
        )


def extra(how: str, x: Vectors, z: Vectors, folder: Path) -> float:
    np.save(folder / "x.npy", x)
    np.save(folder / "z.npy", z)
    command = [sys.executable, "-c", _AROUND.format(how=how), str(folder / "x.npy"), str(folder / "z.npy")]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def by_numpy(x: Vectors, z: Vectors, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows and CSLS, best first: every pair of blocks, once for r and once for the lists."""
    x, z = unit_rows(x), unit_rows(z)
    r_source = np.full((len(x), k), -9, dtype=np.float32)
    r_target = np.full((len(z), k), -9, dtype=np.float32)
    blocks = [(i, j) for i in range(0, len(x), BLOCK) for j in range(0, len(z), BLOCK)]
    for i, j in blocks:
        cosine = x[i : i + BLOCK] @ z[j : j + BLOCK].T
        for r, at, part in ((r_source, i, cosine), (r_target, j, cosine.T)):
            both = np.hstack([r[at : at + BLOCK], part])
            r[at : at + BLOCK] = np.partition(both, -k, axis=1)[:, -k:]
    mean_source, mean_target = r_source.mean(axis=1), r_target.mean(axis=1)
    rows = np.zeros((len(x), k), dtype=np.int64)
    values = np.full((len(x), k), -9, dtype=np.float32)
    for i, j in blocks:
        cosine = x[i : i + BLOCK] @ z[j : j + BLOCK].T
        csls = 2 * cosine - mean_source[i : i + BLOCK, None] - mean_target[None, j : j + BLOCK]
        both = np.hstack([values[i : i + BLOCK], csls])
        numbers = np.hstack([rows[i : i + BLOCK], np.tile(np.arange(j, j + csls.shape[1]), (len(csls), 1))])
        best = np.argpartition(both, -k, axis=1)[:, -k:]
        rows[i : i + BLOCK] = np.take_along_axis(numbers, best, axis=1)
        values[i : i + BLOCK] = np.take_along_axis(both, best, axis=1)
    return ordered(rows, values)


def by_faiss(x: Vectors, z: Vectors, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows and CSLS, best first: r from two flat indexes, the lists from the whole matrix."""
    x, z = unit_rows(x), unit_rows(z)
    r: list[Vectors] = []
    for one, other in ((x, z), (z, x)):
        flat = faiss.IndexFlatIP(one.shape[1])
        flat.add(other)
        r.append(flat.search(one, k)[0].mean(axis=1))
    csls = 2 * (x @ z.T) - r[0][:, None] - r[1][None]
    rows = np.argpartition(csls, -k, axis=1)[:, -k:]
    return ordered(rows, np.take_along_axis(csls, rows, axis=1))


def ordered(rows: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(rows, order, axis=1), np.take_along_axis(values, order, axis=1)
