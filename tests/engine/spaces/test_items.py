"""Lazy items behave as the tuple; large collections open without reading, whole or damaged."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import NotFound, StoreError
from isogloss.spaces import items as module
from isogloss.spaces.collection import Collection
from isogloss.spaces.items import Items, Positions, item_column, sorted_rows
from isogloss.spaces.space import Space
from isogloss.workspace.store import read_collection, write_collection

NAMES = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), unique=True, max_size=12)
PLACES = st.integers(-15, 15)


def in_chunks(names: list[str], cut: int) -> pa.ChunkedArray:
    cut = min(abs(cut), len(names))
    return pa.chunked_array([names[:cut], names[cut:]], pa.string())


@given(NAMES, PLACES, st.slices(12), st.text(max_size=2))
def test_items_are_a_tuple(names: list[str], place: int, part: slice, other: str) -> None:
    plain, lazy = tuple(names), Items(in_chunks(names, place))
    assert len(lazy) == len(plain)
    assert tuple(lazy) == plain
    assert lazy == plain
    assert plain == lazy
    assert lazy == Items(in_chunks(names, 0))
    assert lazy != (*plain, "x")
    assert (*plain[:-1], "another name") != lazy
    assert hash(lazy) == hash(plain)
    assert lazy[part] == plain[part]
    assert list(reversed(lazy)) == names[::-1]
    if -len(plain) <= place < len(plain):
        assert lazy[place] == lazy[np.int64(place)] == plain[place]
    else:
        with pytest.raises(IndexError):
            lazy[place]
    for name in (*names, other):
        assert (name in lazy) == (name in plain)
        assert lazy.row(name) == (plain.index(name) if name in plain else None)
        if name in plain:
            assert lazy.index(name) == plain.index(name)
    assert 5 not in lazy
    assert [plain[r] for r in sorted_rows(lazy.column)] == sorted(plain)
    assert item_column(lazy) is lazy.column
    assert item_column(plain).to_pylist() == names


@given(NAMES, st.text(max_size=2), st.integers(0, 30))
def test_positions_are_a_dictionary(names: list[str], other: str, few: int) -> None:
    """Before and after so many look-ups that a dictionary is made."""
    plain = {name: row for row, name in enumerate(names)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_FEW", few)
        lazy = Positions(Items(in_chunks(names, 3)))
        for name in (*names, other, 5, None, "\ud800"):
            assert lazy.get(name, -1) == plain.get(name, -1)  # type: ignore[arg-type]
        assert dict(lazy) == plain
        assert len(lazy) == len(plain)


@pytest.mark.parametrize("column", [pa.chunked_array([[1, 2]]), pa.chunked_array([["a", None]])])
def test_items_are_strings(column: pa.ChunkedArray) -> None:
    with pytest.raises(ValueError, match="column of"):
        Items(column)


@pytest.mark.parametrize("order", [np.arange(3), np.array([0.0, 1.0])])
def test_an_order_that_cannot_be(order: np.ndarray) -> None:
    with pytest.raises(ValueError, match="order of"):
        Items(pa.chunked_array([["a", "b"]]), order)


@pytest.fixture(params=["float16", "float32"])
def half(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "float16")


@pytest.fixture
def opened(half: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Space, Path]:
    """A space of 40 items that counts as large, and the folder it was written to."""
    for where in ("spaces.items", "workspace.store"):
        monkeypatch.setattr(f"isogloss.{where}.LARGE", 30)
    vectors = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float16 if half else np.float32)
    columns = pa.table({"count": range(40, 0, -1), "language": ["en", None] * 20})
    space = Space("s", tuple(f"w{i * 7 % 40}é" for i in range(40)), vectors, columns)
    return space, write_collection(Collection("c", (space,)), tmp_path / "c")


def check(folder: Path, space: Space) -> Space:
    (found,) = read_collection(folder).spaces
    assert isinstance(found.items, Items)
    assert found.items == space.items
    assert (
        found.fingerprint
        == space.fingerprint
        == Space("t", tuple(found.items), found.vectors, found.columns).fingerprint
    )
    assert found.columns.to_pydict() == space.columns.to_pydict()
    assert [found[item] for item in space.items] == list(range(40))
    assert "nothing" not in found
    with pytest.raises(NotFound):
        found["nothing"]
    np.testing.assert_array_equal(found.vectors, space.vectors)
    assert found.vectors.dtype == np.float32
    assert not found.vectors.flags.writeable
    return found


def test_a_large_space_is_the_same(opened: tuple[Space, Path]) -> None:
    space, folder = opened
    found = check(folder, space)
    again = write_collection(Collection("d", (found,)), folder.parent / "d")  # and written from what was opened
    check(again, space)


def test_opening_reads_no_vectors(opened: tuple[Space, Path], half: bool) -> None:
    space, folder = opened
    (found,) = read_collection(folder).spaces
    assert found.dim == 3
    base = found.stored
    while base is not None and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)
    assert "vectors" not in vars(found)
    own = space.vectors[space["w7é"]]
    np.testing.assert_allclose(found.direction("w7é"), own / np.linalg.norm(own), rtol=1e-6)
    np.testing.assert_allclose(found.norms, np.linalg.norm(space.vectors, axis=1), rtol=1e-6)
    assert "vectors" not in vars(found)
    assert not hasattr(found, "vectorz")


@pytest.mark.parametrize("name", ["items.arrow", "order.npy"])
@pytest.mark.parametrize("keep", [None, 0, 20, 200])
def test_without_the_mapped_files_items_parquet_has_it_all(
    opened: tuple[Space, Path], name: str, keep: int | None
) -> None:
    space, folder = opened
    path = folder / "space-0" / name
    content = path.read_bytes()
    path.unlink()
    if keep is not None:
        path.write_bytes(content[:keep])
    check(folder, space)


def test_neither_file(opened: tuple[Space, Path]) -> None:
    _, folder = opened
    for name in ("items.arrow", "items.parquet"):
        (folder / "space-0" / name).write_bytes(b"PAR1")
    with pytest.raises(StoreError, match="damaged"):
        read_collection(folder)


def test_a_small_space_has_a_tuple_and_two_files() -> None:
    space = Space("s", ("a", "b"), np.eye(2))
    with tempfile.TemporaryDirectory() as folder:
        where = write_collection(Collection("c", (space,)), Path(folder) / "c")
        assert sorted(path.name for path in (where / "space-0").iterdir()) == ["items.parquet", "vectors.npy"]
        assert type(read_collection(where)["s"].items) is tuple
