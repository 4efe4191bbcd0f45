"""Progress that tells its speed."""

from __future__ import annotations

import time
from collections.abc import Callable


def with_speed(
    progress: Callable[[str, float], None], what: str, n: int, unit: str = "tokens"
) -> Callable[[float], None]:
    """A callback by share that names the units done in a second: `training the slices, 210,000 tokens/s`.

    n: units of the whole. Shares that were there at the first call (from an earlier run) are not counted as speed.
    """
    first: list[tuple[float, float]] = []

    def report(share: float) -> None:
        now = time.monotonic()
        first.append((now, share)) if not first else None
        seconds, done = now - first[0][0], share - first[0][1]
        speed = f", {done * n / seconds:,.0f} {unit}/s" if seconds > 1 and done > 0 else ""
        progress(f"{what}{speed}", share)

    return report
