"""Small collections for tests of components and pages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from isogloss.collection import Alignment, Collection
from isogloss.space import Space
from isogloss.store import Workspace

WORDS = [
    "привет",
    "человек",
    "мир",
    "مرحبا",
    "سلام",
    "كتاب",
    "हिन्दी",
    "नमस्ते",
    "पुस्तक",
    "气候变化",
    "气候",
    "世界",
    "hello",
    "régime",
    "book",
]
HOSTILE = ["<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "$x^2$", ":smile:", "x" * 10_000, "=1+1"]


def space(name: str, items: list[str], seed: int, dim: int = 8) -> Space:
    rng = np.random.default_rng(seed)
    base = np.random.default_rng(0).normal(size=(len(items), dim))
    vectors = (base + 0.3 * rng.normal(size=(len(items), dim))).astype(np.float16).astype(np.float32)
    counts = np.arange(len(items), 0, -1) * 10
    columns = pa.table(
        {
            "count": counts,
            "per_million": counts * 1e6 / counts.sum(),
            "kind": ["a", "b"] * (len(items) // 2) + ["a"] * (len(items) % 2),
        }
    )
    return Space(name, tuple(items), vectors, columns)


def scripts_collection() -> Collection:
    """Cyrillic, Arabic, Devanagari, Han and Latin, with items meant to break a page; two aligned spaces."""
    items = WORDS + HOSTILE
    return Collection(
        "scripts-test", (space("one", items, 1), space("two", items[:-1], 2)), title="Five scripts", alignment=Alignment("declared"), ordered=False
    )  # fmt: skip


def tiny_collection() -> Collection:
    """One space of two items, nothing counted."""
    return Collection("tiny", (Space("only", ("a", "b"), np.eye(2, dtype=np.float32)),))


def disjoint_collection() -> Collection:
    """Two spaces that share no item and no coordinates, not even their dimensions."""
    return Collection("disjoint", (space("left", ["a", "b", "c"], 1), space("right", ["x", "y", "z"], 2, dim=5)))


def save_scripts_collection(folder: Path) -> None:
    Workspace(folder).save(scripts_collection())
