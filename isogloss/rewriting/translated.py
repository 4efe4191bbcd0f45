"""Whether the text around protected spans was translated: its script, and which of its words are the source's."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache

import regex

from isogloss.text.script import MIXED, NONE, script_of

LANGUAGES = ("language", "target_language", "target_lang", "tgt_lang", "lang", "locale")  # columns that name one
NOT_AT_ALL = 0.1  # below this share a text counts as not translated
_LETTERS = re.compile(r"[^\W\d_]+")
_PARTS = {"Jpan": ("Hani", "Hira", "Kana"), "Kore": ("Hang", "Hani")}
_SAMPLE = 500
_OFTEN = 0.1
_LAST = 0x40000  # no script has characters beyond


class Expected:
    """The script that each row's target should be in: its own where that is frequent among the targets of its language,
    where a column names languages, else among all; otherwise the most frequent one. A text that is written as its
    source is known by its words alone. bare: what takes protected spans out of a text.
    """

    def __init__(
        self,
        targets: Sequence[str],
        columns: Mapping[str, Sequence[str]],
        *,
        bare: Callable[[str], str] = str,
    ) -> None:
        names = {name.casefold(): name for name in columns}
        self.column = next((names[one] for one in LANGUAGES if one in names), "")
        self._of = columns[self.column] if self.column else None
        rows: dict[str, list[int]] = {}
        for row in range(len(targets)):
            rows.setdefault(self._group(row), []).append(row)
        self._frequent = {
            group: _frequent([bare(targets[i]) for i in some[:: max(1, len(some) // _SAMPLE)]])
            for group, some in rows.items()
        }
        self.scripts = {group: some[0] if some else "" for group, some in self._frequent.items()}

    def _group(self, row: int) -> str:
        return "" if self._of is None else self._of[row]

    def script(self, row: int, text: str) -> str:
        """ISO 15924 code; empty where nothing is written in letters. text: the row's target without its spans."""
        some = self._frequent[self._group(row)]
        if len(some) > 1 and (own := _script(text)) in some:
            return own
        return some[0] if some else ""


def _frequent(texts: Sequence[str]) -> list[str]:
    """Scripts of at least a tenth of the texts, the most frequent first."""
    found = Counter(map(script_of, texts))
    found.pop(NONE, None)
    found.pop(MIXED, None)
    return [code for code, n in found.most_common() if n >= _OFTEN * sum(found.values())]


@cache
def _runs(script: str) -> re.Pattern[str]:
    """Characters of a script as ranges: the standard library's expressions know no scripts, and are faster."""
    parts = "".join(rf"\p{{Script={one}}}" for one in _PARTS.get(script, (script,)))
    every = "".join(chr(i) for i in range(_LAST) if not 0xD800 <= i < 0xE000)
    found = [one.group() for one in regex.finditer(rf"[{parts}]+", every)]
    return re.compile("[" + "".join(f"{re.escape(one[0])}-{re.escape(one[-1])}" for one in found) + "]+")


def translated_share(source: str, target: str, expected: str) -> float:
    """Share of the target's letters that are in the expected script or, where the source is in it too, in words that
    the source has not. source, target: without their spans. NaN where the target has no letters.

    >>> translated_share("Press the key", "कुंजी दबाएँ", "Deva"), translated_share("the key", "the key", "Deva")
    (1.0, 0.0)
    >>> translated_share("Press the key", "Press die Taste", "Latn")
    0.6153846153846154
    """
    if expected and expected != _script(source):
        letters = "".join(_LETTERS.findall(target))
        n = len(letters)
        if not n or target.isascii():
            return math.nan if not n else float(expected == "Latn")
        return sum(map(len, _runs(expected).findall(letters))) / n
    words = _LETTERS.findall(target.casefold())
    n = sum(map(len, words))
    if not n:
        return math.nan
    there = _words(source)
    return sum([len(word) for word in words if word not in there]) / n


@lru_cache(1 << 12)
def _script(text: str) -> str:
    return "Latn" if text.isascii() else script_of(text)


@lru_cache(1 << 12)
def _words(text: str) -> frozenset[str]:
    return frozenset(_LETTERS.findall(text.casefold()))
