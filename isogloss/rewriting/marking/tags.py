"""Marked spans of a text: `<H>…</H>` or any pair of tags, by offsets that are half-open, in characters."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

import regex

_TAG = regex.compile(r"<(/?)([A-Za-z][\w.:-]{0,30})(?:\s[^<>]{0,200})?>")
_TOKEN = regex.compile(r"\p{N}+(?:[.,]\p{N}+)*|[\p{L}\p{M}](?:[\p{L}\p{M}\p{N}]|['’-](?=\p{L}))*|\S")
_SPACELESS = "".join(
    rf"\p{{Script={name}}}" for name in ("Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan")
)
_BEFORE = regex.compile(rf"(?V1)[[\p{{L}}\p{{M}}\p{{N}}]--[{_SPACELESS}]]")


@dataclass(frozen=True)
class Tag:
    """One tag of a text. start, end: its own place, half-open, in characters."""

    name: str
    closes: bool
    start: int
    end: int


@dataclass(frozen=True)
class Span:
    """A marked span. opening, closing: its tags. start, end: what lies between them, half-open, in the marked text."""

    name: str
    opening: Tag
    closing: Tag

    @property
    def start(self) -> int:
        return self.opening.end

    @property
    def end(self) -> int:
        return self.closing.start


@dataclass(frozen=True)
class Marked:
    """text: with its tags. spans: by where they begin. loose: tags that have no partner, in order. reversed: closing
    tags that stand before an opening one of their name, with that one.
    """

    text: str
    spans: tuple[Span, ...] = ()
    loose: tuple[Tag, ...] = ()
    reversed: tuple[tuple[Tag, Tag], ...] = ()
    tags: tuple[Tag, ...] = field(default=(), repr=False)

    @cached_property
    def plain(self) -> str:
        """The text without its tags."""
        return without(self.text, self.tags)

    @cached_property
    def counts(self) -> Counter[tuple[str, bool]]:
        """How many tags there are by name, and whether they close."""
        return Counter((tag.name, tag.closes) for tag in self.tags)

    @cached_property
    def words(self) -> list[tuple[int, int]]:
        """Offsets of the tokens of `plain`, half-open."""
        return tokens(self.plain)

    @cached_property
    def _gone(self) -> tuple[list[int], list[int]]:
        """Ends of tags, and how many characters all tags up to each take."""
        return [tag.end for tag in self.tags], list(accumulate(tag.end - tag.start for tag in self.tags))

    def inner(self, span: Span) -> str:
        """What a span holds, without tags inside it."""
        return self.plain[slice(*self.in_plain(span))]

    def in_plain(self, span: Span) -> tuple[int, int]:
        """The span's offsets in `plain`, half-open, in characters.

        >>> one = marked("😀 <H>Ada</H> met <T>Bo</T>")
        >>> [one.plain[slice(*one.in_plain(span))] for span in one.spans], one.in_plain(one.spans[0])
        (['Ada', 'Bo'], (2, 5))
        """
        return self._moved(span.start), self._moved(span.end)

    def in_tokens(self, span: Span) -> tuple[int, int]:
        """The tokens of `plain` that the span touches, half-open; an empty one lies before its next token."""
        start, end = self.in_plain(span)
        first = bisect_right(self.words, start, key=lambda word: word[1])
        return first, max(first, bisect_left(self.words, end, key=lambda word: word[0]))

    def _moved(self, at: int) -> int:
        ends, gone = self._gone
        before = bisect_right(ends, at)
        return at - (gone[before - 1] if before else 0)


def _tags(text: str) -> list[Tag]:
    return [Tag(m.group(2), bool(m.group(1)), m.start(), m.end()) for m in _TAG.finditer(text)]


def marked(text: str, names: Iterable[str] | None = None) -> Marked:
    """The spans of a text. names: of the tags that count (default: all); others are text.

    A closing tag belongs to the last opening one of its name that waits; spans of different names may cross. Tags with
    a blank have attributes; one that closes itself (`<br/>`) is no tag of a pair.

    >>> [(span.name, span.start, span.end) for span in marked("<H>Ada</H> met Bo").spans]
    [('H', 3, 6)]
    """
    wanted = None if names is None else set(names)
    tags = tuple(tag for tag in _tags(text) if wanted is None or tag.name in wanted)
    waiting: dict[str, list[Tag]] = {}
    early: dict[str, list[Tag]] = {}
    spans: list[Span] = []
    for tag in tags:
        if not tag.closes:
            waiting.setdefault(tag.name, []).append(tag)
        elif waiting.get(tag.name):
            spans.append(Span(tag.name, waiting[tag.name].pop(), tag))
        else:
            early.setdefault(tag.name, []).append(tag)
    turned: list[tuple[Tag, Tag]] = []
    for name, closing in early.items():
        left, used = [], 0
        for opening in waiting.get(name, ()):
            if used < len(closing) and closing[used].start < opening.start:
                turned.append((closing[used], opening))
                used += 1
            else:
                left.append(opening)
        waiting[name], early[name] = left, closing[used:]
    loose = sorted(
        (tag for left in (*waiting.values(), *early.values()) for tag in left), key=lambda tag: (tag.start, tag.end)
    )
    spans.sort(key=lambda span: (span.start, span.end))
    return Marked(text, tuple(spans), tuple(loose), tuple(turned), tags)


def without(text: str, tags: Iterable[Tag]) -> str:
    """A text without these tags of it."""
    parts, at = [], 0
    for tag in tags:
        parts.append(text[at : tag.start])
        at = tag.end
    return "".join([*parts, text[at:]])


def tokens(text: str) -> list[tuple[int, int]]:
    """Words, numbers and signs of a text: their offsets, half-open, in characters.

    >>> tokens("It's 1,000 €.")
    [(0, 4), (5, 10), (11, 12), (12, 13)]
    """
    return [found.span() for found in _TOKEN.finditer(text)]


def splits(text: str, tags: Iterable[Tag]) -> list[Tag]:
    """Tags that stand inside a word, of a script that writes blanks between words. tags: all of the text.

    >>> text = "Ber<H>lin</H> and 北<H>京</H>市"
    >>> [(tag.closes, tag.start) for tag in splits(text, marked(text).tags)]
    [(False, 3)]
    """
    runs: list[list[Tag]] = []
    for tag in tags:
        if runs and runs[-1][-1].end == tag.start:
            runs[-1].append(tag)
        else:
            runs.append([tag])
    found = []
    for run in runs:
        left, right = run[0].start, run[-1].end
        if left and right < len(text) and _BEFORE.match(text[left - 1]) and _BEFORE.match(text[right]):
            found += run
    return found
