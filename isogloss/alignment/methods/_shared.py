"""Parameters that several methods have: one choice is for all of them."""

from __future__ import annotations

from typing import Any

from isogloss.alignment.method import parameter
from isogloss.nearest.csls import K


def frequent() -> Any:
    return parameter(20_000, "most frequent items", low=100, high=200_000, step=1_000)


def neighbors() -> Any:
    return parameter(K, "neighbors", low=1, high=100)
