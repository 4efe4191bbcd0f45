"""How figures are written."""

from __future__ import annotations

import math

import numpy as np

from components.parts.spoken import say
from isogloss.figure import Figure


def number(value: float) -> str:
    """Three decimals below one tenth, else two; a dash where unknown.

    >>> number(0.0449), number(0.7), number(float("nan"))
    ('0.045', '0.70', '–')
    """
    return "–" if not np.isfinite(value) else f"{value:.3f}" if abs(value) < 0.1 else f"{value:.2f}"


def distance(value: float) -> str:
    """As `number`, and 0 as it is: nothing moved.

    >>> distance(0.0), distance(-0.0), distance(0.0449)
    ('0', '0', '0.045')
    """
    return "0" if value == 0 else number(value)


def figure(one: Figure) -> str:
    """A value with its interval.

    >>> figure(Figure(value=0.5, n=3, low=0.25, high=0.75))
    '0.50 (0.25 to 0.75)'
    """
    if one.interval is None or not one.known:
        return number(one.value)
    low, high = map(number, one.interval)
    return say("{value} ({low} to {high})", value=number(one.value), low=low, high=high)


def probability(value: float) -> str:
    """A p or q as `= .03` or `< .001`.

    >>> probability(0.03), probability(0.00002)
    ('= .030', '< .001')
    """
    return "< .001" if value < 0.001 else f"= {value:.3f}".replace("0.", ".", 1)


def share(value: float) -> str:
    """A share in percent; a small one is not called nothing.

    >>> share(0.004), share(0.256), share(float("nan"))
    ('less than 1%', '26%', '–')
    """
    return "–" if not math.isfinite(value) else say("less than 1%") if 0 < value < 0.005 else f"{value:.0%}"
