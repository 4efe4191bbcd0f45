"""A story that is open: told in order, changed where it is one's own, started, taken away."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from html import escape

import streamlit as st

from components.notebook.book import book
from components.parts.markdown import plain
from components.parts.spoken import count, say
from components.parts.tables import file_name
from components.shell.frame import em, lead, note, shown_errors
from components.shell.lenses import lenses, link, way
from components.shell.visit import workspace
from components.stories.frozen import frozen
from components.stories.kept import delete_story, free_name, is_own, save_story
from isogloss.cli.asked import asking
from isogloss.errors import IsoglossError
from isogloss.stories.story import (
    LONGEST_NOTES,
    LONGEST_SENTENCE,
    LONGEST_TITLE,
    Beat,
    Story,
    beat_of,
)
from isogloss.stories.talk import talk

_MOST_CASES = 200


def editor(name: str, story: Story) -> None:
    """The page of one story."""
    own = is_own(name)
    named = em(story.title or say("untitled"))
    lead(count("{story}: {n} beat.", "{story}: {n} beats.", len(story), story=named))
    if story.subtitle:
        note(escape(story.subtitle))
    _ways(name, story, own)
    if own:
        _heading(name, story)
    for at in range(len(story)):
        _beat(name, story, at, own=own)
    if own:
        _more(name, story)


def _ways(name: str, story: Story, own: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="story-ways"):
        if story.beats:
            way(
                lenses()["Stories"].page,
                say("Start"),
                icon=":material/play_arrow:",
                told={"story": name, "present": "true"},
            )
            st.link_button(say("Speaker window"), f"?speaker={name}", icon=":material/co_present:", type="tertiary")
        text = file_name("story", name, ending="json")
        st.download_button(
            say("The story (JSON)"), story.text, text, "application/json", key="story-json", on_click="ignore"
        )
        if story.beats:
            st.download_button(
                say("The talk in one file"),
                lambda: _talk(story),
                file_name("talk", name, ending="html"),
                "text/html",
                key="story-talk",
                on_click="ignore",
            )
        if not own and st.button(say("Make a copy to change"), key="story-copy", icon=":material/content_copy:"):
            with shown_errors():
                new = free_name(f"{name}-own")
                save_story(new, story)
                _open(new)
        if own and st.button(say("Delete the story"), key="story-delete", icon=":material/delete:"):
            with shown_errors():
                delete_story(name)
                _open("")


def _talk(story: Story) -> bytes:
    here = workspace()
    return talk(story, here, run=asking(here)).html.encode("utf-8", "replace")


def _open(name: str) -> None:
    st.query_params.from_dict({"story": name} if name else {})
    st.rerun()


def _heading(name: str, story: Story) -> None:
    with st.form("story-heading", border=False), shown_errors():
        left, right = st.columns([2, 3])
        title = left.text_input(say("Title"), story.title, max_chars=LONGEST_TITLE, key=f"title-{name}")
        subtitle = right.text_input(
            say("Line under it"), story.subtitle, max_chars=LONGEST_TITLE, key=f"subtitle-{name}"
        )
        if st.form_submit_button(say("Save the heading")):
            save_story(name, replace(story, title=title, subtitle=subtitle))
            st.rerun()


def _beat(name: str, story: Story, at: int, *, own: bool) -> None:
    beat = story.beats[at]
    st.divider()
    picture, told = st.columns([2, 3])
    with picture:
        image(beat, beat.title or say("Beat {n}", n=at + 1))
        with st.container(horizontal=True, key=f"beat-ways-{at}"):
            if beat.view.page in lenses():
                link(beat.view.page, say("Its view"), **{key: values[-1] for key, values in beat.view.parameters})
            if own:
                _order(name, story, at)
    with told:
        if not own:
            st.html(f"<h3><bdi>{at + 1}. {escape(beat.title)}</bdi></h3><p><bdi>{escape(beat.sentence)}</bdi></p>")
            if beat.notes:
                note(f"<bdi>{escape(beat.notes)}</bdi>")
            return
        mark = f"{name}-{len(story)}-{at}-{_digest(beat)}"  # another beat in its place has fields of its own
        with st.form(f"beat-{at}", border=False), shown_errors():
            title = st.text_input(
                say("Title of beat {n}", n=at + 1), beat.title, max_chars=LONGEST_TITLE, key=f"t-{mark}"
            )
            sentence = st.text_area(
                say("Sentence"), beat.sentence, max_chars=LONGEST_SENTENCE, key=f"s-{mark}", height=80
            )
            notes = st.text_area(
                say("Notes of the speaker"), beat.notes, max_chars=LONGEST_NOTES, key=f"n-{mark}", height=80
            )
            if st.form_submit_button(say("Save beat {n}", n=at + 1)):
                save_story(name, story.with_other(at, replace(beat, title=title, sentence=sentence, notes=notes)))
                st.rerun()


def _digest(beat: Beat) -> str:
    return hashlib.sha256(repr((beat.view, beat.title, beat.sentence, beat.notes)).encode()).hexdigest()[:12]


def _order(name: str, story: Story, at: int) -> None:
    changed = None
    if st.button(say("Up"), key=f"up-{at}", disabled=at == 0, help=say("Beat {n} one earlier", n=at + 1)):
        changed = story.moved(at, at - 1)
    if st.button(
        say("Down"), key=f"down-{at}", disabled=at == len(story) - 1, help=say("Beat {n} one later", n=at + 1)
    ):
        changed = story.moved(at, at + 1)
    if st.button(say("Delete"), key=f"drop-{at}", help=say("Beat {n}", n=at + 1)):
        changed = story.without(at)
    if changed is not None:
        with shown_errors():
            save_story(name, changed)
            st.rerun()


def _more(name: str, story: Story) -> None:
    st.divider()
    chosen = pick_cases(say("Add beats from kept cases"), f"more-{name}-{len(story)}")
    if chosen and st.button(say("Add {n}", n=len(chosen)), key="add-beats"):
        with shown_errors():
            for beat in chosen:
                story = story.with_beat(beat)
            save_story(name, story)
            st.rerun()
    note(say("Or under the picture of any page: <b>Add to a story</b>."))


def pick_cases(label: str, key: str) -> list[Beat]:
    """Beats of the cases that are chosen, in the order in which they were; empty where there is no case."""
    try:
        cases = {case.id: case.showable() for case in book().cases(limit=_MOST_CASES)}
    except IsoglossError:
        return []
    if not cases:
        note(say("No case is kept yet: a case becomes a beat with its figures."))
        return []
    titles = {id: plain(f"{case.title or 'untitled'} · {case.created[:16]}") for id, case in cases.items()}
    chosen = st.multiselect(
        label, list(cases), format_func=lambda id: titles.get(id, id), key=key, placeholder=say("Choose options")
    )
    return [beat_of(cases[id], picture=frozen(cases[id])) for id in chosen if id in cases]


def image(beat: Beat, told: str) -> None:
    """The frozen picture; within an `<img>` no script of it runs."""
    if beat.picture_source:
        st.html(f'<img src="{beat.picture_source}" alt="{escape(told)}" class="iso-frozen">')
    else:
        note(say("No frozen picture: the live view stands alone."))
