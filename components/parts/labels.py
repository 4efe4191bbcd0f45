"""Texts that must stay short."""

from __future__ import annotations

LONGEST = 32


def shorten(text: str, longest: int = LONGEST) -> str:
    """At most `longest` characters, with an ellipsis.

    >>> len(shorten("x" * 10_000)), shorten("post")
    (32, 'post')
    """
    return text if len(text) <= longest else text[: longest - 1] + "…"
