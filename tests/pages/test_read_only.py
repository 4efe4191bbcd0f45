"""A server that is read-only writes nothing, by any route; what it computes stays in memory, and it says so."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import streamlit as st

from isogloss.cli.main import main
from isogloss.errors import InvalidValue
from isogloss.library import open_collection
from isogloss.places import ASSETS
from isogloss.separation import concepts
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.collections import scripts_collection
from tests.kit.pages import html_of, visit
from tests.kit.spaces import make_space

MAP, DRIFT, SCRIPTS, ALIGN, DATA = (
    f"pages/{name}.py" for name in ("2_Map", "3_Drift", "4_Scripts", "5_Align", "9_Data")
)
pytestmark = pytest.mark.usefixtures("principal_maps")
KEPT = "kept in memory while the server runs"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a collection in scripts and two spaces to align, on a server that is read-only from now on."""
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    place = Workspace(tmp_path / "home")
    place.save(scripts_collection())
    base = np.random.default_rng(0).normal(size=(80, 6))
    sides = [make_space(name, [f"w{i}" for i in range(80)], base) for name in ("left", "right")]
    written = Space("words", tuple("abcdef"), base[:6].astype(np.float32), pa.table({"script": ["Latn", "Grek"] * 3}))
    place.save(Collection("written", (written,)))
    place.save(Collection("pair", tuple(sides), alignment=Alignment("none")))
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    st.cache_data.clear()
    st.cache_resource.clear()
    return tmp_path


def everything(*places: Path) -> dict[str, tuple[int, int]]:
    """Every file and folder with its size and time; what Python compiles aside."""
    found = {}
    for place in places:
        for path in place.rglob("*"):
            if "__pycache__" not in path.parts:
                told = path.lstat()
                found[str(path)] = (told.st_mtime_ns, 0 if stat.S_ISDIR(told.st_mode) else told.st_size)
    return found


ADDRESSES = (
    ("app.py", {}),
    ("pages/1_Neighbors.py", {"collection": "scripts-test", "criterion": "csls"}),
    (MAP, {"collection": "scripts-test"}),
    (MAP, {"collection": "un-debates", "dimensions": "3-D"}),
    (DRIFT, {"collection": "scripts-test", "measure": "jaccard"}),
    (SCRIPTS, {"collection": "scripts-test", "item": "мир", "removal": "center"}),
    (ALIGN, {"source": "pair/left", "target": "pair/right", "anchors": "identical strings", "methods": "Procrustes"}),
    (DATA, {}),
    ("pages/6_Sentences.py", {}),
    ("pages/6_Sentences.py", {"view": "Retrieval"}),
    ("pages/7_Notebook.py", {}),
    ("pages/8_Stories.py", {}),
    ("pages/10_Pairs.py", {}),
    ("pages/11_Vocabulary.py", {}),
    ("pages/11_Vocabulary.py", {"view": "Trim"}),
    ("pages/12_Teach.py", {}),
    ("pages/13_Imbalance.py", {}),
    ("pages/14_Atlas.py", {}),
)


@pytest.mark.parametrize("visitors", ["0", "1"])
def test_no_page_writes_anything_anywhere(home: Path, monkeypatch: pytest.MonkeyPatch, visitors: str) -> None:
    monkeypatch.setenv("ISOGLOSS_VISITORS", visitors)
    before = everything(home / "home", ASSETS)
    kept = 0
    for page, address in ADDRESSES:
        at = visit(page, **address)
        kept += KEPT in html_of(at)
        assert not at.get("file_uploader"), page
        assert everything(home / "home", ASSETS) == before, page
    assert kept
    assert not [path for path in (home / "tmp").rglob("*") if path.is_file()]


def test_maps_are_refused_in_a_line(home: Path) -> None:
    for page in (MAP, SCRIPTS):
        at = visit(page, collection="scripts-test")
        assert "Maps are not drawn on a read-only server." in html_of(at)
        assert not [button for button in at.button if "Draw" in button.label]


def test_scripts_is_not_made_by_opening_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concepts, "make_scripts_collection", lambda *given: pytest.fail("it is made"))
    assert visit(SCRIPTS).selectbox[0].value == "written"  # another one is at hand
    assert "has yet to be made" in html_of(visit(SCRIPTS, collection="scripts"))
    shutil.rmtree(home / "home" / "collections" / "written")
    assert "python -m isogloss scripts scripts" in html_of(visit(SCRIPTS))
    with pytest.raises(InvalidValue, match="read-only"):
        open_collection("scripts")


def test_no_command_writes_anything(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(home / "home", ASSETS)
    for line in (
        "layout scripts-test",
        "layout scripts",
        "angles scripts",
        "compare setup.json --methods procrustes",
        "draw-alignment setup.json --method procrustes",
        "import a.vec --into x",
        "index pair",
        "teach recipe.toml",
        "imbalance recipe.toml",
        "vocabulary trim m t.txt --out x",
        "vocabulary grow m words.txt --from pair/left --out x",
        "publish pair --to x.lance",
        "layers sentences --model m --into x",
        "atlas list.md --into x",
        "cases keep /Neighbors?collection=pair",
        "build recipe.toml",
    ):
        assert main(line.split()) == 2
        assert "read-only" in capsys.readouterr().err, line
    for line in ("neighbors pair w1 --criterion csls", "drift pair --source left --target right --measure jaccard"):
        assert main(line.split()) == 0
    assert everything(home / "home", ASSETS) == before
    with pytest.raises(InvalidValue, match="read-only"):
        Workspace(home / "home").save(scripts_collection())


def test_a_workspace_that_cannot_be_written_is_said_and_nothing_goes_into_the_installation(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk: everything may be written but the workspace."""
    monkeypatch.delenv("ISOGLOSS_READONLY")
    shutil.rmtree(home / "home" / "derived", ignore_errors=True)
    (home / "home" / "derived").write_text("in the way of a folder")
    before = everything(home / "home", ASSETS)
    text = html_of(visit(SCRIPTS, collection="scripts-test"))
    assert KEPT in text
    assert everything(home / "home", ASSETS) == before
    assert main(["layout", "scripts-test"]) == 2
    assert os.path.isfile(home / "home" / "derived")
