"""The command line: exact keys, exit codes, one line of error that names the nearest."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from isogloss.cli.main import main
from isogloss.drift.measure import MEASURES
from isogloss.maps.local import local_layout
from isogloss.spaces.collection import Alignment, Collection
from isogloss.workspace.store import Workspace
from tests.kit.commands import run
from tests.kit.planted import planted
from tests.kit.spaces import make_space

RECIPE = """
[collection]
name = "planted"
[corpus]
file = "planted.parquet"
text = "text"
slice_by = "year"
[[slices]]
name = "early"
from = 1900
to = 1900
[[slices]]
name = "late"
from = 2000
to = 2000
[training]
dim = 8
min_count = 5
ship_count = 5
compass_epochs = 1
slice_epochs = 1
"""


@pytest.fixture
def home(tmp_path: Path, aligned: Collection, unaligned: Collection) -> str:
    for collection in (aligned, unaligned):
        Workspace(tmp_path).save(collection)
    return str(tmp_path)


def test_collections(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, "collections", "--workspace", home, "--json")
    assert [c["name"] for c in found] == ["un-debates", "novels-en", "novels-fr", "un-blocs-1970-1989", "apart", "four"]
    assert all(set(c) == {"name", "title", "spaces", "alignment"} for c in found)
    demo = found[0]
    assert demo["alignment"] == {"method": "cade", "frozen_max_change": 0.0}
    assert [s["name"] for s in demo["spaces"]] == ["1946-1969", "1970-1989", "1990-2006", "2007-2024"]
    assert all(set(s) == {"name", "items", "dim"} and s["dim"] == 100 for s in demo["spaces"])
    assert found[2]["alignment"] == {"method": "none", "frozen_max_change": None}


def test_neighbors(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, "neighbors", "four", "only3", "--workspace", home, "--k", "4", "--json")
    assert set(found) == {"item", "space", "results"}
    assert (found["item"], found["space"]) == ("only3", None)
    assert [found["results"][f"p{t}"] is None for t in range(4)] == [True, True, True, False]
    assert len(found["results"]["p3"]) == 4
    assert all(set(n) == {"item", "similarity"} for n in found["results"]["p3"])


def test_with_a_space_the_item_may_stand_in_others(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    for criterion in ("cosine", "csls"):
        found = run(
            capsys,
            "neighbors",
            "four",
            "w3",
            "--space",
            "p1",
            "--in",
            "p1",
            "p2",
            "--criterion",
            criterion,
            "--workspace",
            home,
            "--json",
        )
        assert list(found["results"]) == ["p1", "p2"]
        assert found["space"] == "p1"
        assert "w3" not in [n["item"] for n in found["results"]["p1"]]
        assert "w3" in [n["item"] for n in found["results"]["p2"]]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["neighbors", "fuor", "w3"], "four"),
        (["neighbors", "four", "onli3"], "only3"),
        (["neighbors", "four", "w3", "--space", "p7"], "p"),
        (["neighbors", "four", "w3", "--in", "p7"], "p"),
        (["neighbors", "four", "only3", "--space", "p0"], "p0"),
        (["neighbors", "apart", "w3", "--space", "left"], "not aligned"),
        (["neighbors", "four", "w3", "--k", "0"], "k is 0"),
        (["neighbors", "four", "w3", "--k", "x"], "--help"),
        (["neighbors", "four", "w3", "--criterion", "best"], "--help"),
        (["neighbors", "../four", "w3"], "no collection"),
        (["build", "none.toml"], "none.toml"),
        (["nonsense"], "--help"),
        ([], "--help"),
    ],
)
def test_errors_are_one_line_and_exit_2(
    home: str, capsys: pytest.CaptureFixture[str], arguments: list[str], part: str
) -> None:
    try:
        code = main([*arguments, "--workspace", home] if arguments else [])
    except SystemExit as stop:
        code = stop.code  # type: ignore[assignment]
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert part in err


WORD = {
    "item",
    "distance",
    "ci",
    "null_p95",
    "p_value",
    "q_value",
    "significant",
    "count_source",
    "count_target",
    "verdict",
    "agree",
    "needed",
    "decidable",
}
DRIFT = ("drift", "four", "--source", "p0", "--target", "p3")


def test_drift_without_replicates_tests_nothing(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, *DRIFT, "--workspace", home, "--json")
    assert set(found) == {"source", "target", "measure", "k", "n_shared", "n_significant", "n_undecided", "words"}
    assert (found["source"], found["target"], found["measure"]) == ("p0", "p3", "cosine")
    assert (found["n_shared"], len(found["words"]), found["n_significant"]) == (60, 60, None)
    assert all(set(word) == WORD for word in found["words"])
    distances = [word["distance"] for word in found["words"]]
    assert distances == sorted(distances, reverse=True)
    for key in ("ci", "null_p95", "p_value", "q_value", "significant", "needed", "decidable"):
        assert {word[key] for word in found["words"]} == {None}
    assert {word["verdict"] for word in found["words"]} == {"not tested"}
    assert all(word["agree"] == {"moved": 0, "tested": 0} for word in found["words"])


def test_drift_of_the_demo_is_tested(capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, "drift", "un-debates", "--source", "1946-1969", "--target", "2007-2024", "--top", "5", "--json")
    assert (found["n_shared"], len(found["words"])) == (4547, 5)
    assert 1000 < found["n_significant"] < 4000
    word = found["words"][0]
    assert word["ci"][0] < word["distance"] < word["ci"][1]
    assert isinstance(word["significant"], bool)
    assert (word["verdict"], word["agree"]) == ("moved farther than noise", {"moved": 4, "tested": 4})
    assert 0 < word["needed"] < word["distance"]
    assert word["decidable"]
    every = run(capsys, "drift", "un-debates", "--source", "1946-1969", "--target", "2007-2024", "--json")
    said = Counter(one["verdict"] for one in every["words"])
    assert said["moved farther than noise"] == every["n_significant"]
    assert said["not decided: too few replicates"] == every["n_undecided"] > 100
    for one in every["words"]:
        if one["verdict"] == "not distinguishable from noise":
            assert one["distance"] <= one["null_p95"]
    assert 0 < word["p_value"] <= word["q_value"] <= 1


@pytest.mark.parametrize("measure", ["local", "jaccard", "gonen"])
def test_drift_takes_its_arguments(home: str, capsys: pytest.CaptureFixture[str], measure: str) -> None:
    more = ("--measure", measure, "--k", "5", "--min-count", "300", "--top", "3")
    found = run(capsys, *DRIFT, *more, "--workspace", home, "--json")
    assert (found["measure"], found["n_shared"], len(found["words"])) == (measure, 31, 3)
    assert min(word["count_source"] for word in found["words"]) >= 300
    assert found["k"] == 5


@pytest.mark.long
def test_evaluate_drift(home: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.txt"
    gold.write_text("".join(f"w{i}_nn\t{i % 2}\n" for i in range(20)) + "absent\t1\n")
    arguments = ("evaluate-drift", *DRIFT[1:], "--gold", str(gold), "--workspace", home)
    found = run(capsys, *arguments, "--json")
    figures = {"n_gold", "n_covered", "spearman", "ci", "accuracy", "average_precision"}
    assert set(found) == figures | {"file", "words", "lowered", "n_lowered"}
    assert (found["words"]["read"], found["words"]["listed"]) == (20, {"not_in_both_spaces": ["absent"]})
    assert (found["file"]["read"], found["n_lowered"]) == (21, 0)
    gold.write_text(gold.read_text().upper().replace("_NN", "_nn"))
    assert run(capsys, *arguments, "--json")["n_lowered"] == 20
    assert (found["n_gold"], found["n_covered"], found["accuracy"]) == (21, 20, None)
    assert found["ci"][0] < found["spearman"] < found["ci"][1]
    assert main([*arguments, "--measure", "gonen"]) == 0
    assert "20 of 21" in capsys.readouterr().out


def test_drift_in_plain_text(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*DRIFT, "--workspace", home, "--top", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "60 shared items; nothing was tested" in lines[0]
    assert len(lines) == 3


def test_too_few_items_that_are_used_often_leave_the_wide_overlap_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(0)
    spaces = tuple(make_space(name, ["a", "b", "c", "d"], rng.normal(size=(4, 3))) for name in "ab")
    Workspace(tmp_path).save(Collection("few", spaces, alignment=Alignment("declared")))
    command = ("drift", "few", "--source", "a", "--target", "b", "--workspace", str(tmp_path), "--measure", "gonen")
    found = run(capsys, *command, "--json")
    assert (found["k"], {one["distance"] for one in found["words"]}) == (None, {None})


def test_a_space_has_not_moved_from_a_copy_of_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 is printed as 0, by every measure, and k is at most a quarter of what is used often, whatever was asked."""
    rng = np.random.default_rng(0)
    items, vectors, counts = [f"w{i}" for i in range(120)], rng.normal(size=(120, 9)), [300] * 90 + [60] * 30
    spaces = tuple(make_space(name, items, vectors, counts) for name in "ab")
    Workspace(tmp_path).save(Collection("same", spaces, alignment=Alignment("declared")))
    command = ("drift", "same", "--source", "a", "--target", "b", "--workspace", str(tmp_path), "--measure")
    for measure in MEASURES:
        assert {one["distance"] for one in run(capsys, *command, measure, "--json")["words"]} == {0}
        assert main([*command, measure, "--top", "3"]) == 0
        assert [line.split()[1] for line in capsys.readouterr().out.splitlines()[1:]] == ["0", "0", "0"]
    assert run(capsys, *command, "gonen", "--json")["k"] == 22
    assert run(capsys, *command, "gonen", "--k", "1000", "--json")["k"] == 22
    assert run(capsys, *command, "jaccard", "--json")["k"] == 25
    assert run(capsys, *command, "cosine", "--json")["k"] is None


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (("drift", "four", "--source", "p0", "--target", "p9"), "p9"),
        (("drift", "four", "--source", "p0", "--target", "p0"), "itself"),
        ((*DRIFT, "--k", "0"), "k is 0"),
        ((*DRIFT, "--top", "0"), "--top is 0"),
        (("drift", "apart", "--source", "left", "--target", "right"), "not aligned"),
        (("evaluate-drift", *DRIFT[1:], "--gold", "nowhere.txt"), "nowhere.txt"),
    ],
)
def test_errors_of_drift(home: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], fact: str) -> None:
    assert main([*arguments, "--workspace", home]) == 2
    message = capsys.readouterr().err
    assert fact in message
    assert message.count("\n") == 1


@pytest.mark.long
def test_build_and_layout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planted(tmp_path, sentences=30)
    (tmp_path / "recipe.toml").write_text(RECIPE)
    found = run(capsys, "build", str(tmp_path / "recipe.toml"), "--workspace", str(tmp_path / "home"), "--json")
    assert set(found) == {"collection", "spaces", "frozen_max_change", "tokens", "seconds", "lines", "removed", "read"}
    assert (found["collection"], found["spaces"], found["frozen_max_change"]) == ("planted", ["early", "late"], 0.0)
    assert found["tokens"] == 2 * 30 * 120 * 5
    found = run(capsys, "layout", "planted", "--workspace", str(tmp_path / "home"), "--spaces", "late", "--json")
    assert set(found) == {"spaces", "points", "k", "kept_share"}
    assert main(["collections", "--workspace", str(tmp_path / "home")]) == 0
    assert "planted" in capsys.readouterr().out


def test_a_map_around_a_word(
    home: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, aligned: Collection
) -> None:
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")  # nothing is kept of it
    ask = ("layout", "four", "--around", "W3", "w5", "--size", "20", "--workspace", home)
    found = run(capsys, *ask, "--json")
    local = local_layout(aligned, ["w3", "w5"], size=20)
    assert (found["around"], found["items"], found["points"], found["k"]) == (["w3", "w5"], 20, len(local), local.k)
    assert found["kept_share"] == pytest.approx(local.kept_share, abs=1e-6)
    assert found["whole_map_kept_share"] is None
    assert [(row["item"], row["space"]) for row in found["places"]] == list(
        zip(*(local.table()[column].to_pylist() for column in ("item", "space")), strict=True)
    )
    assert main(list(ask)) == 0
    assert f"{found['kept_share']:.1%} of the 10 nearest among them kept (chance" in capsys.readouterr().out
    assert main(["layout", "four", "--size", "20", "--workspace", home]) == 2
    assert "--size was given without --around" in capsys.readouterr().err


def test_a_damaged_collection_is_named_and_passed_over(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    (Path(home) / "collections" / "four" / "collection.json").write_text("{")
    assert main(["collections", "--workspace", home, "--json"]) == 0
    out, err = capsys.readouterr()
    assert [c["name"] for c in json.loads(out)] == [
        "un-debates",
        "novels-en",
        "novels-fr",
        "un-blocs-1970-1989",
        "apart",
    ]
    assert err.startswith("warning: ")
    assert "four" in err


def test_plain_output_and_the_environment(
    home: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", home)
    assert main(["neighbors", "four", "only3"]) == 0
    out = capsys.readouterr().out
    assert "missing or too rare here" in out
    assert "p3" in out
