"""Protected spans: what of a text must come through a rewriting as it is, found from left to right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol

from isogloss.family import Family
from isogloss.text.normalize import nfc

_SEEN = 1 << 12  # texts whose spans are remembered
GOES_ON = r"[.,'’٫٬·\u00a0\u202f\u2009 ]?\d"  # after digits: they are but a part of a number
_NUMBER = "number"
_new = tuple.__new__  # a third of what a named tuple takes to be made
_TURNS = dict.fromkeys(
    map(ord, "\u200b\u200e\u200f\u061c\ufeff\u2060\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)


class Span(NamedTuple):
    """Characters start to end (half-open) of a text. kind: the type's name. key: what is compared; equal keys of one
    type are the same thing, however it is written. A key with bars (`1234|1.234`) may mean any of several.
    """

    start: int
    end: int
    kind: str
    key: str


class SpanType(Protocol):
    """A member of the family. signs: characters that one of it may begin with.

    marks: a text without any of them has none of the type, which is then found beforehand, by `find`. follows: the
    characters that may stand right after a number where one is looked for without a sign; one type has them.
    """

    name: str
    title: str
    signs: str
    marks: tuple[str, ...]
    follows: frozenset[str]

    def match(self, text: str, at: int) -> tuple[int, str | None] | None:
        """Its end and key where one begins at a character; a key of None is passed over without being a span."""

    def find(self, text: str) -> Iterable[tuple[int, int, str]]:
        """Start, end and key of all, where they are found by their marks."""


SPANS: Family[SpanType] = Family(
    "type of span",
    "isogloss.rewriting.spans",
    first="code latex json xml url email placeholder tag number unit hashtag".split(),
)


def titled(what: str) -> str:
    """A type of span, or of another thing, as people call it within a sentence.

    >>> titled("json"), titled("url"), titled("entity")
    ('JSON', 'addresses', 'entity')
    """
    title = SPANS[what].title if what in SPANS else what
    return title if title[1:2].isupper() or title == "LaTeX" else title.lower()


def plain_key(text: str) -> str:
    """A text without marks of direction and in NFC: they are no change.

    >>> plain_key("\\u200f{name}\\u200e") == "{name}"
    True
    """
    return text if text.isascii() else nfc(text.translate(_TURNS))


@lru_cache(_SEEN)
def spans_of(text: str) -> tuple[Span, ...]:
    """All protected spans of a text in their order, none within another: the outermost wins.

    >>> [(one.kind, one.key) for one in spans_of("Run `curl https://a.org` {n} times in ५ km")]
    [('code', 'curl https://a.org'), ('placeholder', '{n}'), ('number', '5'), ('unit', 'km')]
    """
    return _SCANNER.of(text)


class _Scanner:
    """Which types begin with which character, and the one expression that finds such characters."""

    @cached_property
    def _starts(self) -> dict[str, list[SpanType]]:
        found: dict[str, list[SpanType]] = {}
        for one in SPANS.values():
            for sign in one.signs:
                found.setdefault(sign, []).append(one)
        return found

    @cached_property
    def _next(self) -> re.Pattern[str]:
        """A sign; where it is one of ASCII's digits and all of a number is such, the group holds the others of it. Most
        spans are these: they are told without a second look.
        """
        return re.compile(rf"[{re.escape(''.join(self._starts))}\d](?:(?<=[0-9])([0-9]*+)(?!{GOES_ON}))?")

    @cached_property
    def _marked(self) -> list[tuple[str, SpanType]]:
        return [(mark, one) for one in SPANS.values() for mark in one.marks]

    @cached_property
    def _unit(self) -> SpanType:
        return next(one for one in SPANS.values() if one.follows)

    def of(self, text: str) -> tuple[Span, ...]:
        first = self._next.search(text)
        ahead = self._ahead(text)
        if first is None and not ahead:
            return ()
        starts, digits, search = self._starts, self._starts["0"], self._next.search
        unit, beside = self._unit, self._unit.follows
        found: list[Span] = []
        sign, at = first, 0
        while True:
            if ahead:
                while ahead and ahead[-1].start < at:
                    ahead.pop()
                if ahead and (sign is None or ahead[-1].start <= sign.start()):
                    found.append(one := ahead.pop())
                    at = one.end
                    sign = search(text, at)
                    continue
            if sign is None:
                return tuple(found)
            start = sign.start()
            if sign.lastindex:
                at = sign.end()
                found.append(_new(Span, (start, at, _NUMBER, sign.group().lstrip("0") or "0")))
                if text[at : at + 1] in beside and (hit := unit.match(text, at)):
                    at = self._beside(text, at, hit, found)
                sign = search(text, at)
                continue
            at = start + 1
            for kind in starts.get(sign.group(), digits):
                if (hit := kind.match(text, start)) is None:
                    continue
                at, key = hit
                if key is not None:
                    name = kind.name
                    found.append(_new(Span, (start, at, name, key)))
                    if name == _NUMBER and (hit := unit.match(text, at)):
                        at = self._beside(text, at, hit, found)
                break
            sign = search(text, at)

    def _beside(self, text: str, at: int, hit: tuple[int, str | None], found: list[Span]) -> int:
        """Add the unit that was found right after a number; where it ends."""
        end, key = hit
        start = at + len(text[at:end]) - len(text[at:end].lstrip())
        found.append(_new(Span, (start, end, self._unit.name, key)))
        return end

    def _ahead(self, text: str) -> list[Span]:
        """Spans that are found by their marks, the last first."""
        for mark, _ in self._marked:
            if mark in text:
                break
        else:
            return []
        kinds = {one.name: one for mark, one in self._marked if mark in text}
        found = [Span(start, end, name, key) for name, one in kinds.items() for start, end, key in one.find(text)]
        return sorted(found, reverse=True)


_SCANNER = _Scanner()


def inner_keys(text: str) -> list[str]:
    """Keys of the spans in a text that stands within a span, in any order: a translated value keeps them."""
    return sorted(f"{one.kind}:{one.key}" for one in spans_of(text))


def remainder(text: str, spans: Iterable[Span]) -> str:
    """A text without its spans, a blank in the place of each.

    >>> remainder("see {x} now", spans_of("see {x} now"))
    'see   now'
    """
    parts, at = [], 0
    for one in spans:
        parts.append(text[at : one.start])
        at = one.end
    if not parts:
        return text
    parts.append(text[at:])
    return " ".join(parts)
