"""isogloss pairs: the keys that it promises, groups, and the filtered file with its reasons."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from isogloss.cli.main import main


def test_the_demo_prints_the_promised_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pairs", "instructions", "--by", "language", "--json"]) in (0, None)
    value = json.loads(capsys.readouterr().out)
    assert {"n", "profile", "figures", "by", "failures", "read", "said"} <= value.keys()
    assert (value["n"], value["profile"]) == (120, "protected")
    assert set(value["by"]) == {"Hindi", "German", "Arabic", "Chinese"}
    for one in (value["figures"]["kept"], value["by"]["Arabic"]["kept_json"]):
        assert {"value", "n", "low", "high", "null"} == one.keys()
        assert one["low"] <= one["value"] <= one["high"]
    first = value["failures"][0]
    assert {"row", "kind", "what", "span"} <= first.keys()
    assert first["row"] == 1


def test_what_is_dropped_leaves_the_other_bytes_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = "n,source,target\n1,Open {x},Öffne {y}\n2,Go 5,Geh 5\n3,=Go #a,Geh\n"
    (tmp_path / "a.csv").write_text(data, encoding="utf-8")
    out = tmp_path / "b.csv"
    main(["pairs", str(tmp_path / "a.csv"), "--without", "changed", "--out", str(out), "--json"])
    assert json.loads(capsys.readouterr().out)["written"]["dropped"] == 1
    assert out.read_text(encoding="utf-8") == data.replace("1,Open {x},Öffne {y}\n", "")
    main(["pairs", str(tmp_path / "a.csv"), "--without", "any", "--out", str(out)])
    rows = list(csv.DictReader((tmp_path / "b.csv.dropped.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["row"], row["kind"], row["what"]) for row in rows] == [
        ("2", "changed", "placeholder"),
        ("4", "lost", "hashtag"),
    ]
    assert rows[1]["source"] == "'=Go #a"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--without", "bogus", "--out", "x"], "bogus"),
        (["--without", "lost"], "--out"),
        (["--profile", "protectd"], "protected"),
        (["--by", "kindd"], "no column"),
    ],
)
def test_what_cannot_be_asked_is_named(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("source,target\nOpen {x},Geh\n", encoding="utf-8")
    assert main(["pairs", "a.csv", *options]) not in (0, None)
    assert said in capsys.readouterr().err
