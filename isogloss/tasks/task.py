"""A piece of work that needs nothing but what it is given, so that any machine can do it, to the same bits."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from isogloss.errors import InvalidValue
from isogloss.progress import Progress, silent
from isogloss.types import Arrays

HERE = "here"  # the place that is this machine
RETRIES = 3  # how often a task whose process died is begun again
log = logging.getLogger("isogloss.tasks")
Take = Callable[[int, Arrays], None]  # the number of a task and what it made
Work = Callable[[Arrays, Mapping[str, Any], Progress], Arrays]
_NAME = re.compile(r"isogloss(?:\.[a-z_]+)+:[a-z_]+")


@dataclass(frozen=True, eq=False)
class Task:
    """One piece of work. work: `module:function` of this package, called with the arrays, the settings and a progress;
    it returns arrays. settings: what JSON can write. Given the same, it returns the same, wherever it runs.

    Raises InvalidValue for work that is not of this package.
    """

    work: str
    arrays: Arrays
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.work):
            raise InvalidValue(f"no work is called {self.work[:60]!r}", "name a function of isogloss, module:function")


def perform(task: Task, progress: Progress = silent) -> Arrays:
    """Do a task in this process. Raises what its work raises.

    >>> import numpy as np
    >>> task = Task("isogloss.tasks.task:doubled", {"values": np.array([1, 2])}, {"times": 3})
    >>> perform(task)["values"].tolist()
    [6, 12]
    """
    module, name = task.work.split(":")
    work: Work = getattr(import_module(module), name)
    return work(task.arrays, task.settings, progress)


def doubled(arrays: Arrays, settings: Mapping[str, Any], progress: Progress) -> Arrays:
    """The values twice as large, and `times` as large again, after so many `seconds`: work to try a place with."""
    time.sleep(float(settings.get("seconds", 0)))
    progress("doubling", 1.0)
    return {"values": arrays["values"] * 2 * int(settings.get("times", 1))}


def begun_again(task: int, n: int, why: str, attempt: int) -> None:
    """Say in the log that a task's process died and that the task is begun again."""
    log.warning("task %d of %d ended (%s): begun again (%d of %d)", task + 1, n, why, attempt, RETRIES)
