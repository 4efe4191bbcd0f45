"""The demo collection, and fixed samples of it."""

from __future__ import annotations

from functools import cache

import numpy as np

from isogloss.spaces.collection import Collection
from isogloss.types import Vectors
from isogloss.workspace.store import Workspace

NAME = "un-debates"


@cache
def demo() -> Collection:
    return Workspace().open(NAME)


def words(collection: Collection, n: int, everywhere: bool = False) -> list[str]:
    """n items from the most to the least frequent, at even steps; `everywhere`: of those in every space."""
    ranked = sorted(collection.counts, key=lambda item: (-collection.counts[item], item))
    if everywhere:
        ranked = [item for item in ranked if all(item in space for space in collection.spaces)]
    return [ranked[at] for at in np.linspace(0, len(ranked) - 1, n).astype(int)]


def rows(collection: Collection, n: int) -> Vectors:
    """n vectors drawn from all spaces together, float32; always the same ones."""
    stacked = np.concatenate([space.vectors for space in collection.spaces])
    if len(stacked) < n:
        raise SystemExit(f"collection {collection.name!r} has {len(stacked):,} vectors, {n:,} are needed")
    return stacked[np.sort(np.random.default_rng(0).permutation(len(stacked))[:n])]
