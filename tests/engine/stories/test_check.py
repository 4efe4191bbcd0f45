"""The shipped stories hold, and say no number that is not among their figures; what changed is told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from isogloss.cli.asked import asking
from isogloss.cli.main import main
from isogloss.errors import NotFound
from isogloss.notebook.figures import KeptFigure
from isogloss.notebook.view import View
from isogloss.stories.check import check
from isogloss.stories.shelf import SHIPPED, read_story
from isogloss.stories.story import Beat, Story
from isogloss.workspace.store import Workspace

SHIPPED_NAMES = ("un-drift", "novels-aligned", "papers-answered", "scripts-together")
_NUMBER = re.compile(r"(?<![\w-])\d[\d,]*(?:\.\d+)?%?")


def values(beat: Beat) -> Iterator[float]:
    for one in beat.figures:
        for value in (one.value, one.low, one.high, one.n, one.null_p95):
            if isinstance(value, int | float):
                yield float(value)


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_every_number_that_is_said_is_a_figure_of_the_beat(name: str):
    numbers = 0
    for beat in read_story(SHIPPED / f"{name}.json").beats:
        assert beat.title
        assert beat.sentence
        assert beat.notes
        assert beat.figures
        assert beat.picture
        assert len(beat.picture.encode()) < 60_000
        for said in _NUMBER.findall(f"{beat.title} {beat.sentence}"):
            plain = said.rstrip("%").replace(",", "")
            digits = len(plain.partition(".")[2]) + 2 * said.endswith("%")
            number = float(plain) / (100 if said.endswith("%") else 1)
            assert any(abs(number - value) <= 0.5 * 10**-digits + 1e-9 for value in values(beat)), (beat.title, said)
            numbers += 1
    assert numbers > 5


@pytest.mark.parametrize(
    "name", ["un-drift", *(pytest.param(one, marks=pytest.mark.long) for one in SHIPPED_NAMES[1:])]
)
def test_the_shipped_stories_hold(
    name: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
):
    if name == "scripts-together":
        (tmp_path / "collections").mkdir()
        (tmp_path / "collections" / "scripts").symlink_to(request.getfixturevalue("scripts_folder"))
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    assert main(["story", "check", name, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [set(one) for one in found] == [{"beat", "title", "verdict", "old", "new", "why"}] * len(found)
    assert [(one["verdict"], one["why"]) for one in found] == [("holds", "")] * len(found)
    assert [one["beat"] for one in found] == list(range(1, len(found) + 1))


def test_what_changed_and_what_is_missing_is_told_and_a_command_runs_once():
    asked: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> Any:
        asked.append(command)
        if "gone" in command:
            raise NotFound("there is no collection 'gone'")
        return {"words": [{"distance": 0.5}]}

    def beat(value: float, collection: str = "c", command: str = "drift") -> Beat:
        kept = KeptFigure(name="distance", value=value, pointer="/words/0/distance")
        return Beat(View("Drift"), title="t", command=(command, collection, "--json"), figures=(kept,))

    told = Beat(View(""), title="only words")
    story = Story("s", (beat(0.5), beat(0.4), beat(0.5, "gone"), beat(0.5, command="serve"), told))
    found = list(check(story, run))
    assert [one.verdict.verdict for one in found] == ["holds", "changed", "missing", "missing", "holds"]
    assert found[1].as_json()["why"] == "distance: 0.4 → 0.5"
    assert "'gone'" in found[2].verdict.why
    assert "serve" in found[3].verdict.why
    assert [command[1] for command in asked] == ["c", "gone"]


def test_a_beat_whose_collection_is_another_says_so(tmp_path: Path):
    workspace = Workspace(tmp_path)
    beat = read_story(SHIPPED / "un-drift.json").beats[0]
    other = replace(beat, fingerprints={}, neighbors={"1946-1969": ("never",)})
    assert [one.verdict.verdict for one in check(Story("s", (other,)), asking(workspace))] == ["changed"]
