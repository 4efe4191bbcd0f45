"""Damage is found where it is first read, and what is whole is said to be whole."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from isogloss.cli.main import main
from isogloss.errors import InvalidValue, StoreError
from isogloss.places import ASSETS
from isogloss.spaces import checksums
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.spaces.subwords import Subwords
from isogloss.workspace.catalogue import Catalogue
from isogloss.workspace.damage import way_back
from isogloss.workspace.integrity import verify
from isogloss.workspace.store import Workspace
from tests.engine.workspace.test_store import rich


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


def flipped(path: Path, at: int) -> None:
    """The file with one bit turned."""
    data = bytearray(path.read_bytes())
    data[at] ^= 4
    path.write_bytes(data)


def _read(workspace: Workspace) -> None:
    for space in workspace.open("rich").spaces:
        _ = space.vectors
        if space.subwords is not None:
            space.subwords.vector("cattle")


def test_a_turned_bit_anywhere_is_found(workspace: Workspace) -> None:
    rng = np.random.default_rng(7)
    folder = workspace.save(rich())
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "collection.json"):
        for at in rng.integers(0, path.stat().st_size, 6).tolist():
            flipped(path, at)
            with pytest.raises(StoreError, match="rich"):
                _read(workspace)
            assert verify(folder).damaged
            flipped(path, at)
    assert verify(folder).whole


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_a_large_space_is_compared_block_by_block(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, dtype: str
) -> None:
    monkeypatch.setattr(checksums, "BLOCK", 1_000)
    for room in ("spaces.items", "workspace.store"):
        monkeypatch.setattr(f"isogloss.{room}.LARGE", 100)
    vectors = np.random.default_rng(1).normal(size=(600, 10)).astype(dtype).astype(np.float32)
    vectors += 1e-6 if dtype == "float32" else 0
    large = Collection("large", (Space("one", tuple(f"w{i}" for i in range(600)), vectors),))
    folder = workspace.save(large)
    path = folder / "space-0" / "vectors.npy"
    flipped(path, path.stat().st_size - 1)
    space = workspace.open("large")["one"]
    assert np.array_equal(space.rows(slice(0, 100)), vectors[:100])
    assert np.array_equal(space.rows(np.array([3, -300])), vectors[[3, -300]])
    for last in (-1, 599, slice(590, 600), np.array([0, 599])):
        with pytest.raises(StoreError, match=r"space 'one' of 'large' is damaged .*block"):
            space.rows(last)
    with pytest.raises(StoreError, match="one"):
        space.direction("w599")
    with pytest.raises(StoreError, match="one"):
        _ = workspace.open("large")["one"].unit


def test_the_items_of_a_large_space_are_read_where_they_are_whole(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ("spaces.items", "workspace.store"):
        monkeypatch.setattr(f"isogloss.{room}.LARGE", 5)
    items = tuple(f"w{i}" for i in range(50))
    folder = workspace.save(Collection("large", (Space("one", items, np.eye(50, dtype=np.float32)),)))
    arrow = folder / "space-0" / "items.arrow"
    flipped(arrow, arrow.stat().st_size // 2)
    assert workspace.open("large")["one"].items == items
    assert "items.arrow" in verify(folder).damaged[0]


def test_subwords_are_compared_when_one_is_composed(workspace: Workspace) -> None:
    rows = np.random.default_rng(2).normal(size=(64, 2)).astype(np.float16)
    space = Space("one", ("a", "b"), np.eye(2, dtype=np.float32), subwords=Subwords(3, 3, rows))
    folder = workspace.save(Collection("sub", (space,)))
    assert workspace.open("sub")["one"].composes("cattle")
    flipped(folder / "space-0" / "subwords.npy", 140)
    with pytest.raises(StoreError, match="subwords"):
        workspace.open("sub")["one"].composes("cattle")


def test_older_collections_get_their_checksums_on_the_first_writing(workspace: Workspace) -> None:
    folder = workspace.save(rich())
    header = json.loads((folder / "collection.json").read_text("utf-8"))
    for part in (header, *header["spaces"], *([header["compass"]] if header["compass"] else [])):
        del part["checksums"]
    (folder / "collection.json").write_text(json.dumps(header), "utf-8")
    before = verify(folder)
    assert before.whole
    assert before.files == 0
    assert len(before.unmarked) >= len(header["spaces"])
    Catalogue(workspace).describe("rich", "Rich", "")
    after = verify(folder)
    assert after.whole
    assert not after.unmarked
    assert after.files >= 2 * len(header["spaces"])


def test_what_was_damaged_on_its_way_is_not_taken_in(workspace: Workspace, tmp_path: Path) -> None:
    folder = workspace.save(rich())
    flipped(folder / "space-0" / "vectors.npy", -3)
    Catalogue(workspace).pack("rich", tmp_path / "rich.zip")
    with pytest.raises(InvalidValue, match="does not hold what was packed"):
        Catalogue(workspace).unpack(tmp_path / "rich.zip", "again")
    assert "again" not in workspace.folders()


def test_a_collection_of_an_encoder_is_packed_and_taken_in(workspace: Workspace, tmp_path: Path) -> None:
    columns = pa.table({"language": ["en", "fr"]})
    space = Space(
        "one", ("a", "b"), np.eye(2, dtype=np.float32), columns, {"encoder": "e"}, fingerprint="of its making"
    )
    workspace.save(Collection("made", (space,), alignment=Alignment("encoder")))
    Catalogue(workspace).pack("made", tmp_path / "made.zip")
    assert Catalogue(workspace).unpack(tmp_path / "made.zip", "again")["one"].fingerprint == "of its making"


def test_the_way_back_is_one_that_is_there(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is said to be typed brings a whole collection back; without a deleted one nothing of the kind is said."""
    workspace.save(rich())
    receipt = Catalogue(workspace).delete("rich")
    (workspace.root / "deleted" / f"rich-two~{2**70}").mkdir()  # of another name
    folder = workspace.save(rich())
    flipped(next(folder.glob("space-*/vectors.npy")), -1)
    with pytest.raises(StoreError) as told:
        _read(workspace)
    assert told.value.lever == (
        f"one of its name was deleted: isogloss delete rich, then isogloss restore {receipt}; or import it again"
    )
    home = ["--workspace", str(workspace.root)]
    assert main(["verify", "rich", *home]) == 2
    assert receipt in capsys.readouterr().err
    assert main(["delete", "rich", *home]) == 0
    assert main(["restore", receipt, *home]) == 0
    assert verify(folder).whole
    flipped(next(folder.glob("space-*/vectors.npy")), -1)
    for one in (workspace.root / "deleted").iterdir():
        shutil.rmtree(one)
    with pytest.raises(StoreError, match="is damaged") as told:
        _read(workspace)
    assert told.value.lever.startswith("import it again, or put the folder back from a copy")
    assert way_back(ASSETS / "collections" / "un-debates") == "it is shipped: install Isogloss again"
    workspace.save(replace(rich(), metadata={"training": {}}))
    assert way_back(folder).startswith("build it again")
