"""The talk in one file: small, closed to the network, its maps the true neighbors; the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from isogloss.cli.main import main
from isogloss.nearest.neighbors import neighbors
from isogloss.notebook.view import View
from isogloss.stories.shelf import SHIPPED, read_story, write_story
from isogloss.stories.story import Beat, Story
from isogloss.stories.talk import talk
from isogloss.workspace.store import Workspace
from tests.hostile.names.payloads import PAYLOADS


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = talk(read_story(SHIPPED / "un-drift.json"), Workspace(tmp_path_factory.mktemp("w")))
    assert (found.maps, found.left_out, found.stale) == (6, {}, ())
    return found.html


def test_the_shipped_talk_is_small_and_asks_nothing_of_a_network(shipped: str):
    assert len(shipped.encode()) < 10_000_000
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', shipped)
    assert policy
    assert "default-src &#x27;none&#x27;" in policy[1]
    assert "http" not in policy[1]
    assert not re.findall(r'(?:src|href)="(?!data:)[^"]+"', shipped)


def test_lists_of_its_maps_are_those_of_the_spaces(shipped: str):
    told, collection = data_of(shipped), Workspace().open("un-debates")
    first = told["maps"][told["beats"][0]["map"]]
    for space in first["spaces"]:
        for item in ("climate", "atmosphere"):
            near = space["near"][space["items"].index(told["names"].index(item))]
            true = neighbors(collection, item, k=10, targets=[space["name"]])[space["name"]]
            assert true is not None
            assert [told["names"][i] for i in near[::2]] == [one.item for one in true]
            assert [v / 10_000 for v in near[1::2]] == pytest.approx([one.similarity for one in true], abs=6e-5)


def test_what_somebody_wrote_is_data(tmp_path: Path):
    beats = tuple(Beat(View.of("Map", {"item": one, "collection": one}), title=one, notes=one) for one in PAYLOADS[:9])
    found = talk(Story("</title></script>" + PAYLOADS[5], beats), Workspace(tmp_path))
    assert found.maps == 0
    assert len(found.left_out) == 9
    assert [one["title"] for one in data_of(found.html)["beats"]] == list(PAYLOADS[:9])
    assert len(re.findall(r"</?script", found.html)) == 4
    assert "<img src=http" not in found.html


def test_the_command_says_what_it_left_out_and_what_no_longer_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    gone = Beat(View.of("Map", {"collection": "gone", "item": "w"}), command=("map", "gone", "--json"))
    file, out = write_story(Story("s", (gone, Beat(View(""), title="t"))), tmp_path / "s.json"), tmp_path / "t.html"
    assert main(["story", "export", str(file), "--out", str(out), "--json"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["beats"], told["maps"], told["stale"]) == (2, 0, [1])
    assert "no longer hold" in said.err
    assert "gone" in said.err
    assert out.stat().st_size == told["bytes"]
    for wrong in ("nothing", str(tmp_path / "none.json"), str(tmp_path)):
        assert main(["story", "export", wrong, "--out", str(out)]) == 2
        assert capsys.readouterr().err.startswith("error: ")
    assert main(["story", "export", str(file), "--out", str(tmp_path / "no" / "t.html")]) == 2
    assert "cannot be written" in capsys.readouterr().err
