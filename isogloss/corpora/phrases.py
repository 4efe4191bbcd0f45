"""What of a text is indexed, how an item is asked for there, and where in a text it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import regex

from isogloss.text.normalize import nfc

# Scripts that write no spaces between words: their characters are indexed one by one.
_RUNS = (
    r"\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}"
    r"\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}"
)
_LETTER = rf"[[\p{{L}}\p{{M}}]--[{_RUNS}]]"
_INSIDE = rf"[[\p{{L}}\p{{M}}\-]--[{_RUNS}]]"  # a word has these on neither side
_SINGLE = regex.compile(rf"[{_RUNS}]")
_NUMBER = regex.compile(r"\p{N}")
_TOKEN = regex.compile(rf"[{_RUNS}]|\-*{_LETTER}{_INSIDE}*|\p{{N}}+", regex.V1)
_ASCII = re.compile(r"-*[a-z][a-z-]*|[0-9]+")
_SENTENCE = regex.compile(r"[.!?؟।۔]+[\p{Pf}\p{Pe}\"']*\s+|[。！？။។]+[\p{Pf}\p{Pe}]*\s*|\n\s*\n")
_LONGEST = 1_200  # characters of a passage
_LONGEST_ITEM = 400
_MOST_HYPHENS = 3


def tokens_of(text: str) -> str:
    """What is indexed of a text: words in lower case, one for each character where a script writes no spaces.

    >>> tokens_of("The Co-operation of 東京, ไทย 1946")
    'the co-operation of 東 京 ไ ท ย 1946'
    """
    if text.isascii():
        return " ".join(_ASCII.findall(text.lower()))
    return " ".join(_TOKEN.findall(nfc(text).casefold()))


def spellings(item: str) -> list[str]:
    """An item as it may be written: each hyphen is also a space or nothing; all alike where there are more than three.

    >>> spellings("Co-op")
    ['Co-op', 'Co op', 'Coop']
    """
    parts = nfc(item).split("-")
    hyphens = len(parts) - 1
    ways = (
        product("-| |".split("|"), repeat=hyphens)
        if hyphens <= _MOST_HYPHENS
        else ((h,) * hyphens for h in ("-", " ", ""))
    )
    return ["".join(f"{a}{b}" for a, b in zip(parts, (*how, ""), strict=True)) for how in ways]


def asked_of(item: str) -> tuple[list[str], list[str]]:
    """The words that an item is, whole, and the phrases within which it has to be looked for; both as `tokens_of` has
    them.

    Both are empty where an item has nothing that is indexed.

    >>> asked_of("Co-op"), asked_of("東京"), asked_of('" OR *'), asked_of("!?")
    ((['co-op', 'coop'], ['co op']), ([], ['東 京']), ([], ['or']), ([], []))
    """
    if len(item) > _LONGEST_ITEM:
        return [], []
    found = {spelling: tokens_of(spelling) for spelling in spellings(item)}
    words = [token for spelling, token in found.items() if token == spelling.casefold() and _is_word(token)]
    return list(dict.fromkeys(words)), list(dict.fromkeys(t for t in found.values() if t and t not in words))


def _is_word(token: str) -> bool:
    return bool(token) and " " not in token and not _NUMBER.match(token)


def query_of(phrases: list[str]) -> str:
    """Phrases as a question to the index: quoted, and nothing of them but letters, marks, digits and hyphens.

    >>> query_of(["co-op", "co op"])
    '"co-op" OR "co op"'
    """
    return " OR ".join(f'"{phrase}"' for phrase in phrases)


def literal_pattern(item: str) -> regex.Pattern[str]:
    """What finds an item, taken literally, in any case; a hyphen is also a space or nothing.

    It stands whole: between letters, marks or hyphens it is another word, except in scripts that write no spaces.

    >>> [m[0] for m in literal_pattern("co-op").finditer("Co-op, co op, coop, a-co-op, coops")]
    ['Co-op', 'co op', 'coop']
    >>> literal_pattern("国").findall("中国人")
    ['国']
    """
    item = nfc(item)
    literal = r"[-\s]?".join(regex.escape(part) for part in item.split("-"))
    left, right = (_edge(item[:1]), _edge(item[-1:]))
    before, after = (f"(?<!{left})" if left else "", f"(?!{right})" if right else "")
    return regex.compile(before + literal + after, regex.IGNORECASE | regex.V1)


def _edge(letter: str) -> str:
    """What may not stand beside an item that begins or ends with this character; empty: anything may."""
    if _SINGLE.match(letter):
        return ""
    return rf"[{_INSIDE}\p{{N}}]" if _NUMBER.match(letter) else _INSIDE


def passages(text: str) -> Iterator[str]:
    """Stretches of at most 1,200 characters, cut where a sentence ends, else at a line or a space.

    >>> [len(p) for p in passages("word " * 600)], list(passages(" ")), [len(p) for p in passages("中国。" * 500)]
    ([1200, 1200, 600], [], [1200, 300])
    """
    at = 0
    while at < len(text):
        stop = at + _LONGEST
        if stop < len(text):
            least = at + _LONGEST // 4
            ends = [found.end() for found in _SENTENCE.finditer(text, least, stop)]
            line, space = text.rfind("\n", least, stop) + 1, text.rfind(" ", least, stop) + 1
            stop = ends[-1] if ends else line or space or stop
        if text[at:stop].strip():
            yield text[at:stop]
        at = stop
