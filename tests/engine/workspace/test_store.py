"""Collections on disk: whole, equal after a round trip, and never another error than StoreError."""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import InvalidValue, NotFound, StoreError
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.workspace import store
from isogloss.workspace.store import Workspace, read_collection, write_collection
from tests.kit.spaces import make_space


def assert_equal(a: Collection, b: Collection) -> None:
    assert (a.name, a.title, a.ordered, a.alignment) == (b.name, b.title, b.ordered, b.alignment)
    assert (dict(a.metadata), a.fingerprint) == (dict(b.metadata), b.fingerprint)
    for one, other in zip([*a.spaces, a.compass], [*b.spaces, b.compass], strict=True):
        if one is None or other is None:
            assert one is other
            continue
        assert (one.name, one.items, dict(one.metadata)) == (other.name, other.items, dict(other.metadata))
        np.testing.assert_array_equal(one.vectors, other.vectors)
        assert one.columns.to_pydict() == other.columns.to_pydict()


def rich(name: str = "rich") -> Collection:
    """float16 and float32 spaces, nulls, a compass, alignment diagnostics, items of five scripts."""
    rng = np.random.default_rng(5)
    items = ("мир", "سلام", "हिन्दी", "气候", "régime")
    columns = pa.table(
        {"count": [9, 8, 7, 6, 5], "language": ["ru", None, "hi", "zh", "fr"], "share": [0.5, None, 0, 1, 0]}
    )
    half = Space("half", items, rng.normal(size=(5, 4)).astype(np.float16), columns, {"from": "text"})
    full = Space("full", items[:3], rng.normal(size=(3, 4)))
    return Collection(
        name,
        (half, full),
        "Rich",
        Alignment("cade", 0.0, {"shared_items": 3, "слои": {"a": 0.5}}),
        False,
        {"licence": "CC0"},
        Space("compass", items[:2], rng.normal(size=(2, 4)).astype(np.float16)),
    )


@pytest.mark.parametrize("fixture", ["aligned", "unaligned", "scripts"])
def test_round_trip(fixture: str, request: pytest.FixtureRequest, workspace: Workspace):
    collection = request.getfixturevalue(fixture)
    workspace.save(collection)
    assert_equal(workspace.open(collection.name), collection)


def test_round_trip_of_everything(workspace: Workspace):
    folder = workspace.save(rich())
    assert_equal(workspace.open("rich"), rich())
    assert np.load(folder / "space-0" / "vectors.npy").dtype == np.float16
    assert np.load(folder / "space-1" / "vectors.npy").dtype == np.float32
    assert set(workspace.folders()) == {"rich"}


@pytest.mark.parametrize("value", [1e5, 1e-9, 1 / 3])
def test_float32_where_float16_would_lose(value: float, tmp_path: Path):
    one = Collection("one", (Space("s", ("a",), np.array([[value, 1.0]])),))
    assert read_collection(write_collection(one, tmp_path / "one")).spaces[0].vectors[0, 0] == np.float32(value)


def test_float32_vectors_stay_on_disk(tmp_path: Path):
    space = read_collection(write_collection(rich(), tmp_path / "rich"))["full"]
    base = space.vectors
    while base is not None and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)
    assert not space.vectors.flags.writeable


@given(st.lists(st.text(min_size=1), unique=True, min_size=1, max_size=6), st.text(max_size=5))
def test_round_trip_of_any_items(items: list[str], title: str):
    collection = Collection("any", (make_space(title, items, np.ones((len(items), 2))),), title=title or "any")
    with tempfile.TemporaryDirectory() as folder:
        assert_equal(read_collection(write_collection(collection, Path(folder) / "any")), collection)


@pytest.mark.parametrize("name", ["../x", "A b", "", ".", "..", "a/b", "a..b", "-a", "a.", "x" * 65, "é", "a\n"])
def test_bad_names(name: str, workspace: Workspace, tmp_path: Path):
    with pytest.raises(InvalidValue, match="cannot be used"):
        workspace.save(Collection(name, (Space("s", ("a",), np.ones((1, 2))),)))
    with pytest.raises(NotFound):
        workspace.open(name)
    with pytest.raises(InvalidValue):
        workspace.derived(name)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_collection_names_the_nearest(workspace: Workspace):
    workspace.save(rich())
    with pytest.raises(NotFound, match=r"'ritch'.*rich"):
        workspace.open("ritch")
    write_collection(rich(), workspace.shipped / "rich")
    with pytest.raises(InvalidValue, match="shipped"):
        workspace.save(rich())


def test_saving_again_replaces(workspace: Workspace, aligned: Collection):
    workspace.save(rich("four"))
    workspace.save(aligned)
    assert_equal(workspace.open("four"), aligned)
    assert [path.name for path in (workspace.root / "collections").iterdir()] == ["four"]


def damage(path: str, content: bytes | None):
    def do(folder: Path) -> None:
        (folder / path).unlink() if content is None else (folder / path).write_bytes(content)

    return do


def truncate(path: str, keep: int):
    return lambda folder: os.truncate(folder / path, keep)


def replace_json(old: str, new: str):
    def do(folder: Path) -> None:
        text = (folder / "collection.json").read_text(encoding="utf-8")
        assert old in text
        (folder / "collection.json").write_text(text.replace(old, new, 1), encoding="utf-8")

    return do


def objects(folder: Path) -> None:
    np.save(folder / "space-1/vectors.npy", np.array([[{}] * 4] * 3, dtype=object), allow_pickle=True)


def archive(folder: Path) -> None:
    with zipfile.ZipFile(folder / "space-1/vectors.npy", "w") as file:
        file.writestr("a", "b")


def other_items(folder: Path) -> None:
    pq.write_table(pa.table({"word": ["a", "b", "c"]}), folder / "space-1/items.parquet")


DAMAGE = {
    "vectors truncated": truncate("space-1/vectors.npy", 140),
    "vectors header truncated": truncate("space-1/vectors.npy", 20),
    "vectors empty": truncate("space-1/vectors.npy", 0),
    "vectors missing": damage("space-1/vectors.npy", None),
    "vectors of objects": objects,
    "vectors an archive": archive,
    "vectors not numpy": damage("space-1/vectors.npy", b"hello"),
    "parquet missing": damage("space-1/items.parquet", None),
    "parquet garbage": damage("space-1/items.parquet", b"PAR1"),
    "parquet without items": other_items,
    "json bad": damage("collection.json", b"{"),
    "json empty": damage("collection.json", b""),
    "json no object": damage("collection.json", b"[1]"),
    "json not UTF-8": damage("collection.json", b"\xff"),
    "schema of the future": replace_json('"schema": 1', '"schema": 2'),
    "schema only": damage("collection.json", b'{"schema": 1}'),
    "more items than vectors": replace_json('"items": 3', '"items": 4'),
    "another folder": replace_json('"space-1"', '"../x"'),
    "spaces of one name": replace_json('"name": "full"', '"name": "half"'),
    "no spaces": damage(
        "collection.json",
        b'{"schema":1,"title":"","ordered":true,"metadata":{},"compass":null,'
        b'"alignment":{"method":"none"},"spaces":[]}',
    ),
    "alignment of other keys": replace_json('"method"', '"methods"'),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_folder_is_a_store_error(kind: str, workspace: Workspace):
    DAMAGE[kind](workspace.save(rich()))
    with pytest.raises(StoreError, match="rich"):
        workspace.open("rich")


@pytest.mark.parametrize(
    ("module", "function", "calls"),
    [(np, "save", 0), (np, "save", 1), (pq, "write_table", 0), (os, "rename", 0), (os, "rename", 1)],
)
def test_a_write_that_fails_leaves_the_old_one_whole(
    module: object,
    function: str,
    calls: int,
    workspace: Workspace,
    aligned: Collection,
    monkeypatch: pytest.MonkeyPatch,
):
    """The call number `calls` fails once, as on a full disk."""
    workspace.save(rich("four"))
    real, done = getattr(module, function), []

    def fails(*args: object, **kwargs: object) -> object:
        done.append(1)
        if len(done) == calls + 1:
            raise OSError(28, "No space left on device")
        return real(*args, **kwargs)

    monkeypatch.setattr(module, function, fails)
    monkeypatch.setattr(
        "isogloss.workspace.folders._exchange", lambda a, b: False
    )  # as where names cannot be exchanged
    with pytest.raises(StoreError, match="No space left"):
        workspace.save(aligned)
    monkeypatch.undo()
    assert_equal(read_collection(workspace.root / "collections" / "four"), rich("four"))
    assert [path.name for path in (workspace.root / "collections").iterdir()] == ["four"]


def test_metadata_that_json_cannot_hold_is_an_isogloss_error(workspace: Workspace):
    bad = Collection("bad", rich().spaces, metadata={"what": object()})
    with pytest.raises(store.StoreError, match="bad"):
        workspace.save(bad)
    assert list((workspace.root / "collections").iterdir()) == []
