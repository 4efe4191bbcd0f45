"""Numbers in a text by their value: digits of any script, groups of three, commas and points."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import regex

_NUMBER = regex.compile(r"\p{Nd}+(?:[.,'’٫٬\u00a0\u202f]\p{Nd}+)*")
_DIGITS = regex.compile(r"\p{Nd}+")
_MARKS = str.maketrans({"٫": ",", "٬": ",", "’": "'", "\u202f": "\u00a0"})


def readings(number: str) -> frozenset[str]:
    """What a number may be: `1,234` is a thousand or one and a bit, as languages differ; nothing where it is none.

    >>> sorted(readings("1,234")), sorted(readings("1.234.567,5")), sorted(readings("١٢"))
    (['1.234', '1234'], ['1234567.5'], ['12'])
    """
    plain = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in number.translate(_MARKS))
    marks = [sign for sign in plain if not sign.isdecimal()]
    if not marks:
        return frozenset([_canonical(plain, "")])
    found = set()
    parts = regex.split(r"[^0-9]", plain)
    if all(len(part) == 3 for part in parts[1:]) and 0 < len(parts[0]) <= 3 and len(set(marks)) <= 1:
        found.add(_canonical("".join(parts), ""))
    last = marks[-1] if marks else ""
    if last in (".", ",") and marks.count(last) == 1 and all(len(part) == 3 for part in parts[1:-1]):
        found.add(_canonical("".join(parts[:-1]), parts[-1]))
    return frozenset(found)


def _canonical(whole: str, decimals: str) -> str:
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def numbers(text: str) -> list[str]:
    """As they are written, in order.

    What is no one number (a date, a version) is its parts.

    >>> numbers("from 1,000 to 2.5 km on 31.12.2020.")
    ['1,000', '2.5', '31', '12', '2020']
    """
    found: list[str] = []
    for one in map(str, _NUMBER.findall(text)):
        found += [one] if readings(one) else _DIGITS.findall(one)
    return found


def unmatched(source: str, target: str) -> tuple[list[str], list[str]]:
    """Numbers of either text that the other has not, each counted as often as it is there.

    >>> unmatched("1,000 men and 3 dogs", "1.000 Männer und 4 Hunde")
    (['3'], ['4'])
    """
    here, there = numbers(source), numbers(target)
    return _less(here, there), _less(there, here)


def _less(ones: Sequence[str], others: Sequence[str]) -> list[str]:
    left = [readings(one) for one in others]
    found = []
    for one in ones:
        known = readings(one)
        match = next((i for i, other in enumerate(left) if other & known), None)
        if match is None:
            found.append(one)
        else:
            left.pop(match)
    return found
