"""Where and how trainings are run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from isogloss.progress import Progress, silent
from isogloss.tasks.task import HERE
from isogloss.workspace.derived import DerivedStore


@dataclass(frozen=True, eq=False, kw_only=True)
class Workshop:
    """progress: told where a training stands. workers: processes side by side; 1 trains in this one.

    on: where they are trained, as `place_of` reads it: `here`, or a Ray cluster.

    store: where each training is kept as soon as it is finished, and taken from when it was finished before.
    """

    progress: Progress = silent
    workers: int = 1
    on: str = HERE
    store: DerivedStore = field(default_factory=DerivedStore)

    def telling(self, progress: Progress) -> Workshop:
        """The same, but with another progress."""
        return replace(self, progress=progress)
