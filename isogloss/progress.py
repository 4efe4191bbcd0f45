"""How a long computation tells where it stands."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Protocol


class Progress(Protocol):
    """Called as a computation goes on; raise Cancelled from it to stop. `print` is one.

    what: the step, in words. share: how much is done, 0 to 1, NaN where nobody knows. number: what belongs to the
    step, where there is such a thing: what the training makes less or more, or how much was done until now.
    """

    def __call__(self, what: str, share: float, number: float | None = None, /) -> None: ...


def silent(what: str, share: float, number: float | None = None, /) -> None:
    """Tells nothing."""


def part_of(progress: Progress, first: float, last: float, *, prefix: str = "") -> Progress:
    """The progress of a part that runs from the share `first` to `last` of the whole.

    >>> part_of(print, 0.5, 1.0, prefix="run 2 of 2, ")("reading", 0.5)
    run 2 of 2, reading 0.75
    """

    def report(what: str, share: float, number: float | None = None, /) -> None:
        told = (prefix + what, first + share * (last - first))
        progress(*told) if number is None else progress(*told, number)

    return report


def with_speed(progress: Progress, what: str, n: int, *, unit: str = "tokens") -> Progress:
    """Progress that names the units done in a second: `training the slices, 210,000 tokens/s`.

    what: said in place of the step's own words. n: units of the whole. Shares that were there at the first call (from
    an earlier run) are not counted as speed.
    """
    first: list[tuple[float, float]] = []

    def report(_: str, share: float, number: float | None = None, /) -> None:
        now = time.monotonic()
        if not first:
            first.append((now, share))
        seconds, done = now - first[0][0], share - first[0][1]
        speed = f", {done * n / seconds:,.0f} {unit}/s" if seconds > 1 and done > 0 else ""
        progress(f"{what}{speed}", share)

    return report


class Stages:
    """Stages that follow each other, told as one share of the whole, which never falls.

    work: name of each stage → how much work it is expected to be, in any one unit, in their order.

    >>> stages = Stages(print, {"reading": 1, "training": 3})
    >>> stages.part("reading")("tokenising", 0.5)
    tokenising 0.125
    >>> stages.part("training")("training", 0.0)
    training 0.25
    """

    def __init__(self, progress: Progress, work: Mapping[str, float]) -> None:
        self._progress, self._work = progress, dict(work)
        self._told = 0.0

    def settle(self, work: Mapping[str, float]) -> None:
        """Take another list of stages, once more is known of what is still to come."""
        self._work = dict(work)

    def part(self, name: str) -> Progress:
        """The progress of one stage, from 0 to 1 of its own."""
        names, total = list(self._work), sum(self._work.values())
        before = sum(self._work[one] for one in names[: names.index(name)])
        return part_of(self._onwards, before / total, (before + self._work[name]) / total)

    def _onwards(self, what: str, share: float, number: float | None = None, /) -> None:
        self._told = max(self._told, share)
        told = (what, self._told)
        self._progress(*told) if number is None else self._progress(*told, number)


def told_seconds(seconds: float) -> str:
    """
    >>> told_seconds(7.4), told_seconds(71), told_seconds(7_320)
    ('7 s', '1 min 11 s', '2 h 2 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"
