"""From a draw to an agreement, through the command line; taxonomies that moved on; what is decided."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from isogloss.cli.cases import agree, draw, sheet
from isogloss.cli.command import Command, Report
from isogloss.errors import InvalidValue
from isogloss.notebook.coding.coded import Coded, adjudicated, coded_from, compared, take_coded
from isogloss.notebook.coding.rows import read_rows
from isogloss.notebook.coding.taxonomy import Taxonomy

TAXONOMY = Taxonomy.default()


def run(command: Command, *arguments: str) -> Report:
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    found = command.run(parser.parse_args(list(arguments)))
    assert found is not None
    return found


def coded(name: str, codes: dict[str, str | None], taxonomy: Taxonomy = TAXONOMY, draw: str = "d") -> dict[str, Any]:
    listed = [{"id": case, "code": code, "note": f"{name} on {case}"} for case, code in codes.items()]
    return {"format": 1, "coder": name, "draw": draw, "taxonomy": taxonomy.as_json(), "codes": listed}


def test_from_a_draw_to_an_agreement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = [
        {
            "id": f"c{i}",
            "title": f"word {i}",
            "script": "Latn" if i % 5 else "Deva",
            "system": "secret",
            "view": {"page": "Drift"},
        }
        for i in range(40)
    ]
    given, drawn, page = tmp_path / "cases.jsonl", tmp_path / "drawn.jsonl", tmp_path / "ada.html"
    given.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    told = run(draw.member, str(given), "--n", "10", "--by", "script", "--seed", "1", "--out", str(drawn)).value
    assert (told["n"], told["of"]) == (10, 40)
    assert {one["stratum"]: one["probability"] for one in told["strata"]} == {"Latn": 5 / 32, "Deva": 5 / 8}
    rows, _ = read_rows(drawn)
    assert rows[0]["view"] == {"page": "Drift"}
    made = run(sheet.member, str(drawn), "--coder", "Ada", "--out", str(page)).value
    assert "secret" not in page.read_text(encoding="utf-8")
    assert "system" in made["left_out"]
    ids = [row["id"] for row in rows]
    for name, codes in (("Ada", ["hub"] * 5 + ["ocr"] * 5), ("Bo", ["hub"] * 4 + ["ocr"] * 5 + [""])):
        saved = coded(name, dict(zip(ids, codes, strict=True)), draw=told["draw"])
        (tmp_path / f"{name}.json").write_text(json.dumps(saved), encoding="utf-8")
    report = run(agree.member, str(tmp_path / "Ada.json"), str(tmp_path / "Bo.json"))
    assert set(report.value) == {"n", "kappa", "alpha", "ac1"}
    assert report.value["n"] == 9
    assert report.value["kappa"]["value"] == pytest.approx(1 - (1 / 9) / (1 - (5 * 4 + 4 * 5) / 81), abs=1e-6)
    assert all(set(report.value[name]) == {"value", "low", "high"} for name in ("kappa", "alpha", "ac1"))
    lines = "\n".join(report.lines)
    assert f"{ids[4]}: hub | ocr (Ada: Ada on {ids[4]}; Bo: Bo on {ids[4]})" in lines
    assert "1 case without a code" in lines
    assert capsys.readouterr().err == ""


def test_what_cannot_be_known_is_null_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text(json.dumps(coded(name, {"x": "hub"}, draw=name)), encoding="utf-8")
    found = run(agree.member, str(tmp_path / "a.json"), str(tmp_path / "b.json")).value
    assert found["kappa"] == {"value": None, "low": None, "high": None}
    told = capsys.readouterr().err
    assert "the only case was given the one code 'hub'" in told
    assert "they are of two draws, a and b" in told


def test_codes_of_an_older_taxonomy_are_carried_into_the_later() -> None:
    later = TAXONOMY.merge(["hub", "ocr"], "noise").split("polysemy", ["homonymy", "regular polysemy"])
    a = coded_from(coded("a", {"1": "hub", "2": "polysemy", "3": "other"}))
    b = coded_from(coded("b", {"1": "noise", "2": "homonymy", "3": "homonymy"}, later))
    for one, other in ((a, b), (b, a)):
        found = compared(one, other)
        assert (found.taxonomy, found.agreement.n, found.agreement.agreed) == (later, 2, 1)
        assert found.again == {"a": 1}
        assert [pair.id for pair in found.apart] == ["3"]


def test_what_both_gave_stands_and_the_rest_is_decided() -> None:
    a = coded_from(coded("a", {"1": "hub", "2": "ocr", "3": "hub", "4": "other"}))
    b = coded_from(coded("b", {"1": "hub", "2": "hub", "3": "ocr"}))
    assert adjudicated(a, b, {"2": "tokeniser", "4": "other"}) == {"1": "hub", "2": "tokeniser", "4": "other"}
    with pytest.raises(InvalidValue, match="'9' was decided, and nobody coded it"):
        adjudicated(a, b, {"9": "hub"})
    with pytest.raises(InvalidValue, match="which is no code"):
        adjudicated(a, b, {"2": "hubb"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no JSON"),
        ("[1]", "holds no codes"),
        ('{"format": 2, "codes": []}', "is of format '2'"),
        ('{"codes": [{"id": "a", "code": "x"}, {"id": "a", "code": "y"}]}', "codes 'a' twice"),
        ('{"codes": [], "taxonomy": {"format": 7}}', "a taxonomy of format '7'"),
        ("[" * 70 + "]" * 70, "nested deeper"),
    ],
)
def test_files_that_no_sheet_saved(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidValue, match=told):
        take_coded(path)


def test_entries_that_cannot_be_used_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    entries = [
        {"id": "a", "code": "hub"},
        {"id": "b"},
        {"code": "hub"},
        "x",
        {"id": "c", "code": [1]},
        {"id": 7, "code": "ocr"},
    ]
    path.write_text(json.dumps({"codes": entries}), encoding="utf-8")
    found = take_coded(path)
    assert isinstance(found, Coded)
    assert found.codes == {"a": "hub", "7": "ocr"}
    assert found.tally.skipped == {"case_without_a_code": 1, "entry_without_an_id": 2, "code_that_is_no_text": 1}


def test_lines_that_are_no_json_are_counted_and_many_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": "a"}\nnot json\n\n{"id": "b"}\n{"id": "c"}\n[1]\n{"id": "d"}\n', encoding="utf-8")
    rows, tally = read_rows(path)
    assert [row["id"] for row in rows] == ["a", "b", "c", "d"]
    assert tally.skipped == {"line_that_is_no_json": 1, "line_that_is_no_object": 1}
    path.write_text('{"id": "a"}\n' + "no json\n" * 9, encoding="utf-8")
    with pytest.raises(InvalidValue, match="9 of 10 rows cannot be used"):
        read_rows(path)
