"""Parallel phrases that need no file: units, times, dates and names of Unicode CLDR, through babel."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import cache
from typing import Any

from isogloss.sentences.parallel import ParallelSet
from isogloss.text.tally import Tally

NAME = "phrases"
PIVOT = "en"
_UNITS = "meter kilometer kilogram gram liter second minute hour day week month year degree celsius percent".split()
_COUNTS = (1, 2, 5, 21, 100)
_DAYS = tuple(datetime.date(2024, month, day) for month, day in ((1, 1), (2, 14), (5, 30), (8, 6), (11, 23)))
_APART = tuple(datetime.timedelta(**{unit: n}) for unit in ("seconds", "hours", "days", "weeks") for n in (2, 3, -5))
_LEAST = 0.6  # of the phrases of English a language must have in words of its own


def phrases() -> ParallelSet:
    """Phrases in every language of CLDR that has most of them: dates, spans of time, measures, and the names of
    territories, languages and currencies. Rows are in the same order for all; what a language does not have, or spells
    as English does, is missing there.

    >>> found = phrases()
    >>> found.texts["de"][:2], len(found.languages) > 100
    (['Montag, 1. Januar 2024', 'Mittwoch, 14. Februar 2024'], True)
    """
    return _phrases()


@cache
def _phrases() -> ParallelSet:
    from babel import Locale, localedata

    english = list(_of(Locale.parse(PIVOT), None))
    texts: dict[str, list[str | None]] = {PIVOT: list(english)}
    tally = Tally()
    for code in sorted(localedata.locale_identifiers()):
        parts = code.split("_")
        if code in (PIVOT, "root") or len(parts) > 2 or (len(parts) == 2 and len(parts[1]) != 4):
            continue  # a region or a variant adds little of its own
        localedata._cache.clear()  # what an alias resolves to is written where all locales share it
        locale = Locale.parse(code)
        own = list(_of(locale, english))
        if sum(text is not None for text in own) >= _LEAST * len(english):
            texts[code] = own
            tally.read += 1
        else:
            tally.skip("few_phrases", code)
    return ParallelSet(NAME, texts, tally)


def _of(locale: Any, english: list[str | None] | None) -> Iterator[str | None]:
    """The phrases of a locale; None for what it lacks, or what is the English one."""
    for number, text in enumerate(_texts(locale)):
        yield None if english is not None and text == english[number] else text


def _texts(locale: Any) -> Iterator[str | None]:
    from babel.dates import format_date, format_timedelta
    from babel.units import UnknownUnitError, format_unit

    for day in _DAYS:
        yield format_date(day, "full", locale)
    for apart in _APART:
        yield format_timedelta(apart, add_direction=True, locale=locale, threshold=2)
    for unit in _UNITS:
        for n in _COUNTS:
            try:
                yield format_unit(n, unit, locale=locale)
            except (UnknownUnitError, KeyError, ValueError):
                yield None
    for names, keys in ((locale.territories, _named("territories")), (locale.languages, _named("languages"))):
        for key in keys:
            yield names.get(key)
    for key in _named("currencies"):
        yield locale.currencies.get(key)


@cache
def _named(kind: str) -> tuple[str, ...]:
    """What English has a name for: two letters of a territory, two or three of a language, three of a currency."""
    from babel import Locale

    known = getattr(Locale.parse(PIVOT), kind)
    return tuple(sorted(key for key in known if kind == "currencies" or (len(key) == 2 and key.isalpha())))
