"""What the command line says of the texts it read: counted, recognised, left out; and spaces with names like -50--1."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from isogloss.cli.main import main
from isogloss.corpora.concordance import describe_corpus
from isogloss.corpora.recipe import Recipe, Slice
from isogloss.spaces.collection import Alignment, Collection
from isogloss.workspace.store import Workspace
from tests.kit.spaces import random_space
from tests.kit.tables import Written, documents

RECIPE = """
[collection]
name = "c"
[corpus]
file = "c.csv"
text = "text"
slice_by = "year"
[[slices]]
name = "-50--1"
from = -50
to = -1
[[slices]]
name = "late"
from = 1800
to = 1899
[training]
dim = 4
min_count = 1
ship_count = 1
compass_epochs = 1
slice_epochs = 1
[replicates]
document = 0
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


@pytest.mark.long
def test_a_build_says_what_it_read_and_is_asked_by_negative_years(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [*documents(60), *((-50 + i, text) for i, (_, text) in enumerate(documents(50, 1)))]
    data = Written(";", bom=True).bytes_of(rows).decode() + "c. 1850;about\n1850\n1950;later on\n"
    (tmp_path / "c.csv").write_text(data, encoding="utf-8")
    (tmp_path / "r.toml").write_text(RECIPE)
    home = ["--workspace", str(tmp_path / "home")]
    read = json.loads(run(capsys, "build", str(tmp_path / "r.toml"), "--attach", *home, "--json"))["read"]
    assert read["read"] == 110
    assert read["skipped"] == {"short_row": 1, "undated": 1, "in_no_slice": 1}
    assert read["recognised"] == {"delimiter": "semicolon"}
    said = run(capsys, "attach", "c", str(tmp_path / "c.csv"), *home)
    assert "rows of c.csv: 110 read; skipped: 1 short row (line 113), 1 undated (c. 1850), 1 in no slice (1950)" in said
    for way in (["--space", "-50--1"], ["--space=-50--1"]):
        assert json.loads(run(capsys, "neighbors", "c", "ship", *way, "--k", "2", *home, "--json"))
    drift = ["drift", "c", "--source", "-50--1", "--target", "late", *home, "--json"]
    assert json.loads(run(capsys, *drift))


def test_a_space_of_negative_years_is_a_value_and_no_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spaces = tuple(random_space(name, 9, 4) for name in ("-50--1", "-1-50"))
    Workspace(tmp_path).save(Collection("c", spaces, alignment=Alignment("cade", 0.0)))
    item = spaces[0].items[0]
    found = run(
        capsys, "neighbors", "c", item, "--space", "-50--1", "--in", "-1-50", "--workspace", str(tmp_path), "--json"
    )
    assert json.loads(found)
    with pytest.raises(SystemExit):
        main(["neighbors", "c", item, "--space", "--k"])


def test_attach_says_what_it_skipped_and_takes_a_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("a.csv", Written().bytes_of(documents(100)) + b"\n1900,\n")
        archive.writestr("b.csv", b"x\n")
    recipe = Recipe("c", "C", tmp_path / "c.zip", "text", "year", (Slice("s", 1800, 1899),))
    Workspace(tmp_path).save(Collection("c", (random_space("s", 3, 4),), metadata={"corpus": describe_corpus(recipe)}))
    home = ["--workspace", str(tmp_path)]
    assert main(["attach", "c", str(tmp_path / "c.zip"), *home]) == 2
    assert "holds 2 files (a.csv, b.csv): name the one" in capsys.readouterr().err
    found = json.loads(run(capsys, "attach", "c", str(tmp_path / "c.zip"), "--part", "a.csv", *home, "--json"))
    assert (found["documents"], found["read"]["skipped"]) == (100, {"blank_row": 1, "in_no_slice": 1})
