"""Where what numba compiles is kept."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from isogloss import places


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """The environment of a process whose home is `tmp_path`, and who sweeps nothing at its end."""
    found = {"HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    monkeypatch.setattr(os, "environ", found)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("atexit.register", lambda *_: None)
    return found


def test_a_home_that_can_be_written_is_left_to_numba(kept: dict[str, str]) -> None:
    places.settle_compiled()
    assert "NUMBA_CACHE_DIR" not in kept


def test_where_the_home_cannot_be_written_it_is_a_folder_of_this_process(
    kept: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    monkeypatch.setattr(os, "supports_effective_ids", {os.access})
    places.settle_compiled()
    made = Path(kept["NUMBA_CACHE_DIR"])
    assert stat.S_IMODE(made.stat().st_mode) == 0o700  # what numba reads there it unpickles
    places._sweep(str(made), os.getpid() + 1)
    assert made.exists()
    places._sweep(str(made), os.getpid())
    assert not made.exists()


def test_what_is_told_holds(kept: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    kept["NUMBA_CACHE_DIR"] = "told"
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    places.settle_compiled()
    assert kept["NUMBA_CACHE_DIR"] == "told"
