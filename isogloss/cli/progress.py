"""Progress on stderr, a line a second at most: how far, how fast, how long still."""

from __future__ import annotations

import math
import sys
import time

from isogloss.progress import told_seconds

_EVERY = 1.0
_AT_ONCE = 0.05  # seconds: what is done sooner than this was done before
_JUMP, _LESS = 0.01, 1e-6


class Counted:
    """Progress by number: `12% of wiki.vec: 24,000 of 200,000 items, 81,000 items/s, 2 s left`.

    total: how many there will be, None where nobody knows.
    """

    def __init__(self, what: str, total: int | None, unit: str = "items", work: str = "") -> None:
        self._what, self._total, self._unit, self._work = what, total, unit, work or unit
        self._start = self._last = time.monotonic()

    def __call__(self, what: str, share: float, number: float | None = None, /) -> None:
        """number: how many are done, or what the speed is told in (tokens of texts)."""
        now = time.monotonic()
        if now - self._last < _EVERY:
            return
        self._last = now
        known = self._total is not None and math.isfinite(share)
        done = int(number or 0)
        n = round(share * (self._total or 0)) if known else done
        seconds = now - self._start
        speed = f"{(n if self._work == self._unit else done) / seconds:,.0f} {self._work}/s"
        if not self._total or n > self._total:
            say(f"{self._what}: {n:,} {self._unit}, {speed}")
            return
        left = f", {told_seconds(seconds / n * (self._total - n))} left" if n else ""
        say(f"{n / self._total:.0%} of {self._what}: {n:,} of {self._total:,} {self._unit}, {speed}{left}")


class Shared:
    """Progress by share of the whole, whatever steps it names: `34% training the slices, 1 min 10 s left`.

    The time left is that of the whole. It is reckoned from the share done since the start, less what was only found
    again (of a build that goes on); a share that falls is another work, and starts anew.
    """

    def __init__(self) -> None:
        self._start = self._seen = time.monotonic()
        self._said = 0.0
        self._share = self._found = 0.0

    def __call__(self, what: str, share: float, number: float | None = None, /) -> None:
        now = time.monotonic()
        if share < self._share - _LESS:
            self._start, self._found = now, share
        elif share - self._share > _JUMP and now - self._seen < _AT_ONCE:
            self._found += share - self._share
        self._share, self._seen = share, now
        if now - self._said < _EVERY:
            return
        self._said = now
        spent, done = now - self._start, share - self._found
        left = f", {told_seconds(spent / done * (1 - share))} left" if done > 0.01 and share < 1 and spent > 2 else ""
        say(f"{share:.0%} {what}{left}")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
