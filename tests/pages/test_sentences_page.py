"""The page Sentences: a report's map, its cells and failing sentences; nothing at hand; a report that is none."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from components.sentences.kept import case_of_sentence
from isogloss.cli.main import main
from isogloss.notebook.ledger import FILE, Ledger
from isogloss.sentences.kept import KeptRuns
from isogloss.sentences.reports import LayerReports, read_report
from isogloss.workspace.store import Workspace
from tests.kit.pages import html_of, visit

HOSTILE = "<img src=x onerror=alert(1)>"


def told(languages: dict[str, list[float]], unknown: float = 0.0) -> dict[str, Any]:
    rows = [
        {
            "language": language,
            "script": "Cyrl" if language == "rus" else "Latn",
            "n": 100,
            "fertility": 1.5,
            "unknown_share": unknown if scores[-1] < 0.5 else 0.0,
            "parity": 1.2,
            "layers": [
                {"layer": i, "mexa": s, "low": max(0, s - 0.1), "high": min(1, s + 0.1), "ties": 0}
                for i, s in enumerate(scores)
            ],
            "mean": 0.5,
            "max": max(scores),
        }
        for language, scores in languages.items()
    ]
    return {"model": "tiny@1", "pivot": "eng", "n": 100, "chance": 0.005, "languages": rows, "pool": "weighted"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    return Workspace()


def test_the_finding_comes_first_and_a_cell_shows_what_fails(home: Workspace) -> None:
    value = told({"deu": [0.2, 0.97], "rus": [0.1, 0.3], HOSTILE: [0.5, 0.96]}, unknown=0.8)
    lost = {"rus": {"1": [[4, 7, 9, 0.5, 0.6]]}}
    texts = {"rus": {"4": "четыре", "9": "девять"}, "eng": {"4": HOSTILE}}
    LayerReports(home).save("mine", value | {"failures": lost, "texts": texts})
    page = visit("pages/6_Sentences.py", report="mine")
    assert not page.exception
    said = html_of(page)
    assert "<b>2 of 3</b> languages pass 95% by layer 1" in said
    assert "1 stays under 50%, 1 of them in scripts that it does not know" in said
    assert "Russian" in said
    assert "1 sentence fails" in said
    assert HOSTILE not in said
    shown = page.dataframe[0].value
    assert shown["text"].tolist() == ["четыре"]
    again = visit("pages/6_Sentences.py", report="mine", language="deu", layer="0")
    assert "German" in html_of(again)
    assert "20%" in html_of(again)


def test_two_models_stand_side_by_side_from_the_address(home: Workspace) -> None:
    LayerReports(home).save("mine", told({"deu": [0.2, 0.97], "rus": [0.1, 0.3], "fra": [0.5, 0.6]}))
    LayerReports(home).save("theirs", told({"rus": [0.3, 0.2, 0.1], "deu": [0.2, 0.5, 0.96]}))
    address = {"report": "mine", "against": "theirs", "as": "side by side"}
    page = visit("pages/6_Sentences.py", **address)
    said = html_of(page)
    assert "Of 2 languages pass 95%" in said
    assert "mine</bdi> <b>1</b> by layer 1" in said
    assert "theirs</bdi> <b>0</b> by layer 1" in said
    chart = json.loads(page.get("plotly_chart")[0].proto.spec)
    maps = [one for one in chart["data"] if one["type"] == "heatmap"]
    assert [one["y"] for one in maps] == [["German · Latin", "Russian · Cyrillic"]] * 2  # the same order
    assert [one["x"] for one in maps] == [["0", "1"], ["0", "1", "2"]]  # each its own layers
    assert {one["coloraxis"] for one in maps} == {"coloraxis"}
    theirs = visit("pages/6_Sentences.py", **address, language="rus", cell="2", of="theirs")
    assert re.search("Russian.* in layer 2: <b>10%</b>", html_of(theirs))
    wrong = visit("pages/6_Sentences.py", **address, language="rus", cell="9", of="nobody")
    assert re.search("Russian.* in layer 1: <b>30%</b>", html_of(wrong))


def test_a_layer_is_sent_to_map(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_DATA_ROOTS", str(home.root))
    value = told({"deu": [0.2, 0.97], "rus": [0.1, 0.3]})
    LayerReports(home).save("figures", value)
    page = visit("pages/6_Sentences.py", report="figures", language="rus", cell="1")
    assert "cannot be made here: the report &#x27;figures&#x27; holds figures and no sentences" in html_of(page)
    assert "layers FILE --model=MODEL --pool=weighted --layers=1 --into=layer-1" in page.code[0].value
    assert "Send our own sentences to Map" in [one.label for one in page.button]
    texts = {"deu": {"0": "eins", "7": "acht"}, "rus": {"0": "один"}, "eng": {"0": "one", "7": "eight"}}
    kept = value | {"failures": {}, "texts": texts, "asked": {"model": "distilled"}}
    LayerReports(home).save("held", kept)
    page = visit("pages/6_Sentences.py", report="held", language="rus", cell="1")
    assert "Send layer 1 to Map" in [one.label for one in page.button]
    assert re.search("in 3 languages .*English.*, .*Russian.*, .*German", html_of(page))
    LayerReports(home).save("held", kept | {"asked": {"model": "/etc/passwd"}})  # not below what is allowed
    page = visit("pages/6_Sentences.py", report="held", language="rus", cell="1")
    assert "Send our own sentences to Map" in [one.label for one in page.button]


def test_a_layer_of_a_kept_report_becomes_a_space(home: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["sentences", "--model", "distilled", "--pivot", "en", "--languages", "de,el", "--limit", "5"]
    assert main(["mexa", *asked, "--keep", "mine"]) == 0
    assert main(["layers", "--report", "mine", "--into", "sent"]) == 0
    assert main(["layers", *asked[:3], "--languages", "en,de,el", "--limit", "5", "--into", "again"]) == 0
    sent, again = home.open("sent").spaces[0], home.open("again").spaces[0]
    assert len(sent) == 15
    order = [again.items.index(one) for one in sent.items]
    assert np.array_equal(sent.vectors, again.vectors[order])
    for wrong in (
        ["--into", "x"],
        ["sentences", "--report", "mine", "--into", "x"],
        ["--report", "none", "--into", "x"],
    ):
        assert main(["layers", *wrong]) == 2
    LayerReports(home).save("other", LayerReports(home).open("mine").told | {"model": "another@1"})
    assert main(["layers", "--report", "other", "--into", "x"]) == 2
    assert "measure it again" in capsys.readouterr().err


@pytest.mark.parametrize(
    "address", [{}, {"report": "none"}, {"layer": "99"}, {"sort": "x"}, {"language": "xx"}, {"cell": "x"}]
)
def test_broken_addresses_leave_the_page_standing(home: Workspace, address: dict[str, str]) -> None:
    LayerReports(home).save("mine", told({"deu": [0.2, 0.97], "rus": [0.1, 0.3]}))
    page = visit("pages/6_Sentences.py", **({"report": "mine"} | address))
    assert not page.exception
    assert "95% by layer" in html_of(page)


def test_a_file_that_is_no_report_is_said(home: Workspace) -> None:
    shelf = LayerReports(home)
    shelf.root.mkdir(parents=True)
    for number, wrong in enumerate(["[]", "{}", json.dumps(told({"deu": [7.0]})), "x", json.dumps({"languages": [1]})]):
        (shelf.root / f"wrong-{number}.json").write_text(wrong)
        page = visit("pages/6_Sentences.py", report=f"wrong-{number}")
        assert not page.exception
        assert "iso-error" in html_of(page)


def test_reports_round_trip(home: Workspace) -> None:
    value = told({"deu": [0.2, 0.97]})
    LayerReports(home).save("a.b-1", value)
    found = LayerReports(home).open("a.b-1")
    assert found.told == value
    assert found.at(1).tolist() == [0.97]
    assert read_report("x", value).failures("deu", 0) is None


FIG = {"value": 0.5, "n": 9, "low": 0.25, "high": 0.75}
RUNS: dict[str, dict[str, Any]] = {
    "retrieval": {
        "model": "tiny@1",
        "n": 9,
        "languages": [{"language": one, **FIG} for one in ("deu", "rus", HOSTILE)],
        "ranked": [["deu", "rus"], [HOSTILE]],
        "pairs": [
            {"source": a, "target": b, **FIG, "value": 0.75 if (a, b) == ("deu", "rus") else 0.5}
            for a in ("deu", "rus", HOSTILE)
            for b in ("deu", "rus", HOSTILE)
            if a != b
        ],
    },
    "sts": {
        "model": "tiny@1",
        "languages": [
            {
                "language": "deu",
                **FIG,
                "skipped": 0,
                "worst": [{"sentence1": HOSTILE, "sentence2": "b", "score": 5.0, "cosine": 0.1}],
                "points": [{"score": 5.0, "cosine": 0.1}],
            },
            {"language": HOSTILE, **FIG, "value": None, "low": None, "high": None, "skipped": 0, "worst": []},
        ],
    },
    "romanised": {
        "model": "tiny@1",
        "pivot": "eng",
        "left_out": {},
        "languages": [
            {
                "language": one,
                "script": "Deva",
                "n": 9,
                "native": FIG | {"value": value},
                "uroman": FIG | {"value": 0.25},
                "gap": FIG,
                "fertility": {"native": 1.0, "uroman": 2.0},
                "unknown_share": {"native": 0.0, "uroman": 0.0},
            }
            for one, value in (("hin", 0.75), (HOSTILE, 0.25))
        ],
    },
}
SAID = {
    "retrieval": ("Retrieval", "cannot be told apart", "finds .*Russian.* for 75%, and is found by it for.* 50%"),
    "sts": ("STS", "follow people's scores in .*German.* by <b>0.50</b>", "1 pair is farthest off"),
    "romanised": ("Romanised", "75% against 25%", "under 50% both ways"),
}


@pytest.mark.parametrize("kind", RUNS)
def test_views_beside_the_layers(home: Workspace, kind: str) -> None:
    view, *sentences = SAID[kind]
    bare = visit("pages/6_Sentences.py", view=view)
    assert "Nothing has been measured yet" in html_of(bare)
    KeptRuns(home, kind).save("mine", RUNS[kind])
    page = visit("pages/6_Sentences.py", view=view)
    said = html_of(page)
    for one in sentences:
        assert re.search(one, said), said
    assert HOSTILE not in said
    (KeptRuns(home, kind).root / "wrong.json").write_text(json.dumps(RUNS[kind] | {"languages": [{"language": 1}]}))
    assert "iso-error" in html_of(visit("pages/6_Sentences.py", view=view, run="wrong"))


@pytest.mark.parametrize(("kind", "value"), [("retrieval", 0.5), ("sts", 0.5), ("romanised", 0.75)])
def test_a_view_is_kept_with_its_figures(home: Workspace, kind: str, value: float) -> None:
    KeptRuns(home, kind).save("mine", RUNS[kind])
    page = visit("pages/6_Sentences.py", view=SAID[kind][0])
    page.button(key="sentences-keep-run").click().run()
    assert not page.exception
    (case,) = Ledger(home.root / FILE).cases()
    assert (case.view.page, case.view.get("view"), case.view.get("run")) == ("Sentences", SAID[kind][0], "mine")
    assert any(one.value == value for one in case.figures)
    assert all(one.value is None or one.low is None or one.low <= one.high for one in case.figures)


def test_a_cell_and_a_failing_sentence_are_kept(home: Workspace) -> None:
    value = told({"deu": [0.2, 0.97], "rus": [0.1, 0.3]})
    lost = {"rus": {"1": [[4, 7, 9, 0.5, 0.6]]}}
    texts = {"rus": {"4": "четыре", "9": "девять"}, "eng": {"4": "four"}, "deu": {"4": "vier", "5": "fünf"}}
    LayerReports(home).save("mine", value | {"failures": lost, "texts": texts})
    page = visit("pages/6_Sentences.py", report="mine")
    page.button(key="sentences-keep-cell").click().run()
    assert not page.exception
    (case,) = Ledger(home.root / FILE).cases()
    figure = case.figures[0]
    assert (figure.name, figure.value, figure.n) == ("MEXA", 0.3, 100)
    assert case.lines == ("4\tчетыре\tfour\tдевять",)
    report = LayerReports(home).open("mine")
    assert report.line_in(4, but="rus") == {"eng": "four", "deu": "vier"}
    (failed,) = report.failures("rus", 1) or ()
    one = case_of_sentence(report, "rus", 1, failed=failed)
    assert one.lines[1:] == ("eng\tfour", "deu\tvier")
    assert [figure.value for figure in one.figures] == [7.0, 0.5, 0.6]
    assert one.view.get("language") == "rus"


def test_other_measures_the_index_and_the_control_are_said(home: Workspace) -> None:
    value = told({"deu": [0.2, 0.97], "rus": [0.1, 0.8]})
    figure = {"value": 0.31, "n": 100, "low": 0.2, "high": 0.4, "null_p95": 0.05}
    for row in (row for one in value["languages"] for row in one["layers"]):
        row |= {"cka": figure, "floor": figure | {"null_p95": None}}
    value["interlingua"] = [{"layer": i, **figure, "value": v} for i, v in enumerate((-0.5, 0.7))]
    LayerReports(home).save("mine", value)
    LayerReports(home).save("control", told({"deu": [0.2, 0.97], "rus": [0.1, 0.3]}) | {"copied": False})
    page = visit("pages/6_Sentences.py", report="mine", measure="cka", language="rus")
    said = html_of(page)
    assert "CKA: <b>0.31 (0.20 to 0.40)</b>, 95% of chance below 0.05" in said
    assert "do not belong together 0.31" in said
    assert "highest in layer 1: <b>0.70" in said
    assert "from layer 1 on" in said
    assert "<b>-50%</b> in the median in layer 1" in said
    assert "80% → 30%" in said


def test_a_script_is_called_in_the_address_as_it_is_shown(home: Workspace) -> None:
    LayerReports(home).save("mine", told({"deu": [0.2, 0.97], "rus": [0.1, 0.8]}))
    page = visit("pages/6_Sentences.py", report="mine", script="Cyrillic")
    assert "1 of 2</b> languages" in html_of(page)
    assert "their median" not in html_of(page)  # of one language there is none
    assert not any("could not be used" in one.value for one in page.caption)
