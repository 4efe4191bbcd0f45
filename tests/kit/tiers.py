"""How many cases a tier runs."""

from __future__ import annotations

import os

TIER = os.environ.get("ISOGLOSS_TIER", "full")


_SHARE = {"fast": 50, "full": 10, "soak": 1}


def cases(soak: int, least: int = 5) -> int:
    """How many cases this tier runs: the given count in soak, a tenth in full, a fiftieth in fast."""
    return max(min(least, soak), soak // _SHARE[TIER])
