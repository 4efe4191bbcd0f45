"""Folders of the server are reached below the allowed roots only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from isogloss.errors import InvalidValue
from isogloss.workspace.access import below_roots, data_folder, home, model_name, offered_home, require_writable


def test_a_link_out_of_a_root_is_refused(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "model").mkdir(parents=True)
    outside.mkdir()
    (root / "link").symlink_to(outside)
    allowed = {"ISOGLOSS_DATA_ROOTS": os.pathsep.join([str(tmp_path / "none"), str(root)])}
    assert below_roots(str(root / "model"), allowed) == (root / "model").resolve()
    assert model_name(str(root / "model"), allowed) == str((root / "model").resolve())
    for path in (root / "link", root / ".." / "outside", outside):
        with pytest.raises(InvalidValue, match="not below an allowed folder"):
            below_roots(str(path), allowed)
    with pytest.raises(InvalidValue, match="ISOGLOSS_DATA_ROOTS"):
        below_roots(str(root), {})


def test_a_folder_of_the_working_directory_is_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "assets").mkdir()
    with pytest.raises(InvalidValue):
        model_name("assets", {})
    assert model_name("owner/assets", {}) == "owner/assets"


def test_read_only_means_no_writing() -> None:
    require_writable({})
    with pytest.raises(InvalidValue, match="read-only"):
        require_writable({"ISOGLOSS_READONLY": "1"})


def test_places_that_the_environment_names() -> None:
    told = {"ISOGLOSS_HOME": "/h", "ISOGLOSS_OFFERED": "/o", "ISOGLOSS_DATA": "/d"}
    assert (home(told), offered_home(told), data_folder(told)) == (Path("/h"), Path("/o"), Path("/d"))
    empty = dict.fromkeys(told, "")
    for nothing in ({}, empty):
        assert home(nothing).name
        assert offered_home(nothing) is None
        assert data_folder(nothing) is None
