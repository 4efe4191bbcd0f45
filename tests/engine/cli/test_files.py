"""Import and export from the command line; whatever is killed, the old or the new collection is there."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.formats.writing import export_space
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.collections import items_space
from tests.kit.tiers import cases


@pytest.fixture
def space() -> Space:
    return items_space()


def test_an_import_from_the_command_line(space: Space, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export_space(space, "word2vec", tmp_path / "a.vec")
    arguments = ["import", str(tmp_path / "a.vec"), "--into", "mine", "--space", "one", "--language", "en", "--json"]
    assert main([*arguments, "--workspace", str(tmp_path)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {k: said[k] for k in ("collection", "space", "items", "dim")} == {
        "collection": "mine",
        "space": "one",
        "items": 8,
        "dim": 5,
    }
    assert said["skipped"] == {"duplicate": 0, "blank": 0, "zero": 0, "non_finite": 0}
    held = Workspace(tmp_path).open("mine")
    assert held["one"].metadata["language"] == "en"
    before = held.fingerprint
    (tmp_path / "b.vec").write_text("2 5\na 1 2 3 4 5\nb 1 2 3 4\n")
    for wrong in (
        [str(tmp_path / "b.vec"), "--into", "mine", "--space", "two"],
        [str(tmp_path / "b.vec"), "--into", "../mine", "--space", "two"],
        [str(tmp_path / "a.vec"), "--into", "un-debates", "--space", "two"],
        [str(tmp_path / "a.vec"), "--into", "mine", "--space", "two", "--limit", "0"],
    ):
        assert main(["import", *wrong, "--workspace", str(tmp_path), "--json"]) == 2
        told = capsys.readouterr().err
        assert told.startswith("error: ")
        assert told.count("\n") == 1
    assert Workspace(tmp_path).open("mine").fingerprint == before
    assert (
        main(
            [
                "export",
                "mine",
                "one",
                "--format",
                "numpy",
                str(tmp_path / "out"),
                "--json",
                "--workspace",
                str(tmp_path),
            ]
        )
        == 0
    )
    assert np.load(json.loads(capsys.readouterr().out)["files"][0]).shape == (8, 5)


def test_several_files_make_one_collection(space: Space, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("en", "fr"):
        export_space(space, "word2vec", tmp_path / f"{name}.vec")
    files = [str(tmp_path / "en.vec"), str(tmp_path / "fr.vec")]
    assert main(["import", *files, "--into", "both", "--aligned", "--workspace", str(tmp_path)]) == 0
    held = Workspace(tmp_path).open("both")
    assert held.names == ["en", "fr"]
    assert held.alignment.method == "declared"
    assert "8 items × 5" in capsys.readouterr().out


@pytest.mark.long
def test_killed_at_any_moment_the_old_or_the_new_collection_is_there(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(3_000, 40)).round(4)
    for name, offset in (("old", 0.0), ("new", 1.0)):
        lines = [f"w{i} " + " ".join(map(str, row + offset)) for i, row in enumerate(rows)]
        (tmp_path / f"{name}.vec").write_text("3000 40\n" + "\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "isogloss", "import", "--into", "c", "--space", "s", "--workspace", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "old.vec")], check=True, capture_output=True)
    states = {Workspace(tmp_path).open("c").fingerprint}
    stale = tmp_path / "collections" / ".writing-stale"
    stale.mkdir()
    os.utime(stale, (0, 0))
    for number in range(cases(50)):
        name = "new" if number % 2 == 0 else "old"
        process = subprocess.Popen([*command, str(tmp_path / f"{name}.vec")], stdout=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(float(rng.uniform(0.1, 1.2)))
        process.kill()
        process.wait()
        assert list(Workspace(tmp_path).folders()) == [*Workspace(tmp_path / "none").folders(), "c"]
        states.add(Workspace(tmp_path).open("c").fingerprint)
        assert len(states) <= 2
    subprocess.run([*command, str(tmp_path / "new.vec")], check=True, capture_output=True)
    assert not stale.exists()
