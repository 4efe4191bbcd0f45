"""A clock that stands where a test puts it."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace

import pytest


class Clock:
    """Stands in for `time` in one module."""

    def __init__(self, patch: pytest.MonkeyPatch, module: ModuleType) -> None:
        self._now = 0.0
        patch.setattr(module, "time", SimpleNamespace(monotonic=lambda: self._now))

    def at(self, seconds: float) -> None:
        self._now = seconds
