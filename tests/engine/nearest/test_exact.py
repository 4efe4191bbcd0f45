"""Every index against plain numpy: ties, equal vectors, zero vectors, more neighbors than items; built ones on disk."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from isogloss.cli.main import main
from isogloss.errors import InvalidValue, StoreError
from isogloss.linear import unit_rows
from isogloss.nearest import exact
from isogloss.nearest.alike import alike
from isogloss.nearest.exact import ExactIndex, self_neighbors
from isogloss.nearest.index import Index, index_of
from isogloss.nearest.indexes import graph
from isogloss.nearest.neighbors import Neighbor, answered_by, neighbors
from isogloss.nearest.query import Query
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import Workspace
from tests.kit.spaces import random_space

# Whole numbers make many ties, equal rows and zero rows.
MATRICES = st.integers(1, 30).flatmap(lambda n: arrays(np.float32, (n, 3), elements=st.integers(-2, 2).map(np.float32)))


def space_of(vectors: np.ndarray) -> Space:
    return Space("s", tuple(map(str, range(len(vectors)))), vectors)


def cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    a, b = a.astype(np.float64), b.astype(np.float64)
    norms = np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)[None]
    return a @ b.T / np.where(norms > 0, norms, 1)


def exact_index(space: Space) -> Index:
    return ExactIndex(space)


def in_blocks(space: Space) -> Index:
    """As for a large space: 4 rows at a time, and never a copy of them all."""
    assert exact.in_blocks(space)
    return ExactIndex(space)


def approximate_index(space: Space) -> Index:
    with tempfile.TemporaryDirectory() as folder:
        return graph.build_index(space, DerivedStore(Path(folder)))


def kept(space: Space) -> Index:
    with tempfile.TemporaryDirectory() as folder:
        store = DerivedStore(Path(folder))
        graph.build_index(space, store)
        found = index_of(space, store)
    assert isinstance(found, graph.ApproximateIndex)
    return found


BACKENDS = {one.__name__: one for one in (exact_index, in_blocks, approximate_index, kept)}


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[Space], Index]:
    if request.param == "in_blocks":
        monkeypatch.setattr(exact, "LARGE", 0)
        monkeypatch.setattr(exact, "_BLOCK", 4)
        monkeypatch.setattr(exact, "_QUERIES", 3)
    monkeypatch.setattr(graph, "EXACT_UP_TO", 0)
    return BACKENDS[request.param]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MATRICES, MATRICES, st.integers(1, 40))
def test_search_is_the_best_k_by_brute_force(
    backend: Callable[[Space], Index], vectors: np.ndarray, queries: np.ndarray, k: int
) -> None:
    """Thirty items are so few that the approximate index, too, must find all."""
    rows, similarity = backend(space_of(vectors)).search(queries, k)
    exact = cosines(queries, vectors)
    assert rows.shape == similarity.shape == (len(queries), min(k, len(vectors)))
    assert (rows.dtype, similarity.dtype) == (np.int64, np.float32)
    best = -np.sort(-exact, axis=1)[:, : rows.shape[1]]
    np.testing.assert_allclose(similarity, best, atol=1e-5)
    np.testing.assert_allclose(np.take_along_axis(exact, rows, axis=1), best, atol=1e-5)
    assert all(len(set(row)) == len(row) for row in rows.tolist())


@given(MATRICES, st.integers(1, 40))
def test_self_neighbors_are_the_best_k_others(vectors: np.ndarray, k: int) -> None:
    rows, similarity = self_neighbors(space_of(vectors), k)
    n = len(vectors)
    assert rows.shape == similarity.shape == (n, min(k, n - 1))
    assert not (rows == np.arange(n)[:, None]).any()
    exact = cosines(vectors, vectors)
    np.fill_diagonal(exact, -9)
    best = -np.sort(-exact, axis=1)[:, : rows.shape[1]]
    # A zero row is no nearer to itself than to others; among equal rows any may stand in the list.
    whole = np.linalg.norm(vectors, axis=1) > 0
    np.testing.assert_allclose(similarity[whole], best[whole], atol=1e-5)
    np.testing.assert_allclose(np.take_along_axis(exact, rows, axis=1), similarity, atol=1e-5)


def test_one_query_may_be_a_plain_vector(backend: Callable[[Space], Index]) -> None:
    rows, similarity = backend(space_of(np.eye(3, dtype=np.float32))).search(np.array([0, 7, 1], dtype=np.float32), 2)
    assert rows.tolist() == [[1, 2]]
    np.testing.assert_allclose(similarity, [[7 / np.sqrt(50), 1 / np.sqrt(50)]], rtol=1e-6)


@pytest.mark.parametrize(
    ("shape", "k", "fact"), [((1, 2), 3, "2 dimensions"), ((1, 3), 0, "k is 0"), ((1, 3), -1, "k is -1")]
)
def test_what_cannot_be_searched(backend: Callable[[Space], Index], shape: tuple[int, int], k: int, fact: str) -> None:
    with pytest.raises(InvalidValue, match=fact):
        backend(space_of(np.eye(3))).search(np.ones(shape), k)


def test_blocks_make_no_copy_of_a_large_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "LARGE", 10)
    space = random_space("s", 50, 6)
    near = neighbors(Collection("c", (space,)), Query((("w3", 1), ("w4", -1))), k=5)["s"]
    cosine = exact.cosines(space, space.vectors[7])
    assert "unit" not in vars(space)
    np.testing.assert_allclose(cosine, space.unit @ space.unit[7], atol=1e-6)
    monkeypatch.undo()
    assert near == [
        Neighbor(n.item, pytest.approx(n.similarity, abs=1e-6))
        for n in neighbors(Collection("c", (space,)), Query((("w3", 1), ("w4", -1))), k=5)["s"] or []
    ]


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Space, DerivedStore]:
    """A space that counts as large, with its index built."""
    monkeypatch.setattr(graph, "EXACT_UP_TO", 100)
    space, store = random_space("large", 1_200, 16), DerivedStore(tmp_path)
    done: list[tuple[float, float | None]] = []
    graph.build_index(space, store, lambda what, share, number=None: done.append((share, number)))
    assert done[-1] == (1.0, 1_200)
    return space, store


def test_recall_is_measured_against_brute_force(large: tuple[Space, DerivedStore]) -> None:
    space, store = large
    found = index_of(space, store)
    assert isinstance(found, graph.ApproximateIndex)
    about = found.measured
    assert (about.n, about.items, about.dim) == (500, 1_200, 16)
    exact = cosines(space.vectors, space.vectors)
    np.fill_diagonal(exact, -9)
    rows = found.search(space.vectors, 11)[0]
    hits = [
        len({row for row in list_ if row != own} & set(np.argsort(-exact[own])[:10].tolist())) / 10
        for own, list_ in enumerate(rows.tolist())
    ]
    assert about.recall_at_10 == pytest.approx(np.mean(hits), abs=0.02)
    assert found.kind.startswith("HNSW, recall@10 ")


def test_recall_is_that_of_what_an_index_finds() -> None:
    """An index that finds half of the true neighbors, and farther items for the rest, has a recall of a half."""
    space = random_space("s", 60, 5)
    every = ExactIndex(space).search(space.vectors, 60)

    class Half:
        kind = "half"

        def search(self, queries: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
            assert k == 11
            chosen = [0, 1, 2, 3, 4, 5, 40, 41, 42, 43, 44]  # itself, five of ten, and far ones
            return tuple(one[:, chosen] for one in every)  # type: ignore[return-value]

    least = np.asarray(every[1][:, 10])
    assert graph.recall_at_10(Half(), space, np.arange(60), least=least) == pytest.approx(0.5)
    assert graph.recall_at_10(ExactIndex(space), space, np.arange(60), least=least) == 1


def test_neighbors_go_through_the_index_and_say_so(large: tuple[Space, DerivedStore], tmp_path: Path) -> None:
    space, store = large
    small = random_space("small", 30, 16, 3)
    collection = Collection("c", (space, small))
    told = answered_by(collection, store)
    assert re.fullmatch(r"HNSW, recall@10 (\.\d{3}|1\.000) measured on 500 items", told["large"])
    assert told["small"] == "exact"
    assert answered_by(collection, store, "csls") == answered_by(collection) == {"large": "exact", "small": "exact"}
    query = Query((("w3", 1),))
    near, plain = (neighbors(collection, query, k=10, store=one)["large"] for one in (store, None))
    assert near is not None
    assert plain is not None
    assert "w3" not in [n.item for n in near]
    assert len({n.item for n in near} & {n.item for n in plain}) >= 9


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def turn_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-min(100, len(content) // 2)] ^= 255  # in the vectors' codes, where it would only spoil answers
    path.write_bytes(content)


@pytest.mark.parametrize("suffix", ["faiss", "npz", "json"])
@pytest.mark.parametrize("harm", [Path.unlink, cut, turn_a_byte, lambda path: path.write_bytes(b"")])
def test_without_a_whole_index_the_answer_is_exact(
    large: tuple[Space, DerivedStore], suffix: str, harm: Callable[[Path], object]
) -> None:
    space, store = large
    (path,) = store.folders[0].glob(f"*.{suffix}")
    harm(path)
    found = index_of(space, store)
    assert found.kind == "exact"
    np.testing.assert_array_equal(
        found.search(space.vectors[:3], 5)[0], ExactIndex(space).search(space.vectors[:3], 5)[0]
    )


def test_heaps_of_equal_vectors_do_not_hide_the_others(tmp_path: Path) -> None:
    """A third of the items has one vector, which a graph over all items would link to itself alone."""
    vectors = np.random.default_rng(0).normal(size=(1_500, 64)).astype(np.float32)
    vectors[::3] = vectors[0]
    space = space_of(vectors)
    groups = alike(space)
    assert len(groups) == 1_001
    assert sorted(groups.rows.tolist()) == list(range(1_500))
    assert groups.members(np.array([0]), 9_999).tolist() == list(range(0, 1_500, 3))
    built = graph.build_index(space, DerivedStore(tmp_path))
    assert built.measured.recall_at_10 > 0.995
    assert built.measured.breadth == 64
    similarity = built.search(vectors[:1], 20)[1]
    np.testing.assert_allclose(similarity, 1, atol=1e-6)


def test_an_index_is_of_one_content(large: tuple[Space, DerivedStore]) -> None:
    space, store = large
    other = random_space("large", 1_200, 16, seed=1)
    assert index_of(other, store).kind == "exact"
    assert index_of(space, store).kind != "exact"
    assert index_of(space).kind == "exact"


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be written"):
        graph.build_index(random_space("s", 50, 4), DerivedStore(tmp_path / "file"))


def test_the_command_builds_and_reports(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(graph, "EXACT_UP_TO", 100)
    workspace.save(Collection("two", (random_space("large", 300, 8), random_space("small", 20, 8))))
    arguments = ["--workspace", str(workspace.root)]
    assert main(["index", "two", "--json", *arguments]) == 0
    out, told = capsys.readouterr()
    report = json.loads(out)
    assert set(report) == {"collection", "spaces"}
    assert report["collection"] == "two"
    large, small = report["spaces"]
    assert list(large) == list(small) == ["space", "items", "kind", "recall_at_10", "n", "bytes", "seconds"]
    assert (large["kind"], large["n"], large["items"], small["kind"]) == ("HNSW", 150, 300, "exact")
    assert 0.9 < large["recall_at_10"] <= 1
    assert large["bytes"] > 300 * 8
    assert "large: built and measured" in told
    assert main(["index", "two", "--space", "large", "--json", *arguments]) == 0
    out, told = capsys.readouterr()
    assert json.loads(out)["spaces"] == [large]  # it is there already
    assert told == ""
    assert main(["index", "two", *arguments]) == 0
    assert "recall@10" in capsys.readouterr().out
    assert main(["index", "two", "--space", "lage", *arguments]) == 2
    assert "large" in capsys.readouterr().err


def test_unit_rows() -> None:
    rows = unit_rows(np.array([[3, 4], [0, 0]]))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0, 0]])
    assert rows.dtype == np.float32
    assert rows.flags["C_CONTIGUOUS"]
