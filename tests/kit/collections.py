"""Small collections for tests of components and pages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from isogloss.maps.layout import LayoutParameters, layout_key
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace

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
        "scripts-test",
        (space("one", items, 1), space("two", items[:-1], 2)),
        title="Five scripts",
        alignment=Alignment("declared"),
        ordered=False,
    )


def tiny_collection() -> Collection:
    """One space of two items, nothing counted."""
    return Collection("tiny", (Space("only", ("a", "b"), np.eye(2, dtype=np.float32)),))


def disjoint_collection() -> Collection:
    """Two spaces that share no item and no coordinates, not even their dimensions."""
    return Collection("disjoint", (space("left", ["a", "b", "c"], 1), space("right", ["x", "y", "z"], 2, dim=5)))


def large_vectors(n: int = 210_000) -> np.ndarray:
    """Forty clusters in four dimensions; the first two of them are the map."""
    rng = np.random.default_rng(1)
    centres = rng.normal(size=(40, 4)) * 3
    return (centres[rng.integers(40, size=n)] + rng.normal(size=(n, 4))).astype(np.float16).astype(np.float32)


def save_large_collection(folder: Path) -> None:
    """A space with more items than a browser is sent at once, and a layout for it."""
    vectors = large_vectors()
    n = len(vectors)
    columns = pa.table({"count": np.arange(n, 0, -1)})
    collection = Collection("large", (Space("all", tuple(f"w{i}" for i in range(n)), vectors, columns),))
    workspace = Workspace(folder)
    workspace.save(collection)
    _lay(workspace, "large")


def _lay(workspace: Workspace, name: str) -> None:
    """The first two dimensions as the map of all spaces, without waiting for UMAP."""
    spaces = workspace.open(name).spaces
    vectors = np.concatenate([space.vectors for space in spaces])
    layout = {"coordinates": vectors[:, :2].copy(), "kept": np.full(len(vectors), 4, np.int8), "k": np.array(10)}
    workspace.derived(name).put(layout_key(spaces, LayoutParameters()), layout)


def save_scripts_collection(folder: Path) -> None:
    """The collection with its joint map; the maps of its single spaces have yet to be drawn."""
    workspace = Workspace(folder)
    workspace.save(scripts_collection())
    _lay(workspace, "scripts-test")


ITEMS = ("cat", "Köln", "Москва", "東京", "القاهرة", "दिल्ली", "2009", "<img src=x onerror=alert(1)>")


def items_space() -> Space:
    """Eight items of many scripts in five dimensions, with two columns."""
    vectors = np.random.default_rng(0).normal(size=(len(ITEMS), 5)).astype(np.float32)
    return Space("s", ITEMS, vectors, pa.table({"count": list(range(len(ITEMS))), "kind": ["a", "b"] * 4}))
