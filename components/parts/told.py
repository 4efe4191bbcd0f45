"""Sentences that the engine makes, in English, said in the language of the visit.

The engine knows no language. What it says is recognised by its pattern; what is not known here stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from components.parts.sayings.errors import ERRORS, LEVERS, SKIPPED
from components.parts.sayings.findings import FINDINGS
from components.parts.spoken import count, parted, say, spoken
from isogloss.interface.languages import ENGLISH
from isogloss.text.tally import NAMED, Tally

PATTERNS = (*FINDINGS, *ERRORS, *LEVERS)  # a field stands for any text, and `said` for sentences that are told too


def told(text: str) -> str:
    """A sentence of the engine in the language of the visit; as it is where it is not known.

    >>> told("the spaces are not aligned")
    'the spaces are not aligned'
    """
    if spoken() == ENGLISH or not text:
        return text
    for message, pattern in _compiled():
        if found := pattern.fullmatch(text):
            fields = found.groupdict()
            if "said" in fields:
                fields["said"] = clauses(fields["said"])
            return say(message, **fields)
    return text


def clauses(text: str) -> str:
    """The same of several sentences that a semicolon parts.

    >>> clauses("1 was not translated at all; the spaces are not aligned")
    '1 was not translated at all; the spaces are not aligned'
    """
    return parted(told(one) for one in text.split("; "))


def read_said(one: Tally) -> str:
    """What was read, skipped and left out, as `Tally.sentence` says it in English.

    >>> read_said(Tally(read=3))
    '3 read'
    """
    if spoken() == ENGLISH:
        return one.sentence()
    parts = [count("{n:,} read", "{n:,} read", one.read)]
    if found := [_skipped(one, reason, n) for reason, n in one.skipped.items() if n]:
        parts.append(say("skipped: {what}", what=", ".join(found)))
    if one.left_out:
        named = [f"{name} ({told(why)})" for name, why in list(one.left_out.items())[:NAMED]]
        few, more = ", ".join(named), len(one.left_out) - len(named)
        named_all = count("{few} and {n:,} more", "{few} and {n:,} more", more, few=few) if more else few
        parts.append(say("left out: {what}", what=named_all))
    return parted(parts)


def _skipped(one: Tally, reason: str, n: int) -> str:
    named = ", ".join(one.listed.get(reason, [])[:NAMED])
    why = reason.replace("_", " ")
    return f"{n:,} {say(why) if why in SKIPPED else why}" + (f" ({named})" if named else "")


@cache
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    exact = sorted(PATTERNS, key=lambda one: -sum(len(text) for text, _, _, _ in Formatter().parse(one)))
    return tuple((one, re.compile(_pattern(one), re.DOTALL)) for one in exact)


def _pattern(message: str) -> str:
    parts = []
    for literal, name, _, _ in Formatter().parse(message):
        parts.append(re.escape(literal) + (f"(?P<{name}>.{{1,480}}?)" if name else ""))
    return "".join(parts)
