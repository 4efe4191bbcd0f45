"""The Scripts page through AppTest: cold deep links, broken addresses, hostile and odd spaces."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import Workspace
from tests.kit.collections import HOSTILE, disjoint_collection, scripts_collection, tiny_collection
from tests.kit.pages import html_of, visit

PAGE = "pages/4_Scripts.py"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, scripts_folder: Path) -> Workspace:
    """One for all, so that a hundred thousand items are opened once; what a test adds to it has a name of its own."""
    root = tmp_path_factory.mktemp("home")
    place = Workspace(root)
    for collection in (scripts_collection(), tiny_collection(), disjoint_collection()):
        place.save(collection)
    (root / "collections" / "scripts").symlink_to(scripts_folder)
    return place


@pytest.fixture(autouse=True)
def workspace(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("ISOGLOSS_HOME", str(place.root))
    return place


def table_of(at: AppTest, column: str) -> list[dict]:
    """The table that has this column."""
    return next(d.value for d in at.dataframe if column in d.value.columns).to_dict("records")


def test_the_demo_opens_with_its_finding_and_every_figure_with_its_null() -> None:
    at = visit(PAGE)
    text = html_of(at)
    assert "Script explains 73% of the variance" in text
    assert "terms that find their meaning in another script first rise from 0.1% to 28%, 32% by" in text
    assert "The encoder does not know 11 of the scripts" in text
    assert "Tifinagh" in text
    assert "Names spelt alike are counted once" in text
    assert "By language instead of script" in text
    rows = table_of(at, "figure")
    assert [row["figure"] for row in rows][:2] == ["pooled P@1", "η²"]
    assert all("p " in row["shuffled, translated"] for row in rows)
    assert all("to" in row["before"] for row in rows)


def test_a_removal_is_measured_on_the_same_half() -> None:
    at = visit(PAGE, stage="before", removal="lsar")
    rows = {row["figure"]: row for row in table_of(at, "figure")}
    before, after = (float(rows["η²"][key].split()[0]) for key in ("before removal", "after lsar"))
    assert before > 0.5 > 0.2 > after
    assert "find their meaning in another script first" in html_of(at)


@pytest.mark.parametrize(("stage", "moment"), [("before", 0), ("transliterated", 1)])
def test_before_an_audience_one_map_goes_from_stage_to_stage(stage: str, moment: int) -> None:
    at = visit(PAGE, collection="scripts", stage=stage, present="true")
    assert not at.exception
    told = [json.loads(one.proto.json) for one in at.get("bidi_component") if "arrangement" in one.proto.json]
    assert [(one["arrangement"], one["moment"]) for one in told] == [("morph", moment)]


def test_a_text_is_shown_with_its_romanisation_and_subwords() -> None:
    text = html_of(visit(PAGE, typed="привет"))
    assert "privet" in text
    assert "subwords" in text
    assert "Cosine of" in text


def test_a_concept_in_all_its_forms() -> None:
    at = visit(PAGE, item="Greece · en")
    text = html_of(at)
    assert "territory:GR" in text
    assert "stand alone" in text
    forms = table_of(at, "form")
    assert len(forms) > 100
    assert {"Grek", "Cyrl", "Arab"} <= {row["group"] for row in forms}


@pytest.mark.parametrize(
    "parameters", [{"stage": "after"}, {"removal": "all"}, {"by": "<b>"}, {"colour": "x"}, {"matrix": "?"}]
)
def test_broken_addresses_fall_back(parameters: dict[str, str]) -> None:
    assert "iso-lead" in html_of(visit(PAGE, collection="tiny", **parameters))


@pytest.mark.parametrize("name", ["scripts-test", "tiny", "disjoint"])
def test_other_collections_are_grouped_by_the_scripts_of_their_characters(name: str) -> None:
    text = html_of(visit(PAGE, collection=name))
    assert "iso-lead" in text


@pytest.mark.parametrize("typed", HOSTILE[:4])
def test_hostile_texts_are_escaped(typed: str) -> None:
    assert "<img" not in html_of(visit(PAGE, typed=typed))


def test_an_unknown_item_names_the_nearest() -> None:
    at = visit(PAGE, item="Greese · en")
    assert "is not in" in html_of(at)
    assert "Greece · en" in [button.label for button in at.button]


def test_hostile_concepts_and_groups_are_escaped(workspace: Workspace) -> None:
    bad = "<img src=x onerror=alert(1)>"
    columns = pa.table(
        {"concept": [bad, bad, "b", "b"], "script": [bad, "Latn", bad, "Latn"], "text": [bad, "x", "y", "z"]}
    )
    space = Space("s", ("a", "b", "c", "d"), np.eye(4, dtype=np.float32), columns)
    workspace.save(Collection("hostile", (space,)))
    assert "<img" not in html_of(visit(PAGE, collection="hostile", item="a"))


def pasted(**given: str) -> str:
    """What the page says of these fields of *Your own texts*."""
    at = visit(PAGE, collection="scripts")
    for kind in (at.text_area, at.selectbox, at.text_input):
        for widget in [w for w in kind if w.key in given]:
            widget.set_value(given[widget.key])
    at.run()
    for widget in [w for w in at.text_input if w.key == "encode-name" and "encode-name" in given]:
        widget.set_value(given["encode-name"]).run()
    assert not at.exception
    return html_of(at)


TEXTS = {"encode-text": "one\ntwo <b>\none"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "2 texts to encode"),
        ({"encode-into": "../../etc"}, "the collection name &#x27;../../etc&#x27; cannot be used"),
        ({"encode-space": " "}, "has no name"),
        ({"encode-model": "another model"}, "Name the model"),
        ({"encode-model": "another model", "encode-name": "/etc"}, "not below an allowed folder"),
        ({"encode-model": "another model", "encode-name": "a b;c"}, "is no name of a model"),
    ],
)
def test_texts_of_ones_own_are_offered_or_refused_with_the_reason(given: dict[str, str], said: str) -> None:
    assert said.casefold() in pasted(**TEXTS, **given).casefold()


def uploaded(name: str, data: bytes) -> AppTest:
    at = visit(PAGE, collection="scripts")
    at.file_uploader(key="encode-file").upload(name, data).run()
    assert not at.exception
    return at


def test_texts_of_a_table_are_chosen_by_their_column_and_counted() -> None:
    at = uploaded("t.csv", b"id;title;body\n1;A;the cat\n2;B;le monde\n3;C;the cat\n4;D;\n")
    box = next(one for one in at.selectbox if one.label == "Text column")
    assert box.options == ["title", "body", "id"]
    box.set_value("body").run()
    text = html_of(at)
    assert "Its first: the cat, le monde, the cat." in text
    assert "2 texts to encode" in text
    assert "Recognised (delimiter: semicolon)." in text
    assert "2 read; skipped: 1 duplicate (the cat), 1 blank (row 4)." in text
    assert "is a PDF" in html_of(uploaded("t.txt", b"%PDF-1.7"))


def test_a_read_only_server_takes_no_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    assert "read-only" in pasted(**TEXTS)


@pytest.mark.long
def test_as_many_nearest_concepts_as_asked_for() -> None:
    assert not visit(PAGE, typed="привет", k="12").exception
    assert "k = 99" in "".join(c.value for c in visit(PAGE, typed="привет", k="99").code)
