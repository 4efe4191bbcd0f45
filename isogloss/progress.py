"""How a long computation tells where it stands."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """what: the step, in words. share: how much is done, 0 to 1. criterion: what the training makes less or more,
    where it has one.
    """

    def __call__(self, what: str, share: float, criterion: float | None = None) -> None: ...


def silent(what: str, share: float, criterion: float | None = None) -> None:
    """Tells nothing."""
