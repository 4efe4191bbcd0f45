"""The published schemas against the code, what ships and what is written; and what earlier versions wrote, opened."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from isogloss.errors import InvalidValue, StoreError
from isogloss.notebook.case import Case
from isogloss.notebook.figures import KeptFigure, Survival, Variation
from isogloss.notebook.view import View
from isogloss.places import ASSETS, ROOT
from isogloss.stories.story import Beat, Story
from isogloss.workspace.store import SHIPPED, Workspace
from scripts.schemas import FOLDER, SCHEMAS, text_of
from tests.kit.collections import scripts_collection, tiny_collection

VERSIONS = Path(__file__).with_name("versions")
OLD = sorted(path.name for path in VERSIONS.iterdir() if path.is_dir())
HEADERS = sorted(SHIPPED.glob("*/collection.json"))


def schema(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))


def require(name: str, told: Any) -> None:
    jsonschema.Draft202012Validator(schema(name)).validate(told)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_files_are_what_the_code_says(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))
    told = (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    assert told == text_of(name), "python -m scripts.schemas"


@pytest.mark.parametrize("file", HEADERS, ids=lambda path: path.parent.name)
def test_headers_that_ship(file: Path) -> None:
    require("collection", json.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", sorted((ASSETS / "stories").glob("*.json")), ids=lambda path: path.stem)
def test_stories_that_ship(file: Path) -> None:
    require("story", json.loads(file.read_text(encoding="utf-8")))


def test_what_is_written(workspace: Workspace) -> None:
    for collection in (scripts_collection(), tiny_collection()):
        folder = workspace.save(collection)
        require("collection", json.loads((folder / "collection.json").read_text(encoding="utf-8")))
    figure = KeptFigure(name="distance", value=0.5)
    survival = Survival("a" * 32, "peace", "it moved", (Variation("k 5", ("drift",), True, (figure,)),))
    case = Case(View.of("Drift", {"item": "peace"}), title="peace", tags=("war",), survival=survival)
    require("case", case.as_json())
    assert set(case.as_json()) == set(schema("case")["properties"])
    story = Story("One", (Beat(View("Map"), title="where", picture="<svg></svg>"),))
    require("story", story.as_json())
    assert set(story.as_json()) == set(schema("story")["properties"])
    assert set(story.as_json()["beats"][0]) == set(schema("story")["properties"]["beats"]["items"]["properties"])
    links = (ROOT / "tests" / "pages" / "links.txt").read_text(encoding="utf-8").splitlines()
    for link in [case.view.link, *(f"/{one}" for one in links if not one.startswith("#"))]:
        require("link", link)


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("case", {"format": 2}),
    ("case", {"how": "guessed"}),
    ("case", {"id": "x"}),
    ("case", {"view": {"page": "../x", "parameters": {}}}),
    ("case", {"figures": [{"name": "n", "value": 1, "pointer": "", "sure": True}]}),
    ("case", {"probability": 0}),
    ("case", {"tags": [""]}),
    ("story", {"format": 2}),
    ("story", {"beats": {}}),
    ("story", {"more": 1}),
]


@pytest.mark.parametrize(("name", "change"), WRONG, ids=range(len(WRONG)))
def test_schema_and_reader_refuse_the_same(name: str, change: dict[str, Any]) -> None:
    whole = Case(View("Drift")).as_json() if name == "case" else Story("One").as_json()
    reader = Case.of_json if name == "case" else Story.of_json
    require(name, whole)
    reader(whole)
    with pytest.raises(jsonschema.ValidationError):
        require(name, whole | change)
    with pytest.raises(InvalidValue):
        reader(whole | change)


def test_a_link_of_a_later_version_is_neither_valid_nor_read() -> None:
    with pytest.raises(jsonschema.ValidationError):
        require("link", "/Drift?v=2&item=peace")
    with pytest.raises(InvalidValue):
        View.of_link("/Drift?v=2&item=peace")


def test_every_earlier_version_is_here() -> None:
    told = re.findall(r"^## (0\.\d+\.\d+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(told) == OLD


@pytest.mark.parametrize("version", OLD)
def test_a_collection_of_an_earlier_version_opens(version: str, tmp_path: Path) -> None:
    require("collection", json.loads((VERSIONS / version / "collection.json").read_text(encoding="utf-8")))
    workspace = Workspace(tmp_path)
    shutil.copytree(VERSIONS / version, tmp_path / "collections" / "old")
    found = workspace.open("old")
    assert (found.names, found.title, found.alignment.method) == (
        ["early", "late"],
        "Of an earlier version",
        "declared",
    )
    assert found["early"].items == ("peace", "мир", "سلام", "war", "sea")
    assert found["early"].counts.tolist() == [50, 49, 48, 47, 46]  # type: ignore[union-attr]
    assert found["early"].vectors.shape == (5, 4)
    again = workspace.open(workspace.save(found).name)  # written anew, it is one of today's
    assert again.fingerprint == found.fingerprint


@pytest.mark.parametrize("version", OLD)
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"schema": 2}, "schema 2, this version reads 1"),
        ({"spaces": [{"name": "early"}]}, "damaged"),
        ({"alignment": None}, "damaged"),
    ],
    ids=["later", "spaces", "alignment"],
)
def test_a_broken_one_says_what_is_wrong(version: str, change: dict[str, Any], told: str, tmp_path: Path) -> None:
    folder = tmp_path / "collections" / "old"
    shutil.copytree(VERSIONS / version, folder)
    header = json.loads((folder / "collection.json").read_text(encoding="utf-8")) | change
    (folder / "collection.json").write_text(json.dumps(header), encoding="utf-8")
    with pytest.raises(StoreError, match=told) as error:
        Workspace(tmp_path).open("old")
    assert error.value.lever


def test_cases_stories_and_links_of_the_first_format_are_read() -> None:
    text = (VERSIONS / "case.jsonl").read_text(encoding="utf-8")
    require("case", json.loads(text))
    case = Case.of_text(text)
    assert (case.title, case.view.get("item"), case.figures[0].value) == ("peace", "peace", 0.25)
    text = (VERSIONS / "story.json").read_text(encoding="utf-8")
    require("story", json.loads(text))
    assert Story.of_text(text).beats[0].title == "It moved"
    assert View.of_link("/Drift?collection=old&item=peace") == case.view  # a link without a version
