"""A figure: a number that never stands alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Better = Literal["more", "less", "neither"]


@dataclass(frozen=True, kw_only=True)
class Null:
    """What the same figure is where there is nothing to find. how: what was shuffled, in words.

    mean, p95: of its draws. p: (1 + draws as large) / (1 + draws). The mean is NaN where only the 95th percentile is
    known, p where nothing was tested.
    """

    p95: float
    mean: float = math.nan
    p: float = math.nan
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """value: NaN where the data cannot give one. n: on how many items, pairs, words or uses it stands; 0 where nobody
    counted.

    better: which way is good news. low, high: its 95% interval. null: what chance gives. how: one line that says how
    it was computed.

    >>> Figure(value=0.75, n=4, better="more", low=0.25, high=1.0)
    0.75 (0.25 to 1.00), n = 4
    >>> Figure(value=0.31, n=200, better="neither", null=Null(p95=0.2, p=0.012)).known
    True
    """

    value: float
    n: int
    better: Better = "neither"
    low: float | None = None
    high: float | None = None
    null: Null | None = None
    how: str = ""

    @property
    def known(self) -> bool:
        return math.isfinite(self.value)

    @property
    def interval(self) -> tuple[float, float] | None:
        """low and high, where there is an interval."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    def __float__(self) -> float:
        return self.value

    def __repr__(self) -> str:
        said = f"{self.value:.2f}" if self.known else "unknown"
        if self.interval is not None:
            said += " ({:.2f} to {:.2f})".format(*self.interval)
        if self.null is not None and math.isfinite(self.null.p95):
            said += f", 95% of chance below {self.null.p95:.2f}"
        return f"{said}, n = {self.n:,}" if self.n else f"{said}, n not known"
