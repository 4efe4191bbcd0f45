"""The card of a collection: complete only with every fact of every space, and never by a word that is no fact."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from isogloss.cli.main import main
from isogloss.spaces.collection import Collection
from isogloss.workspace.card import FACTS, card_of, wrong
from isogloss.workspace.store import SHIPPED, Workspace, read_header

WHOLE = {
    "language": "sr-Latn",
    "script": "Latn",
    "period": "1946-1969",
    "source": "drawn by lot",
    "licence": "CC0",
    "tokens": "1200",
    "seed": "0",
}


def given(facts: dict[str, str]) -> list[str]:
    return [part for name, value in facts.items() for part in ("--fact", f"{name}={value}")]


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    return dict(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize("without", FACTS)
def test_each_fact_is_needed(
    without: str, aligned: Collection, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.save(aligned)
    facts = {name: value for name, value in WHOLE.items() if name != without}
    assert main(["describe", "four", *given(facts), "--json"]) == 0
    assert told(capsys) | {"spaces": 0} == {
        **{"name": "four", "title": "Four periods", "complete": False, "missing": [without], "spaces": 0}
    }
    assert main(["describe", "four", *given({without: WHOLE[without]}), "--json"]) == 0
    found = told(capsys)
    assert (found["complete"], found["missing"]) == (True, [])
    assert workspace.open("four").fingerprint == aligned.fingerprint  # nothing else changed
    assert workspace.open("four").title == aligned.title


def test_a_fact_of_one_space_is_not_of_the_others(
    aligned: Collection, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.save(aligned)
    rest = {name: value for name, value in WHOLE.items() if name != "period"}
    assert main(["describe", "four", *given(rest)]) == 0
    assert "it lacks period" in capsys.readouterr().out
    assert main(["describe", "four", "--space", "p0", *given({"period": "1900"}), "--json"]) == 0
    assert told(capsys)["missing"] == ["period of p1, p2, p3"]
    assert main(["describe", "four", "--space", "p9", *given({"period": "1900"})]) == 2


@pytest.mark.parametrize(
    "fact",
    [
        *("language=English", "language=und", "language=EN", "script=Cyrillic", "script=Zzzz", "script=latn"),
        *("period=1969-1946", "period=long ago", "tokens=0", "tokens=many", "seed=-1", "source=", "licence= "),
        *(f"source={'x' * 401}", "mood=fine", "language"),
    ],
)
def test_what_is_no_fact_is_refused(
    fact: str, aligned: Collection, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workspace.save(aligned)
    before = (folder / "collection.json").read_bytes()
    assert main(["describe", "four", "--fact", fact]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (folder / "collection.json").read_bytes() == before


@pytest.mark.parametrize("tag", ["en", "yue", "sr-Cyrl", "zh-Hant-TW", "es-419", "de-1996", "ca-valencia"])
def test_tags_of_bcp_47(tag: str) -> None:
    assert wrong("language", tag) == ""


def test_a_header_that_says_nonsense_lacks_the_fact() -> None:
    header = {"metadata": {"language": "English", "card": 3, "training": []}, "spaces": [{"name": "a"}]}
    card = card_of(header)
    assert "language ('English' is no BCP 47 tag)" in card.missing
    assert not card.complete


@pytest.mark.parametrize("folder", sorted(SHIPPED.glob("*/collection.json")), ids=lambda path: path.parent.name)
def test_what_ships_knows_its_source(folder: Path) -> None:
    card = card_of(read_header(folder.parent))
    lacking = {one.split()[0] for one in card.missing}
    assert lacking <= {"script", "period"}  # of blocs no years are told; scripts of texts were never written down
