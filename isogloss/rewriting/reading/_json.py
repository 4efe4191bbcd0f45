"""Where the members of JSON stand: what of an object or a list can be cut out, with the comma beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from isogloss.text.nested import require_shallow

_BLANKS = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class Member:
    """start, end: characters of a member, with its key. path: keys from the outermost, numbers in lists. value: None of
    what holds others. inside: number of the object or list that it is in.
    """

    start: int
    end: int
    path: tuple[str, ...]
    value: Any
    inside: int


def members(text: str, *, deep: bool = True) -> list[Member]:
    """Every member of an object or list, and of those within it where deep. Raises ValueError for what is no JSON."""
    require_shallow(text)
    found: list[Member] = []
    numbers = iter(range(len(text) + 1))

    def blanks(at: int) -> int:
        return _BLANKS.match(text, at).end()  # type: ignore[union-attr]

    def container(at: int, path: tuple[str, ...]) -> int:
        inside = next(numbers)
        close = "}" if text[at] == "{" else "]"
        at = blanks(at + 1)
        count = 0
        while text[at : at + 1] != close:
            start = at
            key = str(count)
            if close == "}":
                key, at = _DECODER.raw_decode(text, at)
                if not isinstance(key, str):
                    raise ValueError("a key that is no text")
                at = blanks(at)
                if text[at : at + 1] != ":":
                    raise ValueError(f"no colon at character {at:,}")
                at = blanks(at + 1)
            value = None
            if deep and text[at : at + 1] in ("{", "["):
                at = container(at, (*path, key))
            else:
                value, at = _DECODER.raw_decode(text, at)
            found.append(Member(start, at, (*path, key), value, inside))
            count += 1
            at = blanks(at)
            if text[at : at + 1] == ",":
                at = blanks(at + 1)
                if text[at : at + 1] == close:
                    raise ValueError(f"a comma before a bracket at character {at:,}")
            elif text[at : at + 1] != close:
                raise ValueError(f"no comma at character {at:,}")
        return at + 1

    at = blanks(1 if text.startswith("\ufeff") else 0)
    if text[at : at + 1] not in ("{", "["):
        raise ValueError("it is no object and no list")
    end = blanks(container(at, ()))
    if end < len(text):
        raise ValueError(f"more after its end, at character {end:,}")
    return found


def cut_members(text: str, found: Collection[Member], dropped: Collection[int]) -> str:
    """The text without the members that start at certain characters, each with one comma.

    >>> text = '{"a": 1, "b": 2, "c": 3}'
    >>> cut_members(text, members(text), {1, 17}), cut_members(text, members(text), {9})
    ('{"b": 2}', '{"a": 1, "c": 3}')
    """
    parts, at = [], 0
    for start, end in sorted(_cuts(found, dropped)):
        parts.append(text[at : max(at, start)])
        at = max(at, end)
    return "".join([*parts, text[at:]])


def _cuts(found: Collection[Member], dropped: Collection[int]) -> Iterator[tuple[int, int]]:
    holders: dict[int, list[Member]] = {}
    for one in found:
        holders.setdefault(one.inside, []).append(one)
    for inside in holders.values():
        inside.sort(key=lambda one: one.start)
        kept = False  # whether one before was kept, whose end goes on to hold the comma of the next that is
        for i, one in enumerate(inside):
            if one.start not in dropped:
                kept = True
            elif kept:
                yield inside[i - 1].end, one.end
            else:
                yield one.start, inside[i + 1].start if i + 1 < len(inside) else one.end
