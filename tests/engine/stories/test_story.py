"""Stories survive every file, whatever was written in them; what is no story is one error; where they lie."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import InvalidValue, IsoglossError, NotFound
from isogloss.notebook.case import Case
from isogloss.notebook.figures import KeptFigure
from isogloss.notebook.view import View
from isogloss.stories.shelf import StoryShelf, proposed_story_name
from isogloss.stories.story import MOST_BEATS, Beat, Story, beat_of
from isogloss.workspace.store import Workspace

NASTY = (
    "=1+1",
    "<script>alert(1)</script>",
    "привет\n世界",
    "🏳️‍🌈\u202e",
    "\ud800",
    "a|b`*_[x](y)",
    "\x00\r\n",
    "</script>",
)
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=()), max_size=20))
figures = st.builds(
    KeptFigure, name=texts, value=st.one_of(st.none(), texts, st.integers(-9, 9), st.floats(-1, 1)), pointer=texts
)
beats = st.builds(
    Beat,
    st.builds(View.of, st.sampled_from(["Drift", "Map", ""]), st.dictionaries(texts, texts, max_size=3)),
    title=texts,
    sentence=texts,
    notes=texts,
    command=st.lists(texts, max_size=3).map(tuple),
    figures=st.lists(figures, max_size=2).map(tuple),
    neighbors=st.dictionaries(texts, st.lists(texts, max_size=3).map(tuple), max_size=2),
    fingerprints=st.dictionaries(texts, texts, max_size=2),
    picture=st.none() | texts.map("<svg>{}</svg>".format),
    case=st.none() | st.just("0" * 32),
)
stories = st.builds(
    Story,
    texts,
    st.lists(beats, max_size=3).map(tuple),
    subtitle=texts,
    collections=st.lists(texts, max_size=2).map(tuple),
)
ONE = Beat(View.of("Drift", {"collection": "c", "item": "w"}), title="t", picture="<svg></svg>")


@given(stories)
def test_a_story_comes_back_from_its_file(story: Story):
    assert Story.of_text(story.text()) == story
    shown = story.showable()
    shown.text().encode()
    json.dumps(shown.as_json(), ensure_ascii=False).encode()  # raises where a page could not show it
    assert Story.of_text(shown.text()) == shown


def told(**beat: object) -> str:
    return json.dumps(Story("s").as_json() | {"beats": [ONE.as_json() | beat]})


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "null", "{}", '{"format": 1}', "[" * 99 + "]" * 99, '{"beats": [], "format": 1, "title": 3}'),
        *('{"format": 1, "beats": {}}', '{"format": 1, "beats": [3]}', '{"format": true, "beats": []}'),
        *('{"format": 1, "beats": [], "more": 1}', '{"format": 0, "beats": []}', '{"format": "x", "beats": []}'),
        json.dumps(Story("s").as_json() | {"beats": [ONE.as_json()] * (MOST_BEATS + 1)}),
        *(told(picture="<img src=x onerror=alert(1)>"), told(picture=3), told(title=["x"]), told(case="../x")),
        *(told(view=3), told(view={"page": "a/b", "parameters": {}}), told(figures=[{"name": 1}]), told(sauce=1)),
        *(told(title="x" * 500), told(notes="x" * 30_000), told(command=[1]), told(neighbors=[1])),
        told(figures=[{"name": "a", "value": [1], "pointer": ""}]),
    ],
)
def test_what_is_no_story_is_one_error(text: str):
    with pytest.raises(IsoglossError) as error:
        Story.of_text(text)
    assert error.value.fact
    assert error.value.lever


def test_a_later_format_is_said_and_not_guessed_at():
    with pytest.raises(InvalidValue, match="format '2', this Isogloss reads format 1: update Isogloss"):
        Story.of_text('{"format": 2, "beats": [], "chapters": []}')


def test_an_error_names_the_beat():
    with pytest.raises(InvalidValue, match="beat 2: "):
        Story.of_json(Story("s").as_json() | {"beats": [ONE.as_json(), {"view": 3}]})


def test_beats_are_put_in_order_taken_out_and_replaced():
    a, b, c = (replace(ONE, title=one) for one in "abc")
    story = Story("s").with_beat(b).with_beat(c).with_beat(a, 0)
    assert [one.title for one in story.beats] == ["a", "b", "c"]
    assert story.collections == ("c",)
    assert [one.title for one in story.moved(2, 0).beats] == ["c", "a", "b"]
    assert [one.title for one in story.without(1).beats] == ["a", "c"]
    assert [one.title for one in story.with_other(1, a).beats] == ["a", "a", "c"]
    for wrong in (lambda: story.moved(0, 3), lambda: story.without(-1), lambda: story.with_beat(a, 9)):
        with pytest.raises(InvalidValue):
            wrong()


def test_a_beat_of_a_case_is_checked_as_the_case_is():
    case = Case(ONE.view, title="t", comment="say this", command=("drift", "c", "--json"), neighbors={"s": ("a",)})
    beat = beat_of(case, sentence="It moved.")
    assert (beat.case, beat.notes, beat.command, beat.neighbors) == (case.id, "say this", case.command, case.neighbors)
    assert beat.as_case().id == case.id


def test_own_stories_lie_in_the_workspace_and_shipped_ones_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shelf = StoryShelf(Workspace(tmp_path))
    assert {"un-drift", "scripts-together", "novels-aligned"} <= set(shelf.names)
    story = Story("Mine", (ONE,))
    shelf.save("mine", story)
    assert shelf.open("mine") == story
    assert shelf.is_own("mine")
    assert not shelf.is_own("un-drift")
    (tmp_path / "stories" / "broken.json").write_text("{")
    (tmp_path / "stories" / ".writing-x.json").write_text("{")
    assert [name for name, _ in shelf][-1] == "mine"
    assert ".writing-x" not in shelf.names
    for name in ("un-drift", "../x", "", "A", "x" * 65):
        with pytest.raises(InvalidValue):
            shelf.save(name, story)
    with pytest.raises(NotFound, match="nearest are mine"):
        shelf.open("mime")
    with pytest.raises(InvalidValue, match="shipped"):
        shelf.delete("un-drift")
    monkeypatch.setenv("ISOGLOSS_READONLY", "1")
    for write in (lambda: shelf.save("two", story), lambda: shelf.delete("mine")):
        with pytest.raises(InvalidValue, match="read-only"):
            write()
    monkeypatch.delenv("ISOGLOSS_READONLY")
    shelf.delete("mine")
    assert "mine" not in shelf.names
    assert proposed_story_name("Ünïcode / Títle") == "n-code-t-tle"
