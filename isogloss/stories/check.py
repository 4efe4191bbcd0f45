"""A story checked: whether the figures of its beats still hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from isogloss.notebook.replay import Run, Verdict, verify
from isogloss.progress import Progress, silent
from isogloss.stories.story import Beat, Story
from isogloss.workspace.store import Workspace


@dataclass(frozen=True)
class Checked:
    """beat: its number, from 1. verdict: *holds*, *changed* or *missing*, with the figures then and now, and why."""

    beat: int
    title: str
    verdict: Verdict

    @property
    def holds(self) -> bool:
        return self.verdict.verdict == "holds"

    def as_json(self) -> dict[str, Any]:
        told = self.verdict.as_json()
        return {"beat": self.beat, "title": self.title} | {key: one for key, one in told.items() if key != "id"}


def check_beat(beat: Beat, run: Run, *, workspace: Workspace | None = None) -> Verdict:
    """The figures of a beat, again. One without figures and neighbors says nothing that could change: it holds."""
    case = beat.as_case()
    if not beat.command and not beat.figures and not beat.neighbors:
        return Verdict(case.id, "holds", {}, {})
    return verify(case, run, workspace=workspace)


def check(
    story: Story, run: Run, *, workspace: Workspace | None = None, progress: Progress = silent
) -> Iterator[Checked]:
    """Each beat in order, its command run again; what one gives is kept for others of the same command."""
    outputs: dict[tuple[str, ...], Any] = {}

    def once(command: Any) -> Any:
        key = tuple(command)
        if key not in outputs:
            outputs[key] = run(command)
        return outputs[key]

    for number, beat in enumerate(story.beats, 1):
        progress(f"checking beat {number} of {len(story)}", (number - 1) / len(story))
        yield Checked(number, beat.title, check_beat(beat, once, workspace=workspace))
