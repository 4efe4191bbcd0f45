"""Figures as every command prints them."""

from __future__ import annotations

import math
from typing import Any

from isogloss.cli.command import number
from isogloss.figure import Figure


def told(one: Figure) -> dict[str, Any]:
    """Value, n and interval.

    >>> told(Figure(value=0.5, n=4, low=0.25, high=0.75))
    {'value': 0.5, 'n': 4, 'low': 0.25, 'high': 0.75}
    """
    low, high = one.interval or (math.nan, math.nan)
    return {"value": number(one.value), "n": one.n, "low": number(low), "high": number(high)}


def in_full(one: Figure) -> dict[str, Any]:
    """The same with mean, 95th percentile and p of its null."""
    null = one.null
    whole = None if null is None else {"mean": number(null.mean), "p95": number(null.p95), "p": number(null.p)}
    return told(one) | {"null": whole}
