"""A user's collections: described, renamed, deleted and brought back, packed and unpacked."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.errors import InvalidValue, IsoglossError, NotFound, StoreError
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.catalogue import Catalogue, is_packed
from isogloss.workspace.folders import recover, replace_folder, sweep
from isogloss.workspace.store import FIRST, Workspace


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    workspace = Workspace(tmp_path / "home")
    workspace.save(Collection("mine", (space(),), "Mine"))
    return Catalogue(workspace)


def space(seed: int = 0) -> Space:
    return Space("s", ("a", "b", "c"), np.random.default_rng(seed).normal(size=(3, 4)).astype(np.float32))


def test_title_and_description_change_and_the_vectors_do_not(catalogue: Catalogue) -> None:
    before = catalogue.workspace.open("mine").fingerprint
    catalogue.describe("mine", "  A  new title ", "what it is")
    found = catalogue.workspace.open("mine")
    assert (found.title, found.metadata["description"], found.fingerprint) == ("A new title", "what it is", before)
    for title in ("", "x" * 201):
        with pytest.raises(InvalidValue, match="characters"):
            catalogue.describe("mine", title, "")


def test_shipped_collections_stay_as_they_are(catalogue: Catalogue) -> None:
    assert catalogue.own() == ["mine"]
    for change in (
        lambda: catalogue.delete(FIRST),
        lambda: catalogue.rename(FIRST, "x"),
        lambda: catalogue.describe(FIRST, "x", ""),
    ):
        with pytest.raises(InvalidValue, match="shipped"):
            change()


def test_a_renamed_collection_takes_what_was_derived_with_it(catalogue: Catalogue) -> None:
    catalogue.workspace.derived("mine").put("x", {"a": np.arange(3)})
    catalogue.rename("mine", "yours")
    assert catalogue.own() == ["yours"]
    assert catalogue.workspace.derived("yours").find("x") is not None
    for name, said in ((FIRST, "already"), ("../x", "cannot be used")):
        with pytest.raises(InvalidValue, match=said):
            catalogue.rename("yours", name)


def test_what_is_deleted_can_be_brought_back(catalogue: Catalogue) -> None:
    before = catalogue.workspace.open("mine").fingerprint
    receipt = catalogue.delete("mine")
    assert catalogue.own() == []
    assert catalogue.deleted() == {receipt: "mine"}
    catalogue.workspace.save(Collection("mine", (space(1),)))
    with pytest.raises(InvalidValue, match="new collection"):
        catalogue.restore(receipt)
    catalogue.rename("mine", "other")
    assert catalogue.restore(receipt) == "mine"
    assert catalogue.workspace.open("mine").fingerprint == before
    for gone in (receipt, "../collections/other", "x~1"):
        with pytest.raises(NotFound):
            catalogue.restore(gone)


def test_deleted_collections_go_for_good_after_a_day(catalogue: Catalogue) -> None:
    receipt = catalogue.delete("mine")
    os.utime(catalogue.workspace.root / "deleted" / receipt, (0, 0))
    catalogue.workspace.save(Collection("next", (space(),)))
    catalogue.delete("next")
    assert list(catalogue.deleted().values()) == ["next"]


def test_a_packed_collection_comes_back_whole(catalogue: Catalogue, tmp_path: Path) -> None:
    out = tmp_path / "mine.zip"
    assert catalogue.pack("mine", out) == out.stat().st_size
    assert is_packed(out)
    found = catalogue.unpack(out, "again")
    assert found.fingerprint == catalogue.workspace.open("mine").fingerprint
    assert catalogue.pack(FIRST, tmp_path / "first.zip") > 1_000_000
    with pytest.raises(InvalidValue, match="already"):
        catalogue.unpack(out, "again")


@pytest.mark.parametrize("trick", ["name", "cut", "vectors", "pickle", "bomb", "header"])
def test_packed_tricks_are_refused_and_change_nothing(catalogue: Catalogue, tmp_path: Path, trick: str) -> None:
    out = tmp_path / "mine.zip"
    catalogue.pack("mine", out)
    with zipfile.ZipFile(out) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    if trick == "cut":
        out.write_bytes(out.read_bytes()[:-40])
    else:
        if trick == "name":
            files["../../evil.npy"] = b""
        elif trick == "vectors":
            np.save(tmp_path / "v.npy", np.ones((3, 4), np.float32))
            files["space-0/vectors.npy"] = (tmp_path / "v.npy").read_bytes()
        elif trick == "pickle":
            np.save(tmp_path / "v.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
            files["space-0/vectors.npy"] = (tmp_path / "v.npy").read_bytes()
        elif trick == "bomb":
            files["space-0/bomb.npy"] = bytes(1 << 27)
        else:
            files["collection.json"] = json.dumps([1]).encode()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for one, data in files.items():
                archive.writestr(one, data)
    with pytest.raises(IsoglossError):
        catalogue.unpack(out, "evil")
    assert catalogue.own() == ["mine"]
    assert not list(tmp_path.rglob("*evil*"))
    assert not list((catalogue.workspace.root / "collections").glob(".writing-*"))


def test_a_place_that_cannot_be_written_gives_a_message(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        catalogue.pack("mine", tmp_path / "no" / "where.zip")


def test_two_renames_that_were_killed_in_between_are_undone(tmp_path: Path) -> None:
    aside = tmp_path / ".old-x"
    (aside / "mine").mkdir(parents=True)
    recover(tmp_path)
    assert not (tmp_path / "mine").exists()  # it may be going on right now
    os.utime(aside, (0, 0))
    sweep(tmp_path)
    assert (tmp_path / "mine").exists()
    assert not (tmp_path / "mine" / "mine").exists()


def test_folders_change_places_where_the_system_cannot_exchange_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for exchanged in (True, False):
        if not exchanged:
            monkeypatch.setattr("isogloss.workspace.folders._exchange", lambda a, b: False)
        for name in ("old", "new"):
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / "x").write_text(f"{name} {exchanged}")
        replace_folder(tmp_path / "new", tmp_path / "old")
        assert (tmp_path / "old" / "x").read_text() == f"new {exchanged}"
        assert sorted(p.name for p in tmp_path.iterdir()) == ["old"]


def test_from_the_command_line(
    catalogue: Catalogue, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = ["--workspace", str(catalogue.workspace.root)]
    assert main(["describe", "mine", "--description", "said", *home]) == 0
    assert main(["rename", "mine", "two", *home]) == 0
    assert main(["pack", "two", str(tmp_path / "two.zip"), *home]) == 0
    capsys.readouterr()
    assert main(["delete", "two", "--json", *home]) == 0
    receipt = json.loads(capsys.readouterr().out)["receipt"]
    assert main(["restore", receipt, *home]) == 0
    assert main(["unpack", str(tmp_path / "two.zip"), "--into", "three", *home]) == 0
    found = catalogue.workspace.open("three")
    assert (found.title, found.metadata["description"]) == ("Mine", "said")
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    for command in (
        ["delete", "two"],
        ["rename", "two", "x"],
        ["describe", "two"],
        ["unpack", str(tmp_path / "two.zip"), "--into", "x"],
        ["restore", "x~1"],
    ):
        assert main([*command, *home]) == 2
        assert "read-only" in capsys.readouterr().err
    assert catalogue.own() == ["three", "two"]
