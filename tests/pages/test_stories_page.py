"""The Stories page: stories told, changed, made of cases and of the view at hand; the stage, the speaker's window."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from isogloss.cli.asked import asking
from isogloss.notebook.ledger import FILE, Ledger
from isogloss.notebook.replay import make_case
from isogloss.notebook.view import View
from isogloss.stories.shelf import StoryShelf, write_story
from isogloss.stories.story import Beat, Story
from isogloss.workspace.store import Workspace
from tests.kit.pages import html_of, visit

STORIES = "pages/8_Stories.py"
NASTY = '<img src=x onerror=alert(1)> **b** ![x](http://e/x.png)\n=cmd() "> \ud800'
pytestmark = pytest.mark.usefixtures("principal_maps")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    st.cache_data.clear()
    yield Workspace(tmp_path)
    st.cache_data.clear()


def said(at: AppTest) -> str:
    return re.sub(r"<style>.*?</style>", "", html_of(at), flags=re.DOTALL)


def press(at: AppTest, label: str) -> AppTest:
    at = next(one for one in at.button if one.label.startswith(label)).click().run()
    assert not at.exception
    return at


def mounted(at: AppTest, beside: str) -> dict[str, object]:
    """The data of the component that has a key in them."""
    told = [json.loads(one.proto.json) for one in at.get("bidi_component") if one.proto.json]
    return next(one for one in told if beside in one)


def test_all_are_listed_and_a_shipped_one_is_copied_before_it_is_changed(place: Workspace) -> None:
    at = visit(STORIES)
    assert "4 stories to tell" in said(at)
    assert said(at).count("iso-frozen") == 4
    at = visit(STORIES, story="un-drift")
    assert not [one for one in at.button if one.label == "Up"]
    press(at, "Make a copy")
    name = "un-drift-own"
    before = StoryShelf(place).open(name)
    assert before == StoryShelf(place).open("un-drift")
    at = visit(STORIES, story=name)
    at = next(one for one in at.button if one.key == "down-0").click().run()
    assert StoryShelf(place).open(name) == before.moved(0, 1)
    next(one for one in at.text_input if one.label == "Title of beat 1").set_value("Anew")
    press(at, "Save beat 1")
    assert [beat.title for beat in StoryShelf(place).open(name).beats][:2] == ["Anew", before.beats[0].title]
    next(one for one in at.button if one.key == "drop-1").click().run()
    assert len(StoryShelf(place).open(name)) == len(before) - 1


def test_a_view_and_kept_cases_become_beats_with_their_figures_and_pictures(place: Workspace) -> None:
    at = visit("pages/3_Drift.py", item="climate")
    (way,) = [one.proto for one in at.get("page_link") if one.proto.label == "Add to a story"]
    assert "v%3D1" in way.query_string
    assert "item%3Dclimate" in way.query_string
    at = visit(STORIES, add="/Drift?v=1&item=climate")
    at.text_input(key="add-title").set_value("It moved")
    press(at, "Add it")
    (beat,) = StoryShelf(place).open("it-moved").beats
    assert (beat.title, beat.view.page) == ("It moved", "Drift")
    assert beat.figures
    assert "<svg" in (beat.picture or "")
    view = View.of("Neighbors", {"item": "peace"})
    case = Ledger(place.root / FILE).keep(make_case(view, asking(place), place))
    at = visit(STORIES, story="it-moved")
    at.multiselect(key="more-it-moved-1").set_value([case.id]).run()
    press(at, "Add 1")
    assert [one.view.page for one in StoryShelf(place).open("it-moved").beats] == ["Drift", "Neighbors"]
    at = visit(STORIES, add="/Nowhere?x=1")
    press(at, "Add it")
    assert "Nowhere" in said(at)


def test_the_stage_opens_cold_at_the_nearest_beat_and_says_what_no_longer_holds(place: Workspace) -> None:
    story = StoryShelf(place).open("un-drift")
    changed = story.beats[1].as_json()
    changed["figures"][0]["value"] = 0.123
    write_story(story.with_other(1, Beat.of_json(changed)), place.root / "stories" / "mine.json")
    at = visit(STORIES, story="mine", present="true", beat="99")
    data = mounted(at, "beats")
    assert data["at"] == len(story) - 1
    assert len(data["beats"]) == len(story)  # type: ignore[arg-type]
    told = mounted(at, "1")
    assert list(told) == ["1"]
    assert "Its figures have changed: distance: 0.123 → 0.66" in str(told["1"])
    for beat in ("-1", "<b>", "1e9"):
        assert mounted(visit(STORIES, story="un-drift", present="true", beat=beat), "beats")["at"] == 0
    data = mounted(visit(STORIES, speaker="un-drift"), "beats")
    assert data["beats"][0]["notes"] == story.beats[0].notes  # type: ignore[index]


def test_what_users_wrote_is_text_and_what_is_not_there_is_said(place: Workspace) -> None:
    beat = Beat(View.of("Drift", {"item": NASTY}), title=NASTY, sentence=NASTY, notes=NASTY)
    write_story(Story(NASTY, (beat, Beat(View("Nowhere")))), place.root / "stories" / "nasty.json")
    for address in ({}, {"story": "nasty"}, {"story": "nasty", "present": "true"}, {"speaker": "nasty"}):
        at = visit(STORIES, **address)
        assert "<img src=x" not in said(at)
        assert "![x](" not in "".join(one.proto.label for one in at.get("page_link"))
    for address in (
        {"story": "<img src=x>"},
        {"speaker": "../../etc"},
        {"story": "no", "present": "true"},
        {"add": "?"},
    ):
        at = visit(STORIES, **address)
        assert "iso-error" in said(at) or at.button
        assert "<img" not in said(at)
    (place.root / "stories" / "torn.json").write_text("{", encoding="utf-8")
    assert "5 stories" in said(visit(STORIES))
    assert "no JSON" in said(visit(STORIES, story="torn"))


def test_read_only_a_story_stays_in_the_visit(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    at = visit(STORIES, story="novels-aligned")
    press(at, "Make a copy")
    assert list(at.session_state["_stories"]) == ["novels-aligned-own"]
    assert not (place.root / "stories").exists()
    at = visit(STORIES)
    assert "no story can be brought" in said(at)
    assert "Nothing can be written here" in said(at)
