"""The stories of this page: shipped ones, and one's own, in the visit alone where nothing can be written."""

from __future__ import annotations

import streamlit as st

from components.notebook.book import writes
from components.parts.spoken import say
from components.shell.visit import workspace
from isogloss.errors import InvalidValue
from isogloss.stories.shelf import StoryShelf, proposed_story_name
from isogloss.stories.story import Story


def stories() -> dict[str, Story]:
    """Name → story, of all that can be read; the shipped ones first."""
    return dict(StoryShelf(workspace())) | _visit()


def open_story(name: str) -> Story:
    """Raises NotFound with the nearest names, InvalidValue, StoreError."""
    return (_visit().get(name) or StoryShelf(workspace()).open(name)).showable()


def is_own(name: str) -> bool:
    return name in _visit() or (writes() and StoryShelf(workspace()).is_own(name))


def save_story(name: str, story: Story) -> None:
    """Raises InvalidValue for the name of a shipped one, StoreError."""
    shelf = StoryShelf(workspace())
    if writes():
        shelf.save(name, story)
    elif name in shelf.names:
        raise InvalidValue(say("{name!r} is a shipped story", name=name), say("choose another name"))
    else:
        _visit()[name] = story


def delete_story(name: str) -> None:
    if _visit().pop(name, None) is None:
        StoryShelf(workspace()).delete(name)


def free_name(title: str) -> str:
    """A name made of a title that no story has yet."""
    stem, known = proposed_story_name(title)[:58], {*StoryShelf(workspace()).names, *_visit()}
    number = 1
    while (name := stem if number == 1 else f"{stem}-{number}") in known:
        number += 1
    return name


def _visit() -> dict[str, Story]:
    found: dict[str, Story] = st.session_state.setdefault("_stories", {})
    return found
