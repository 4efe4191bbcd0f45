"""The stage of a story: its frozen pictures at once, the live views behind them; and the speaker's window.

The live views are the pages themselves, in frames of the same server: the next one is loaded while this one is on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from components.parts.spoken import say
from components.shell import state
from components.shell.cached import collection_versions
from components.shell.frame import is_dark, lead, shown_errors
from components.shell.lenses import lenses, way
from components.shell.visit import workspace
from components.stories.kept import open_story
from isogloss.cli.asked import asking
from isogloss.stories.check import check_beat
from isogloss.stories.story import Beat, Story

_FOLDER = Path(__file__).parent
_stage = st.components.v2.component(
    "isogloss.story_stage",
    html='<div class="stage" tabindex="-1"></div>',
    css=(_FOLDER / "stage.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "stage.js").read_text(encoding="utf-8"),
)
_checks = st.components.v2.component(
    "isogloss.story_checks",
    html="<span></span>",
    js="export default ({ data }) => { window.dispatchEvent(new CustomEvent('isogloss-checked', { detail: data })); }",
)
_speaker = st.components.v2.component(
    "isogloss.story_speaker",
    html='<div class="speaker"></div>',
    css=(_FOLDER / "speaker.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "speaker.js").read_text(encoding="utf-8"),
)
_SLOW = ("align",)  # commands that take too long to be run while somebody speaks


def on_stage() -> str:
    """The story that the address puts on the stage; empty for none."""
    return state.read("story") if state.read("present") == "true" else ""


def speaking() -> str:
    """The story whose speaker's window this is; empty for none."""
    return state.read("speaker")


def stage(name: str) -> None:
    """The whole screen. What no longer holds is looked for after it stands, and never waited for."""
    story = _opened(name)
    if story is None:
        return
    data = {
        "name": name,
        "at": _at(story),
        "dark": is_dark(),
        "beats": [_told(beat) for beat in story.beats],
    }
    with st.container(key="story-stage"):
        result = _stage(data=data, key=f"stage-{name}", on_end_change=lambda: None)
    if isinstance(result.end, int | float):
        beat = min(max(int(result.end), 0), len(story) - 1)
        st.query_params.from_dict({"story": name, "beat": str(beat + 1)})
        st.rerun()
    with st.container(key="hidden-checks"):
        _checks(data=_no_longer(story), key="story-checks")


def speaker(name: str) -> None:
    """Notes of this beat, the next one, and the clock, in step with the stage of the same browser."""
    story = _opened(name)
    if story is not None:
        beats = [_told(beat) | {"notes": beat.notes} for beat in story.beats]
        _speaker(data={"name": name, "dark": is_dark(), "beats": beats}, key=f"speaker-{name}")


def _opened(name: str) -> Story | None:
    with shown_errors():
        story = open_story(name)
        if story.beats:
            return story
        lead(say("The story has no beat to show yet."))
    way(lenses()["Stories"].page, say("All stories"), icon=":material/arrow_back:")
    return None


def _at(story: Story) -> int:
    """The beat of the address, from 0; the nearest where there is no such."""
    told = state.read("beat", "1")
    number = int(told) if told.isascii() and told.isdigit() and len(told) < 5 else 1
    return min(max(number, 1), len(story)) - 1


def _told(beat: Beat) -> dict[str, Any]:
    live = beat.view.link if beat.view.page in lenses() else ""
    return {"title": beat.title, "sentence": beat.sentence, "picture": beat.picture_source, "live": live}


def _no_longer(story: Story) -> dict[str, str]:
    """Number of a beat, from 0 → what to say of its figures, of those that do not hold."""
    said, versions = {}, collection_versions()
    for at, beat in enumerate(story.beats):
        if beat.command and beat.command[0] in _SLOW:
            continue
        if why := _checked(repr(beat.as_json()), versions, beat):
            said[str(at)] = why
    return said


@st.cache_data(show_spinner=False, max_entries=256)
def _checked(text: str, versions: tuple[tuple[str, str, int], ...], _beat: Beat) -> str:
    here = workspace()
    found = check_beat(_beat, asking(here), workspace=here)
    words = {"changed": say("Its figures have changed"), "missing": say("Its figures cannot be computed here")}
    return f"{words[found.verdict]}: {found.why}"[:300] if found.verdict in words else ""
