"""Where the language of a text changes, token by token, and which tokens are mixed within."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from isogloss.text.script import NONE, script_of

MIXED, UNKNOWN, NEUTRAL = "MIXED", "", "neutral"
_PARTS = regex.compile(r"[-'’_/]")
_ASIAN = ("Jpan", "Kore")
_LONGEST = 64  # letters of a word that is looked at part by part
_LEAST = 3  # letters of a part that a list of words may name within a word


@dataclass(frozen=True)
class Points:
    """Of one sentence. languages: of each token: a name, MIXED within the word, `neutral` (names, signs, numbers), or
    nothing where it is not known. at: tokens whose language differs from that of the one before that has one.
    """

    languages: tuple[str, ...]
    at: tuple[int, ...]

    @property
    def mixed(self) -> tuple[int, ...]:
        return tuple(i for i, one in enumerate(self.languages) if one == MIXED)


def points(languages: Sequence[str]) -> Points:
    """
    >>> points(["mt", "neutral", "mt", "en", "MIXED", "mt"]).at
    (3, 4, 5)
    """
    before, at = "", []
    for i, one in enumerate(languages):
        if one in (NEUTRAL, UNKNOWN):
            continue
        if before and one != before:
            at.append(i)
        before = one
    return Points(tuple(languages), tuple(at))


def by_script(tokens: Sequence[str]) -> list[str]:
    """The script of each token; MIXED where its letters are of two, signs and numbers neutral.

    >>> by_script(["the", "дом", "ноутbook", "7"])
    ['Latn', 'Cyrl', 'MIXED', 'neutral']
    """
    found = []
    for token in tokens:
        whole = script_of(token)
        each = {script_of(sign) for sign in token if sign.isalpha()} - {NONE}
        if whole in _ASIAN:  # kana or Hangul with Han is one way of writing
            each -= {"Hani"}
        if not each:
            found.append(NEUTRAL)
        elif len(each) > 1:
            found.append(MIXED)
        else:
            found.append(whole)
    return found


def by_lists(tokens: Sequence[str], lists: Mapping[str, frozenset[str]]) -> list[str]:
    """The language whose list has a token, case-folded; of several the one before it, else the first. A word that is in
    none is MIXED where its parts, at a hyphen, an apostrophe or anywhere, are of two languages' lists.

    >>> lists = {"mt": frozenset(["il-", "kelb"]), "en": frozenset(["dog"])}
    >>> by_lists(["il-", "kelb", "dog-kelb", "dogkelb", "!"], lists)
    ['mt', 'mt', 'MIXED', 'MIXED', 'neutral']
    """
    before, found = "", list[str]()
    for token in tokens:
        word = token.casefold()
        here = [name for name, words in lists.items() if word in words]
        if not any(sign.isalpha() for sign in token):
            found.append(NEUTRAL)
            continue
        if here:
            one = before if before in here else here[0]
            before = one
        else:
            one = MIXED if _is_mixed(word, lists) else UNKNOWN
        found.append(one)
    return found


def _is_mixed(word: str, lists: Mapping[str, frozenset[str]]) -> bool:
    def of(part: str) -> set[str]:
        return {name for name, words in lists.items() if part in words}

    parts = [one for one in _PARTS.split(word) if one]
    if len(parts) > 1:
        each = [found for part in parts if (found := of(part))]
        return len(each) > 1 and not set.intersection(*each)
    for at in range(_LEAST, len(word) - _LEAST + 1 if len(word) <= _LONGEST else 0):
        first, second = of(word[:at]), of(word[at:])
        if first and second and not first & second:
            return True
    return False


_ORIGINS = {"Arabic": "Maltese", "Non-Arabic": "Maltese", "Code-Switching": "other", "Mixed": MIXED}


def by_origin(labels: Sequence[str]) -> list[str]:
    """Of labels of etymology: Maltese, other (code-switching), MIXED; names and symbols are neutral.

    >>> by_origin(["Arabic", "Name", "Code-Switching", "Mixed"])
    ['Maltese', 'neutral', 'other', 'MIXED']
    """
    return [_ORIGINS.get(one, NEUTRAL) for one in labels]
