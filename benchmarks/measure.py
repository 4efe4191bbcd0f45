"""What every benchmark shares: taking turns, the spread, one printed line an entry."""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HEADER = "median (min · quartiles · max) of n repeats; ratio: ours / peer, of the medians"


@dataclass(frozen=True)
class Clocked:
    """Wall and CPU seconds (all threads of this process) of one call, and what it returned."""

    wall: float
    cpu: float
    result: Any


def clock(call: Callable[[], Any]) -> Clocked:
    wall, cpu = time.perf_counter(), time.process_time()
    result = call()
    return Clocked(time.perf_counter() - wall, time.process_time() - cpu, result)


def peak_mb() -> float:
    """The most memory that this process had resident. Linux's ru_maxrss counts what the parent had when it forked."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1024  # type: ignore[index]
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1024)


def take_turns(repeats: int, **calls: Callable[[], Any]) -> dict[str, list[Any]]:
    """Call each in turn, `repeats` rounds; the order turns about with every round, so that no one is always first."""
    results: dict[str, list[Any]] = {name: [] for name in calls}
    names = list(calls)
    for number in range(repeats):
        for name in names if number % 2 == 0 else reversed(names):
            results[name].append(calls[name]())
    return results


@dataclass(frozen=True)
class Spread:
    """Median, extremes and quartiles of the repeats.

    >>> str(Spread.of([3.0, 1.0, 2.0]))
    '2.00 (1.00 · 1.50–2.50 · 3.00) n=3'
    """

    median: float
    least: float
    lower: float
    upper: float
    most: float
    n: int

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        low, middle, high = (
            statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
        )
        return cls(middle, min(values), low, high, max(values), len(values))

    def __str__(self) -> str:
        m, least, lower, upper, most = map(_figure, (self.median, self.least, self.lower, self.upper, self.most))
        return f"{m} ({least} · {lower}–{upper} · {most}) n={self.n}"


def _figure(value: float) -> str:
    size = abs(value)
    return (
        f"{value:,.0f}"
        if size >= 100
        else f"{value:.1f}"
        if size >= 10
        else f"{value:.2f}"
        if size >= 1
        else f"{value:.4f}"
    )


@dataclass(frozen=True)
class Entry:
    """One line: ours against its peer.

    aim: in words, beside `met`, whether the medians of this run reach it (None: no aim was set).
    note: what else was seen.
    """

    benchmark: str
    what: str
    unit: str
    ours: list[float]
    peer: list[float]
    peer_name: str
    aim: str = ""
    met: bool | None = None
    note: str = ""
    ratio: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ratio", Spread.of(self.ours).median / Spread.of(self.peer).median)

    def __str__(self) -> str:
        aim = f" | aim {self.aim}: {'met' if self.met else 'MISSED'}" if self.aim else ""
        note = f" | {self.note}" if self.note else ""
        return (
            f"{self.benchmark}: {self.what}, {self.unit} | ours {Spread.of(self.ours)} | "
            f"{self.peer_name} {Spread.of(self.peer)} | ratio {self.ratio:.2f}{aim}{note}"
        )

    def as_json(self) -> dict[str, Any]:
        return vars(self) | {"ours_spread": vars(Spread.of(self.ours)), "peer_spread": vars(Spread.of(self.peer))}
