"""The talk in one file: a story that plays offline by the keys of the stage, with its maps answering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from isogloss.notebook.replay import Run, shown
from isogloss.progress import Progress, silent
from isogloss.stories.answering import Maps
from isogloss.stories.check import check_beat
from isogloss.stories.page import page
from isogloss.stories.story import Beat, Story
from isogloss.workspace.store import Workspace


@dataclass(frozen=True)
class Talk:
    """html: the file. maps: how many maps answer in it. left_out: maps that could not be drawn → why. stale: numbers
    of the beats whose figures no longer held, which say so.
    """

    html: str
    maps: int
    left_out: dict[str, str]
    stale: tuple[int, ...]


def talk(story: Story, workspace: Workspace, *, run: Run | None = None, progress: Progress = silent) -> Talk:
    """A story as one HTML file. run: runs commands, to say of each beat whether its figures hold (default: not asked).

    A map that cannot be drawn, because its collection is not here, is left out; the frozen picture stays.
    """
    maps, beats, stale = Maps(), [], []
    story = story.showable()
    for number, beat in enumerate(story.beats, 1):
        progress(f"beat {number} of {len(story)}", (number - 1) / max(len(story), 1))
        why = ""
        if run is not None:
            verdict = check_beat(beat, run, workspace=workspace)
            if verdict.verdict != "holds":
                stale.append(number)
                why = verdict.why or verdict.verdict
        beats.append(_beat(beat, maps.of(beat.view, workspace), why))
    data = {
        "story": {"title": story.title, "subtitle": story.subtitle, "version": story.version},
        "beats": beats,
        "maps": maps.maps,
        "names": list(maps.names),
    }
    return Talk(page("talk", data, story.title), len(maps.maps), maps.left_out, tuple(stale))


def _beat(beat: Beat, at: int | None, why: str) -> dict[str, Any]:
    space = beat.view.get("to") or beat.view.get("space")
    return {
        "title": beat.title,
        "sentence": beat.sentence,
        "notes": beat.notes,
        "figures": [[one.name, told_figure(one)] for one in beat.figures],
        "command": beat.as_case().command_line,
        "picture": beat.picture_source,
        "map": at,
        "space": space,
        "opens": "map" if beat.view.page == "Map" and at is not None else "picture",
        "why": why,
    }


def told_figure(one: Any) -> str:
    """A kept figure with its interval and noise, in a line."""
    told = shown(one.value)
    if one.low is not None and one.high is not None:
        told += f" ({shown(one.low)} to {shown(one.high)})"
    if one.null_p95 is not None:
        told += f", noise {shown(one.null_p95)}"
    return told + (f", n = {one.n:,}" if one.n else "")
