"""The Stories page: those at hand, the one that is open, the stage and the speaker's window."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.notebook.book import writes
from components.parts.markdown import plain
from components.parts.spoken import count, later, say
from components.shell import state
from components.shell.frame import em, lead, note, shown_errors
from components.shell.intake import pick_files
from components.shell.lenses import lenses, way
from components.shell.pickers import show_dropped
from components.shell.visit import workspace
from components.stories.editor import editor, image, pick_cases
from components.stories.frozen import frozen
from components.stories.kept import free_name, is_own, open_story, save_story, stories
from isogloss.cli.asked import asking
from isogloss.notebook.replay import make_case
from isogloss.notebook.view import View
from isogloss.stories.shelf import read_story
from isogloss.stories.story import LONGEST_TITLE, Story, beat_of
from isogloss.workspace.access import read_only, visitors

_NEW = later("a new story")
_ABREAST = 3


def stories_page() -> None:
    """What the address asks for: a story, a view to be added to one, or all of them."""
    show_dropped()
    if said := _where_kept():
        note(said)
    if asked := state.read("add"):
        _add(asked)
        return
    if name := state.read("story"):
        with shown_errors():
            editor(name, open_story(name))
        way(lenses()["Stories"].page, say("All stories"), icon=":material/arrow_back:")
        return
    _all()


def _where_kept() -> str:
    """As of cases; empty for one's own workspace."""
    if not writes():
        return say(
            "Nothing can be written here: stories and cases stay while this page is open. Download them before you"
            " leave."
        )
    return say("Stories and cases are yours alone and go when you leave: download them before.") if visitors() else ""


def _all() -> None:
    found = stories()
    lead(
        count(
            "{n} story to tell: findings in order, each with its evidence.",
            "{n} stories to tell: findings in order, each with its evidence.",
            len(found),
        )
    )
    names = list(found)
    for row in range(0, len(names), _ABREAST):
        for column, name in zip(st.columns(_ABREAST), names[row : row + _ABREAST], strict=False):
            with column, st.container(key=f"finding-story-{name}"):
                story = found[name].showable()
                if story.beats:
                    image(story.beats[0], story.title)
                st.html(f'<p class="iso-found">{em(story.title or name)}</p>')
                told = escape(story.subtitle[:200])
                note(
                    count("{n} beat. {subtitle}", "{n} beats. {subtitle}", len(story), subtitle=told)
                    if is_own(name)
                    else count(
                        "{n} beat, shipped. {subtitle}", "{n} beats, shipped. {subtitle}", len(story), subtitle=told
                    )
                )
                way(
                    lenses()["Stories"].page,
                    say("Open {story}", story=plain(story.title or name)),
                    told={"story": name},
                )
    st.divider()
    _make()
    _bring()


def _make() -> None:
    with st.expander(say("Make a story from kept cases")), shown_errors():
        title = st.text_input(say("Title"), key="story-title", max_chars=LONGEST_TITLE).strip()
        chosen = pick_cases(say("Cases, in the order in which they are told"), "story-cases")
        if st.button(say("Make it"), key="story-make", disabled=not title):
            story = Story(title)
            for beat in chosen:
                story = story.with_beat(beat)
            _saved(title, story)


def _bring() -> None:
    if read_only():
        note(say("This server is read-only: no story can be brought to it."))
        return
    with st.expander(say("Bring a story that was exported")), shown_errors():
        for file in pick_files(say("JSON"), "bring-story", ["json"]):
            if state.newly(f"story-{file.path.name}", str(file.path)) is not None:
                story = read_story(file.path)
                _saved(story.title or file.name, story)


def _saved(title: str, story: Story) -> None:
    name = free_name(title)
    save_story(name, story)
    st.query_params.from_dict({"story": name})
    st.rerun()


def _add(asked: str) -> None:
    """A view that becomes a beat. asked: its link."""
    with shown_errors():
        view = View.of_link(asked)
        lead(say("Add {view} to a story.", view=em(view.get("item") or view.page)))
        own = [_NEW, *(name for name in stories() if is_own(name))]
        titles = {name: plain(one.title or name) for name, one in stories().items()}
        chosen = st.selectbox(say("Story"), own, format_func=lambda name: titles.get(name, name), key="add-to")
        title = st.text_input(say("Title of the beat"), key="add-title", max_chars=LONGEST_TITLE)
        sentence = st.text_area(say("Sentence"), key="add-sentence", max_chars=2_000, height=80)
        if st.button(say("Add it"), key="add-it", type="primary"):
            with st.spinner(say("its figures are computed …")):
                case = make_case(view, asking(workspace()), workspace())
            made = beat_of(case, sentence=sentence, picture=frozen(case))
            beat = made if not title.strip() else type(made).of_json(made.as_json() | {"title": title.strip()})
            if chosen == _NEW:
                _saved(title.strip() or case.title, Story(title.strip() or case.title).with_beat(beat))
            save_story(chosen, open_story(chosen).with_beat(beat))
            st.query_params.from_dict({"story": chosen})
            st.rerun()
