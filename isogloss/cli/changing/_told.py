"""How teach and imbalance print figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def said(one: Mapping[str, Any]) -> str:
    """The same in a line for people."""
    if one["value"] is None:
        return "unknown"
    interval = "" if one["low"] is None else f" ({one['low']:.3f} to {one['high']:.3f})"
    return f"{one['value']:.3f}{interval}, n = {one['n']:,}"
