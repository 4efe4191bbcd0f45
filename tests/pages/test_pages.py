"""Every page through AppTest: cold deep link, demo, broken address, tiny space, disjoint vocabularies."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from isogloss.maps.local import local_layout
from isogloss.workspace.store import Workspace
from tests.kit.collections import HOSTILE, disjoint_collection, scripts_collection, tiny_collection
from tests.kit.pages import html_of, visit

PAGES = ["app.py", "pages/1_Neighbors.py", "pages/2_Map.py", "pages/3_Drift.py"]


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    place = Workspace(tmp_path)
    for collection in (scripts_collection(), tiny_collection(), disjoint_collection()):
        place.save(collection)
    return place


@pytest.mark.parametrize("page", PAGES)
def test_the_demo_opens_cold_with_a_sentence(page: str) -> None:
    assert "iso-lead" in html_of(visit(page))


def test_home_tells_what_is_in_each_collection() -> None:
    text = html_of(visit("app.py"))
    for fact in ("UN General Debate", "CC0", "1946-1969", "CADE", "0.0 (0 is right)", "Five scripts", "not aligned"):
        assert fact in text


def test_neighbors_of_the_demo_read_as_a_sentence() -> None:
    text = html_of(visit("pages/1_Neighbors.py", item="neutrality"))
    assert "neutrality" in text
    assert "keeps none of its 10 nearest neighbors" in text
    assert "carbon" in text


def test_several_words_and_an_analogy() -> None:
    at = visit("pages/1_Neighbors.py", item="war, peace")
    assert html_of(at).count('class="iso-lead"') == 2
    text = html_of(visit("pages/1_Neighbors.py", item="man : king :: woman : ?"))
    assert "king" in text


@pytest.mark.parametrize("item", ["привет", "مرحبا", "नमस्ते", "气候", "régime"])
@pytest.mark.parametrize("page", PAGES[1:2])
def test_words_in_five_scripts(page: str, item: str) -> None:
    assert item in html_of(visit(page, collection="scripts-test", item=item))


@pytest.mark.parametrize("item", HOSTILE[:4])
def test_hostile_items_are_escaped(item: str) -> None:
    text = html_of(visit("pages/1_Neighbors.py", collection="scripts-test", item=item))
    assert "<img" not in text
    assert "iso-lead" in text


@pytest.mark.parametrize("page", PAGES[1:])
def test_an_unknown_item_names_the_nearest(page: str) -> None:
    at = visit(page, item="neutralty")
    assert "neutralty</bdi> is not in" in html_of(at)
    assert "neutrality" in [button.label for button in at.button]
    near = next(button for button in at.button if button.label == "neutrality")
    near.click().run()
    assert at.query_params["item"] == "neutrality"
    assert "</bdi> is not in" not in html_of(at)  # a quotation may have the words


@pytest.mark.parametrize("page", PAGES[1:])
def test_words_of_which_none_is_there_leave_the_page_standing(page: str) -> None:
    at = visit(page, item="neutralty, inclusoin")
    text = html_of(at)
    assert "neutralty</bdi> is not in" in text
    assert "inclusoin</bdi> is not in" in text
    assert "Keep" in [button.label for button in at.button]  # it stands under a picture
    next(button for button in at.button if button.label == "inclusion").click().run()
    assert not at.exception
    assert at.query_params["item"] == "neutralty, inclusion"  # the other stays as it was typed
    assert "inclusion</bdi>" in html_of(at)


@pytest.mark.parametrize("page", PAGES[1:])
@pytest.mark.parametrize("typed", ["Climate", "CLIMATE", "ｃlimate"])
def test_an_item_is_found_however_it_is_typed(page: str, typed: str) -> None:
    text = html_of(visit(page, item=typed))
    assert "is not in" not in text
    assert f'climate</bdi> for <bdi class="iso-item">{typed}' in text


@pytest.mark.parametrize("item", HOSTILE)
@pytest.mark.parametrize("page", PAGES[1:])
def test_no_item_blanks_a_page(page: str, item: str) -> None:
    assert "iso-lead" in html_of(visit(page, item=item))


@pytest.mark.parametrize("page", PAGES[1:])
def test_an_unknown_collection_names_the_nearest(page: str) -> None:
    text = html_of(visit(page, collection="un-debate"))
    assert "iso-error" in text
    assert "un-debates" in text


@pytest.mark.parametrize(
    "parameters",
    [
        {"k": "minus"},
        {"k": "99999"},
        {"space": "1066"},
        {"criterion": "best"},
        {"from": "<b>"},
        {"item": "\u202e" * 500},
        {"item": ","},
    ],
)
def test_broken_addresses_fall_back(parameters: dict[str, str]) -> None:
    assert "iso-" in html_of(visit("pages/1_Neighbors.py", **parameters))


@pytest.mark.parametrize(
    "parameters",
    [
        {"spaces": "1066"},
        {"colour": "<b>"},
        {"dimensions": "4-D"},
        {"k": "x"},
        {"view": "upside down"},
        {"layout": "<i>"},
        {"at": "v:x;;t:1e99"},
    ],
)
def test_broken_map_addresses_fall_back(parameters: dict[str, str]) -> None:
    assert "iso-lead" in html_of(visit("pages/2_Map.py", **parameters))


@pytest.mark.parametrize(
    "parameters",
    [
        {"measure": "euclid"},
        {"from": "1066", "to": "<b>"},
        {"show": "<i>"},
        {"least_cosine": "x"},
        {"uses": "-5"},
        {"matched": "perhaps"},
        {"item": "climate", "against": "yesterday", "second": "<b>nothing</b>"},
    ],
)
def test_broken_drift_addresses_fall_back(parameters: dict[str, str]) -> None:
    text = html_of(visit("pages/3_Drift.py", **parameters))
    assert "iso-lead" in text
    assert "<b>nothing" not in text


def test_drift_says_what_is_wrong_with_a_pattern_and_with_one_space_twice() -> None:
    assert "no regular expression" in html_of(visit("pages/3_Drift.py", pattern="(?=a)"))
    at = visit("pages/3_Drift.py", **{"from": "1946-1969", "to": "1946-1969"})
    assert "the same as itself: shown is 1970-1989" in " ".join(one.value for one in at.caption)
    assert "items moved farther" in html_of(at)


@pytest.mark.parametrize("item", ["привет", "مرحبا", "नमस्ते", "气候", HOSTILE[0]])
def test_drift_of_words_in_five_scripts_and_of_a_hostile_one(item: str) -> None:
    text = html_of(visit("pages/3_Drift.py", collection="scripts-test", item=item, second="мир"))
    assert "apart" in text
    assert "<img" not in text
    assert "No replicate trainings" in text
    assert "significant" not in text


def test_drift_of_spaces_that_share_nothing_and_of_one_space() -> None:
    text = html_of(visit("pages/3_Drift.py", collection="disjoint"))
    assert "share no item" in text
    assert "not aligned" in text
    assert "has one space" in html_of(visit("pages/3_Drift.py", collection="tiny"))


def test_a_word_of_one_space_has_no_drift_and_says_so() -> None:
    text = html_of(visit("pages/3_Drift.py", collection="scripts-test", item=HOSTILE[-1]))
    assert "it has no drift here" in text


def test_the_ranking_is_filtered_and_counted() -> None:
    at = visit("pages/3_Drift.py", pattern="^climat")
    assert "1 of 4,547 shared words" in html_of(at)


def test_what_an_address_could_not_have_is_said() -> None:
    at = visit("pages/1_Neighbors.py", space="1066")
    assert any("1066" in block.value for block in at.code)


def test_a_tiny_space() -> None:
    assert "near" in html_of(visit("pages/1_Neighbors.py", collection="tiny", item="a"))
    assert "yet to be drawn" in html_of(visit("pages/2_Map.py", collection="tiny"))
    assert "yet to be drawn" in html_of(visit("pages/2_Map.py", collection="disjoint"))


def test_disjoint_vocabularies_answer_each_for_itself() -> None:
    text = html_of(visit("pages/1_Neighbors.py", collection="disjoint", item="a"))
    assert "no vector of its own" in text
    at = visit("pages/1_Neighbors.py", collection="disjoint", item="a", space="right")
    assert "iso-lead" in html_of(at)


def test_the_table_holds_every_neighbor() -> None:
    at = visit("pages/1_Neighbors.py", item="energy", k="5")
    table = at.dataframe[0].value
    assert len(table) == 20
    assert list(table.columns) == ["query", "space", "rank", "neighbor", "similarity", "count", "per_million"]


def test_the_map_states_the_share_of_neighbors_kept() -> None:
    text = html_of(visit("pages/2_Map.py", item="neutrality", extent="whole"))
    assert "true neighbors (n = " in text
    assert "random places would keep" in text


@pytest.mark.parametrize("page", ["pages/1_Neighbors.py", "pages/2_Map.py"])
def test_asked_for_a_word_its_neighborhood_is_drawn(page: str) -> None:
    place = Workspace()
    local = local_layout(place.open("un-debates"), "neutrality", store=place.derived("un-debates"))
    text = html_of(visit(page, item="Neutrality"))
    assert re.search(r"60 words: those nearest to neutrality in any of the spaces, \d+ points", text)
    if page.endswith("2_Map.py"):  # on Neighbors the words of the headline are drawn besides
        shares = f"keeps {local.kept_share:.0%} of each one&#x27;s 10 nearest among them (random places: "
        assert f"{shares}{local.chance_share:.0%}; the whole map: " in text
        assert "points selected" not in text


def test_a_neighborhood_needs_no_map_that_was_drawn_before() -> None:
    for name, item in (("tiny", "a"), ("disjoint", "a"), ("scripts-test", HOSTILE[0])):
        text = html_of(visit("pages/2_Map.py", collection=name, item=item))
        assert "those nearest to" in text
        assert "yet to be drawn" not in text
        assert "<img" not in text
        assert "yet to be drawn" in html_of(visit("pages/2_Map.py", collection=name, item=item, extent="whole"))
    assert "Left out, as they hold none of the words: right" in html_of(
        visit("pages/2_Map.py", collection="disjoint", item="a")
    )
    at = visit("pages/2_Map.py", collection="tiny", item="a", extent="half")
    assert any("extent = half" in code.value for code in at.code)


def test_a_damaged_collection_does_not_hide_the_others(workspace: Workspace) -> None:
    (workspace.root / "collections" / "tiny" / "collection.json").write_text("{")
    text = html_of(visit("app.py"))
    assert "iso-error" in text
    assert "Five scripts" in text
    assert "iso-error" in html_of(visit("pages/1_Neighbors.py", collection="tiny"))
    assert "iso-error" not in html_of(visit("pages/1_Neighbors.py", item="energy")).split("</style>")[1]


def test_no_collection_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path / "empty"))
    monkeypatch.setattr("isogloss.workspace.store.SHIPPED", tmp_path / "none")
    monkeypatch.setattr("isogloss.workspace.store.Workspace.__init__.__defaults__", (None, tmp_path / "none", None))
    for page in PAGES:
        assert "no collection yet" in html_of(visit(page))


def test_other_spellings_are_offered_where_they_are_asked_for() -> None:
    at = visit("pages/1_Neighbors.py", item="program", spellings="true")
    (table,) = [frame.value for frame in at.dataframe if "letters apart" in frame.value]
    assert "programs" in table["word"].tolist()
    assert "in the recipe" in html_of(at)
    none = visit("pages/1_Neighbors.py", item="peace", spellings="true")
    assert "nothing else is written and used like it" in html_of(none)
