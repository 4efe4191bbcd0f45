"""Where tasks are done: in processes of this machine, or on a Ray cluster."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from isogloss.errors import InvalidValue
from isogloss.tasks.here import Here
from isogloss.tasks.task import HERE, Take, Task

_RAY = re.compile(r"auto|(?:ray://)?[A-Za-z0-9.\-\[\]:]+:\d{1,5}")


class Place(Protocol):
    """Does tasks, as `Here.run` says."""

    def run(self, tasks: Sequence[Task], *, report: Callable[[float], None], take: Take) -> None: ...


def place_of(on: str, *, workers: int = 2) -> Place:
    """The place of an address: `here`, `auto` (the Ray cluster that this machine belongs to, else one begun here) or
    `ray://HOST:PORT`. Raises InvalidValue for any other, MissingPackage where ray is not installed.

    >>> place_of("here", workers=3)
    Here(workers=3)
    >>> place_of("the moon")
    Traceback (most recent call last):
    isogloss.errors.InvalidValue: work cannot be done on 'the moon': choose here, auto or ray://HOST:PORT
    """
    if on == HERE:
        return Here(workers)
    if not _RAY.fullmatch(on):
        raise InvalidValue(f"work cannot be done on {on[:60]!r}", "choose here, auto or ray://HOST:PORT")
    from isogloss.tasks.ray_cluster import RayCluster

    return RayCluster(on)
