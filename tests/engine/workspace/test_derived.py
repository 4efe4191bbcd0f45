"""Derived things: kept under a key of everything they depend on, and never missed when they are gone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from isogloss.errors import StoreError
from isogloss.workspace import derived
from isogloss.workspace.derived import MEMORY, DerivedStore, derived_key

ARRAYS = {"r": np.arange(500, dtype=np.float32), "k": np.array(10)}


def test_a_key_follows_kind_version_and_parameters() -> None:
    keys = [derived_key("a", 1, x=1), derived_key("b", 1, x=1), derived_key("a", 2, x=1), derived_key("a", 1, x=2)]
    assert len(set(keys)) == 4
    assert derived_key("a", 1, x=1, y=2) == derived_key("a", 1, y=2, x=1)


def test_computed_once_and_again_when_deleted(tmp_path: Path) -> None:
    store, calls = DerivedStore(tmp_path / "new"), []

    def compute() -> dict[str, np.ndarray]:
        calls.append(1)
        return ARRAYS

    for _ in range(2):
        np.testing.assert_array_equal(store.get("key", compute)["r"], ARRAYS["r"])
    assert len(calls) == 1
    (tmp_path / "new" / "key.npz").unlink()
    np.testing.assert_array_equal(store.get("key", compute)["r"], ARRAYS["r"])
    assert len(calls) == 2
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["key.npz"]


@pytest.mark.parametrize("size", [0, 3, 30, 600, 2000])
def test_a_truncated_file_is_as_good_as_absent(size: int, tmp_path: Path) -> None:
    store = DerivedStore(tmp_path)
    store.put("key", ARRAYS)
    whole = (tmp_path / "key.npz").read_bytes()
    assert size < len(whole)
    (tmp_path / "key.npz").write_bytes(whole[:size])
    assert store.find("key") is None
    np.testing.assert_array_equal(store.get("key", lambda: ARRAYS)["r"], ARRAYS["r"])
    assert (tmp_path / "key.npz").read_bytes() == whole


def test_a_flipped_byte_is_as_good_as_absent(tmp_path: Path) -> None:
    store = DerivedStore(tmp_path)
    store.put("key", ARRAYS)
    bytes_ = bytearray((tmp_path / "key.npz").read_bytes())
    bytes_[400] ^= 255
    (tmp_path / "key.npz").write_bytes(bytes_)
    assert store.find("key") is None


@pytest.mark.parametrize("kind", ["an array, not an archive", "objects"])
def test_another_kind_of_file_is_as_good_as_absent(kind: str, tmp_path: Path) -> None:
    with open(tmp_path / "key.npz", "wb") as file:
        if kind == "objects":
            np.savez(file, r=np.array([{}], dtype=object))
        else:
            np.save(file, ARRAYS["r"])
    assert DerivedStore(tmp_path).find("key") is None


def test_looked_for_everywhere_and_written_to_the_first_alone(tmp_path: Path) -> None:
    DerivedStore(tmp_path / "first", tmp_path / "shipped").put("key", ARRAYS)
    assert [path.name for path in tmp_path.rglob("*.npz")] == ["key.npz"]
    assert (tmp_path / "first" / "key.npz").is_file()
    assert DerivedStore(tmp_path / "other", tmp_path / "first").find("key") is not None
    assert DerivedStore().get("key", lambda: ARRAYS) == ARRAYS
    assert not len(MEMORY)


def test_what_cannot_be_written_stays_in_memory_and_never_goes_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way of a folder")
    store = DerivedStore(tmp_path / "file", tmp_path / "shipped")
    store.put("key", ARRAYS)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file"]
    again = DerivedStore(tmp_path / "file", tmp_path / "shipped").get("key", lambda: pytest.fail("computed again"))
    np.testing.assert_array_equal(again["r"], ARRAYS["r"])
    again.clear()
    assert store.find("key")
    with pytest.raises(StoreError, match=r"cannot be written to .*file .*exists"):
        store.require_kept("key")


def test_nothing_is_written_on_a_read_only_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    store = DerivedStore(tmp_path / "own", tmp_path / "shipped")
    store.put("key", ARRAYS)
    assert store.put_file("index", lambda path: path.write_text("x")) is None
    assert list(tmp_path.iterdir()) == []
    assert store.find("key") is not None
    with pytest.raises(StoreError, match="read-only"):
        store.require_kept("key")


def test_memory_is_bounded_and_the_latest_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    monkeypatch.setattr(derived, "MOST_BYTES", 5 * ARRAYS["r"].nbytes)
    store = DerivedStore(tmp_path)
    for number in range(9):
        store.put(f"k{number}", {"r": ARRAYS["r"]})
        assert store.find("k0") is not None  # asked for again and again
    assert len(MEMORY) == 5
    assert store.find("k1") is None
    assert store.find("k8") is not None
    store.put("large", {"r": np.zeros(10 * 500, np.float32)})
    assert len(MEMORY) == 0


def test_a_full_disk_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    DerivedStore(tmp_path).put("key", ARRAYS)
    assert list(tmp_path.iterdir()) == []
