"""The recall that is printed is the one that a loop over all items counts, of small spaces and of those of many."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from isogloss.nearest.index import Index
from isogloss.nearest.indexes import graph
from isogloss.nearest.remote.engine import ENGINES
from isogloss.nearest.remote.index import connected
from isogloss.nearest.remote.publish import opened, publish
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.types import Floats
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace
from tests.kit.commands import run
from tests.kit.spaces import random_space
from tests.kit.tiers import TIER

MANY = 50_001  # items: one more than from where on an engine builds an index
WHERE = {"lancedb": "spaces", "milvus": "spaces.db"}
BUILT = {"lancedb": "LanceDB, IVF_PQ", "milvus": "Milvus, IVF_SQ8"}


def drawn(space: Space) -> list[int]:
    """The items whose recall is told: the second 500 of a permutation (half of a space of fewer than 1,000)."""
    n = min(500, len(space) // 2)
    return np.random.default_rng(1).permutation(len(space))[n : 2 * n].tolist()


def counted(index: Index, space: Space) -> Floats:
    """Of each drawn item the share of its true ten nearest others that the index finds: all cosines, one by one."""
    vectors = space.vectors.astype(np.float64)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    shares = []
    for row in drawn(space):
        cosine = unit @ unit[row]
        found = [at for at in index.search(space.rows([row]), 11)[0][0].tolist() if at != row][:10]
        cosine[row] = -np.inf
        tenth = np.partition(cosine, -10)[-10]
        shares.append(sum(bool(cosine[at] >= tenth - 1e-6) for at in found) / 10)
    return np.array(shares)


def interval(shares: Floats) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of the means of 1,000 resamples."""
    rng = np.random.default_rng(2)
    low, high = np.percentile(shares[rng.integers(len(shares), size=(1_000, len(shares)))].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def require_counted(told: dict[str, Any], shares: Floats) -> None:
    """The recall as hits of ten an item, exactly; the interval."""
    assert told["n"] == len(shares)
    assert told["value"] == round(float(shares.mean()), 6)
    assert round(told["value"] * told["n"] * 10) == round(float(shares.sum()) * 10)
    assert (told["low"], told["high"]) == tuple(round(end, 6) for end in interval(shares))


def short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


@pytest.mark.long
@pytest.mark.parametrize("engine", list(ENGINES))
def test_publish_and_open_print_what_is_counted(
    engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an engine that never sees every seventh row, so that there is something to miss."""
    uri, home = str(tmp_path / WHERE[engine]), ["--workspace", str(tmp_path / "home")]
    kind = type(connected(uri).table("trial", 4, pa.schema([])))
    real = kind.search

    def search(self: Any, *asked: Any, **more: Any) -> Any:
        found = real(self, *asked, **more)
        return np.where(found % 7 == 3, -1, found)

    monkeypatch.setattr(kind, "search", search)
    one = Collection("c", (random_space("s", 120, 6),), "C", Alignment("declared"))
    Workspace(tmp_path / "home").save(one)
    sent = run(capsys, "publish", "--json", "c", "--to", uri, *home)["spaces"][0]
    index = opened(uri, "c", "s")
    shares = counted(index, one["s"])
    require_counted(sent["recall_at_10"], shares)
    assert 0.7 < sent["recall_at_10"]["value"] < 0.95
    low, high = interval(shares)
    told = f"recall@10 {short(shares.mean())} ({short(low)} to {short(high)}) measured on 60 items"
    assert index.kind.endswith(told)
    assert run(capsys, "open", "--json", uri, "--item", "w3", *home)["index"]["s"].endswith(told)
    record = run(capsys, "open", "--json", uri, *home)["spaces"][0]
    require_counted(record | {"value": record["recall_at_10"]}, shares)


def test_an_index_prints_what_is_counted(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a graph with two links an item, which misses much."""
    monkeypatch.setattr(graph, "EXACT_UP_TO", 100)
    monkeypatch.setattr(graph, "_LINKS", 2)
    monkeypatch.setattr(graph, "_BREADTH_BUILD", 4)
    monkeypatch.setattr(graph, "_BREADTHS", (1,))
    one = Collection("c", (random_space("s", 2_000, 24),), "C", Alignment("declared"))
    workspace.save(one)
    told = run(capsys, "index", "--json", "c")["spaces"][0]
    index = graph.find_index(one["s"], workspace.derived("c"))
    assert index is not None
    shares = counted(index, one["s"])
    assert told["n"] == len(shares) == 500
    assert told["recall_at_10"] == round(float(shares.mean()), 6) < 0.99
    printed = re.search(r"recall@10 (\S+) measured on 500 items", index.kind)
    assert printed is not None
    assert float(printed[1]) == int(shares.sum() * 10 + 0.5) // 5 / 1_000  # cut off, not rounded up


@pytest.mark.long
def test_a_graph_of_many_finds_what_it_says(tmp_path: Path) -> None:
    space = random_space("s", MANY, 6)
    index = graph.build_index(space, DerivedStore(tmp_path))
    shares = counted(index, space)
    assert index.measured.n == len(shares) == 500
    assert index.measured.recall_at_10 == pytest.approx(shares.mean(), abs=1e-12)
    assert shares.mean() >= graph.RECALL - 0.01


@pytest.mark.parametrize("engine", list(ENGINES) if TIER == "soak" else [])
def test_an_engine_of_many_finds_what_it_says(engine: str, tmp_path: Path) -> None:
    """With the index that it builds from 50,000 rows on; all of it is read back."""
    uri, space = str(tmp_path / WHERE[engine]), random_space("s", MANY, 6)
    told = publish(Collection("c", (space,), "C"), uri)[0].told
    assert (told.whole, told.kind, told.n) == (True, BUILT[engine], 500)
    shares = counted(opened(uri, "c", "s"), space)
    require_counted({"value": told.recall_at_10, "low": told.low, "high": told.high, "n": told.n}, shares)
    assert shares.mean() >= 0.98
