"""The Stories page: those at hand, the one that is open, the stage and the speaker's window."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.notebook.book import where_kept
from components.parts.markdown import plain
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
from isogloss.workspace.access import read_only

_NEW = "a new story"
_ABREAST = 3


def stories_page() -> None:
    """What the address asks for: a story, a view to be added to one, or all of them."""
    show_dropped()
    if said := where_kept():
        note(said.replace("cases", "stories and cases").replace("Cases", "Stories and cases"))
    if asked := state.read("add"):
        _add(asked)
        return
    if name := state.read("story"):
        with shown_errors():
            editor(name, open_story(name))
        way(lenses()["Stories"].page, "All stories", icon=":material/arrow_back:")
        return
    _all()


def _all() -> None:
    found = stories()
    lead(f"{len(found)} stor{'y' if len(found) == 1 else 'ies'} to tell: findings in order, each with its evidence.")
    names = list(found)
    for row in range(0, len(names), _ABREAST):
        for column, name in zip(st.columns(_ABREAST), names[row : row + _ABREAST], strict=False):
            with column, st.container(key=f"finding-story-{name}"):
                story = found[name].showable()
                if story.beats:
                    image(story.beats[0], story.title)
                st.html(f'<p class="iso-found">{em(story.title or name)}</p>')
                n = f"{len(story)} beat{'s' * (len(story) != 1)}{'' if is_own(name) else ', shipped'}"
                note(f"{escape(n)}. {escape(story.subtitle[:200])}")
                way(lenses()["Stories"].page, plain(f"Open {story.title or name}"), told={"story": name})
    st.divider()
    _make()
    _bring()


def _make() -> None:
    with st.expander("Make a story from kept cases"), shown_errors():
        title = st.text_input("Title", key="story-title", max_chars=LONGEST_TITLE).strip()
        chosen = pick_cases("Cases, in the order in which they are told", "story-cases")
        if st.button("Make it", key="story-make", disabled=not title):
            story = Story(title)
            for beat in chosen:
                story = story.with_beat(beat)
            _saved(title, story)


def _bring() -> None:
    if read_only():
        note("This server is read-only: no story can be brought to it.")
        return
    with st.expander("Bring a story that was exported"), shown_errors():
        for file in pick_files("JSON", "bring-story", ["json"]):
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
        lead(f"Add {em(view.get('item') or view.page)} to a story.")
        own = [_NEW, *(name for name in stories() if is_own(name))]
        titles = {name: plain(one.title or name) for name, one in stories().items()}
        chosen = st.selectbox("Story", own, format_func=lambda name: titles.get(name, name), key="add-to")
        title = st.text_input("Title of the beat", key="add-title", max_chars=LONGEST_TITLE)
        sentence = st.text_area("Sentence", key="add-sentence", max_chars=2_000, height=80)
        if st.button("Add it", key="add-it", type="primary"):
            with st.spinner("its figures are computed …"):
                case = make_case(view, asking(workspace()), workspace())
            made = beat_of(case, sentence=sentence, picture=frozen(case))
            beat = made if not title.strip() else type(made).of_json(made.as_json() | {"title": title.strip()})
            if chosen == _NEW:
                _saved(title.strip() or case.title, Story(title.strip() or case.title).with_beat(beat))
            save_story(chosen, open_story(chosen).with_beat(beat))
            st.query_params.from_dict({"story": chosen})
            st.rerun()
