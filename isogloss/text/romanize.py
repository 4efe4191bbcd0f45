"""Romanisation by uroman, remembered, and never an exception: what it cannot read stays as it was."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

_lock = threading.Lock()
_MARK = re.compile(r"::lcode ([a-z]{3}) ")


@cache
def _uroman() -> Any:
    import uroman

    return uroman.Uroman()


@lru_cache(maxsize=200_000)
def romanized(text: str, language: str | None = None) -> str | None:
    """A text in Latin letters (uroman 1.3.1.1), None where it cannot be read; ASCII stays. Kanji are read as Chinese.

    language: ISO 639-3, for the few that romanize their script in their own way. Plain text: it may hold `<`
    (Tifinagh does), so it is escaped like any other before it is shown.
    """
    if text.isascii():
        return text
    with _lock:
        try:
            return str(_uroman().romanize_string(text, language))
        except Exception:  # uroman fails inside on some Chinese numbers (八分之差)
            return None


def romanize(text: str, language: str | None = None) -> str:
    """The same, and what cannot be read as it was.

    >>> romanize("привет"), romanize("Straße"), romanize("abc")
    ('privet', 'Strasse', 'abc')
    """
    found = romanized(text, language)
    return text if found is None else found


def romanize_words(texts: Iterable[str]) -> list[str]:
    """Texts word by word: many times faster on many lines, and the same but for a few scripts' spacing."""
    return [" ".join(romanize(word) for word in text.split(" ")) for text in texts]


def romanized_line(line: str) -> str | None:
    """A line that may begin with `::lcode xxx`, uroman's own mark of the language; the mark stays. None where the line
    cannot be read.

    >>> romanized_line("::lcode rus официальное"), romanized_line("привет")
    ('::lcode rus ofitsialnoye', 'privet')
    """
    marked = _MARK.match(line)
    if not marked:
        return romanized(line)
    found = romanized(line[marked.end() :], marked.group(1))
    return None if found is None else marked.group() + found
