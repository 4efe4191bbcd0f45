"""A corpus of which everything is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from isogloss.corpora.recipe import Recipe, Slice, TrainingParameters

TARGETS, SWAPPED, CONTEXTS = 120, 24, 6


def planted(folder: Path, seed: int = 0, sentences: int = 60) -> Path:
    """Two slices in which every target stands amid its own context words; 24 targets trade theirs in the second."""
    rng = np.random.default_rng(seed)
    own = np.arange(TARGETS)
    traded = own.copy()
    traded[:SWAPPED] = np.roll(own[:SWAPPED], 1)
    text, when, who = [], [], []
    for year, contexts in ((1900, own), (2000, traded)):
        for _ in range(sentences):
            lines = []
            for target in range(TARGETS):
                near = [
                    f"c{'abcdefghij'[contexts[target] % 10]}q{_letters(contexts[target])}x{'abcdef'[j]}"
                    for j in rng.permutation(CONTEXTS)[:4]
                ]
                near.insert(int(rng.integers(0, 5)), f"target{_letters(target)}")
                lines.append(" ".join(near) + ". ")
            text.append("".join(line.capitalize() for line in lines))
            when.append(year)
            who.append(f"author{rng.integers(5)}")
    pq.write_table(pa.table({"text": text, "year": when, "who": who}), folder / "planted.parquet")
    return folder / "planted.parquet"


def _letters(n: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[n // 26] + "abcdefghijklmnopqrstuvwxyz"[n % 26]


def recipe_for(corpus: Path, **training: object) -> Recipe:
    parameters = {
        "dim": 30,
        "min_count": 5,
        "ship_count": 5,
        "compass_epochs": 12,
        "slice_epochs": 12,
        "sample": 1.0,
    } | training
    return Recipe(
        "planted",
        "Planted",
        corpus,
        "text",
        "year",
        (Slice("early", 1900, 1900), Slice("late", 2000, 2000)),
        author="who",
        training=TrainingParameters(**parameters),  # type: ignore[arg-type]
    )
