"""Small spaces that tests share."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from isogloss.spaces.space import Space


def make_space(name: str, items: list[str], vectors: np.ndarray, counts: list[int] | None = None) -> Space:
    """A space with counts (falling with the row unless given) and counts per million."""
    column = np.array(counts if counts is not None else np.arange(len(items), 0, -1) * 10)
    columns = pa.table({"count": column, "per_million": column * 1e6 / max(int(column.sum()), 1)})
    return Space(name, tuple(items), np.asarray(vectors, dtype=np.float32), columns)


def random_space(name: str, n: int, dim: int, seed: int = 0) -> Space:
    """Items w0 … and random vectors."""
    return make_space(name, [f"w{row}" for row in range(n)], np.random.default_rng(seed).normal(size=(n, dim)))
