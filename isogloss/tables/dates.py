"""Dates as people and programs write them, as positions on a line of years.

A position is year + ((month − 1) · 31 + day − 1) / 372, so that the days of a year keep their order and its whole part
is the year. A value that names a month, a year or a decade is the interval it covers. *c. 1890*, *1890?* and empty
cells are no dates.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from isogloss.errors import InvalidValue
from isogloss.tables.columns import is_number, is_text, is_time, text_of

_DAYS = 372
_YEAR = (_DAYS - 1) / _DAYS  # from the first to the last day of a year
_SAME = 0.1 / _DAYS
_LIKE = 0.5  # of the values of a column must be dates before it is offered as one
_LOOKED_AT = 2_000
_MONTHS = "january february march april may june july august september october november december".split()
_SHORT = {name[:3]: i for i, name in enumerate(_MONTHS, 1)} | {"sept": 9}
_NUMBER = re.compile(r"[-\u2212]?\d{1,15}(?:\.\d+)?")
_ISO = re.compile(r"([-\u2212+]?\d{4,6})([-/.])(\d{1,2})(?:\2(\d{1,2})(?:[T ].*)?)?")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(-?\d{4})(?:,? .*)?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[./](\d{4})")
_COMPACT = re.compile(r"\d{8}(?:T?\d{6}Z?)?")
_DECADE = re.compile(r"(\d{1,3})0['’]?s")
_BEFORE = re.compile(r"(\d{1,5}) ?(?:BCE?|B\.C\.)", re.I)
_QUARTER = re.compile(r"(\d{4})[- ]?Q([1-4])", re.I)
_WEEK = re.compile(r"(\d{4})-?W(\d{2})(?:-?[1-7])?")
_WORDS = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,? )?(?:(\d{1,2})(?:st|nd|rd|th|\.)?[ -])?([A-Za-z]{3,9})\.?[ -]"
    r"(?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4})(?: .*)?"
)
_FEWEST, _SECONDS = 1e8, 1e11  # numbers in between are seconds since 1970, above that milliseconds
Interval = tuple[float, float]
Positions = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Dated:
    """low, high: of each row, float64 (n,), NaN where it is undated. numbers: they are plain numbers, not days.

    told: how they were read, where that had to be decided. ambiguous: day and month could be either.
    """

    low: Positions
    high: Positions
    numbers: bool = False
    told: str = ""
    ambiguous: bool = False

    @property
    def undated(self) -> npt.NDArray[np.bool_]:
        return np.isnan(self.low)

    def within(self, low: float, high: float) -> npt.NDArray[np.bool_]:
        """Rows that lie wholly between two bounds, both included; a whole number is a whole year.

        Raises InvalidValue where a bound is finer than what is known of day and month.
        """
        if self.numbers:
            return np.asarray((self.low >= low) & (self.high <= high))
        if self.ambiguous and not (float(low).is_integer() and float(high).is_integer()):
            raise InvalidValue(
                "in every date of this column the day could be the month",
                "write the dates as 1899-04-15, or slice by years",
            )
        end = high + _YEAR if float(high).is_integer() else high
        return np.asarray((self.low >= low - _SAME) & (self.high <= end + _SAME))

    @property
    def years(self) -> Positions:
        """What ranges are proposed of: the numbers, or the years, float64 (n,)."""
        return self.low if self.numbers else np.floor(self.low + _SAME)


def position(year: int, month: int = 1, day: int = 1) -> float:
    """Where a day stands on the line of years.

    >>> position(1899), position(1899, 12, 31) < 1900, int(position(-50, 6, 1) // 1)
    (1899.0, True, -50)
    """
    return year + ((month - 1) * 31 + day - 1) / _DAYS


def bound(value: Any, *, end: bool) -> float | None:
    """A bound of a range as a position, None for what is none; text is a year, month or day, whole at its end.

    >>> bound(1899, end=True), bound("1899", end=False), bound("spring", end=False)
    (1899, 1899, None)
    >>> 1899.24 < bound("1899-03", end=True) < 1899.25
    True
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, datetime.date):
        value = value.isoformat()
    if not isinstance(value, str):
        return None
    text = value.strip()
    if re.fullmatch(r"[-\u2212]?\d{1,6}", text):
        return int(text.replace("\u2212", "-"))
    found = _iso(text)
    if found is None:
        return None
    return found[1] + 4 * _SAME if end else found[0]  # never a whole number, which would be a whole year


def spelt(value: float, *, end: bool) -> float | str:
    """A bound as `bound` reads it: the month or day that a position between two years stands for, else the number.

    >>> [spelt(bound(text, end=True), end=True) for text in ("1899", "1899-03", "1899-03-15")]
    [1899, '1899-03', '1899-03-15']
    """
    if float(value).is_integer():
        return int(value)
    year, rest = divmod(value + _SAME, 1)
    about = int(rest * 12) + 1
    digits = 5 if year < 0 else 4
    months = [f"{int(year):0{digits}}-{month:02}" for month in range(max(1, about - 1), min(12, about + 1) + 1)]
    days = [f"{month}-{day:02}" for month in months for day in range(1, 32)]
    return next((text for text in (*months, *days) if bound(text, end=end) == value), value)


def dated(column: pa.ChunkedArray, bounds: Sequence[float] = ()) -> Dated | None:
    """The dates of a column; None where no value is one.

    bounds: of the slices. Whole numbers such as 18990415, and seconds or milliseconds since 1970, are dates where all
    values are and every bound is a year.
    """
    kind = column.type
    if is_time(kind):
        return _of_times(column)
    years_asked = bool(bounds) and all(abs(value) < 10_000 for value in bounds)
    if is_number(kind) or pa.types.is_boolean(kind):
        values = np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
        values = np.where(np.isfinite(values), values, np.nan)
        return (_of_compact(values) if years_asked and is_number(kind) else None) or Dated(values, values, numbers=True)
    if not is_text(kind):
        return None
    names = column.combine_chunks().dictionary_encode()
    texts = [str(one).strip() for one in names.dictionary.to_pylist()]
    found, told, ambiguous, numbers = _of_texts(texts)
    if numbers is not None:
        compact = _of_compact(numbers) if years_asked else None
        low, high, exact = (compact.low, compact.high, False) if compact else (numbers, numbers, True)
        told = compact.told if compact else ""
    else:
        low, high = (np.array([one[i] if one else np.nan for one in found], dtype=np.float64) for i in (0, 1))
        exact = False
    if not len(low) or np.isnan(low).all():
        return None
    at = names.indices.fill_null(len(low)).to_numpy(zero_copy_only=False).astype(np.int64)
    low, high = np.append(low, np.nan)[at], np.append(high, np.nan)[at]
    return Dated(low, high, numbers=exact, told=told, ambiguous=ambiguous)


def is_dated(column: pa.ChunkedArray) -> bool:
    """Whether ranges can be asked of a column: it holds numbers or dates, or texts of which half are such."""
    if is_number(column.type) or is_time(column.type):
        return True
    if not is_text(column.type):
        return False
    some = pc.unique(column.slice(0, _LOOKED_AT)).drop_null()
    values = [text for one in some.to_pylist() if (text := str(one).strip())]
    if not values:
        return False
    found, _, _, numbers = _of_texts(values)
    if numbers is not None:
        return True
    return sum(one is not None for one in found) >= _LIKE * len(values)


def _of_times(column: pa.ChunkedArray) -> Dated:
    year, month, day = (
        np.asarray(way(column).cast(pa.float64()).to_numpy(), dtype=np.float64) for way in (pc.year, pc.month, pc.day)
    )
    low = year + ((month - 1) * 31 + day - 1) / _DAYS
    return Dated(low, low)


def _of_compact(values: Positions) -> Dated | None:
    """Whole numbers that are all days written as 18990415, or all seconds or milliseconds since 1970."""
    known = values[~np.isnan(values)]
    if not len(known) or (known != np.floor(known)).any() or known.min() < 1e7:
        return None
    months, days = known // 100 % 100, known % 100
    low = np.full(len(values), np.nan)
    if known.max() < 1e8 and ((months >= 1) & (months <= 12) & (days >= 1) & (days <= 31)).all():
        low[~np.isnan(values)] = known // 10_000 + ((months - 1) * 31 + days - 1) / _DAYS
        return Dated(low, low, told="days written as 18990415")
    if known.min() >= _FEWEST and known.max() < _SECONDS * 100:
        milli = known.min() >= _SECONDS
        if not milli and known.max() >= _SECONDS:
            return None
        times = (known / (1000 if milli else 1)).astype("datetime64[s]").astype("datetime64[D]")
        found = _of_times(pa.chunked_array([pa.array(times)]))
        low[~np.isnan(values)] = found.low
        return Dated(low, low, told=f"{'milli' if milli else ''}seconds since 1970")
    return None


def _of_texts(values: Sequence[str]) -> tuple[list[Interval | None], str, bool, Positions | None]:
    """Intervals, how they were read, whether day and month are in doubt; the numbers, where all values are such."""
    full = [value for value in values if value]
    if full and all(_NUMBER.fullmatch(value) for value in full):
        return [], "", False, np.array([float(v.replace("\u2212", "-")) if v else np.nan for v in values])
    matched = [one for value in full if (one := _NUMERIC.fullmatch(value))]
    firsts, seconds = [int(one[1]) for one in matched], [int(one[3]) for one in matched]
    slashes = any(one[2] == "/" for one in matched)
    day_first = any(n > 12 for n in firsts) or not (any(n > 12 for n in seconds) or slashes)
    ambiguous = bool(matched) and max((*firsts, *seconds)) <= 12 and slashes
    told = []
    if matched:
        told.append("the day could be the month" if ambiguous else "day first" if day_first else "month first")
    if any(_DECADE.fullmatch(value) for value in full):
        told.append("decades")
    found = [_interval(value, day_first) for value in values]
    return found, ", ".join(told), ambiguous, None


def _interval(text: str, day_first: bool) -> Interval | None:
    ways: tuple[Callable[[str], Interval | None], ...] = (
        _year,
        _iso,
        lambda one: _numeric(one, day_first),
        _decade,
        _compact,
        _worded,
    )
    return next((found for way in ways if (found := way(text))), None)


def _year(text: str) -> Interval | None:
    if _NUMBER.fullmatch(text):
        value = float(text.replace("\u2212", "-"))
        if abs(value) < 10_000 and value.is_integer():
            return value, value + _YEAR
    if found := _BEFORE.fullmatch(text):
        return -float(found[1]), -float(found[1]) + _YEAR
    return None


def _iso(text: str) -> Interval | None:
    if found := _ISO.fullmatch(text):
        return _day(int(found[1].replace("\u2212", "-")), int(found[3]), int(found[4]) if found[4] else None)
    if found := _QUARTER.fullmatch(text):
        first = 3 * int(found[2]) - 2
        return position(int(found[1]), first), position(int(found[1]), first + 2, 31 if first in (1, 10) else 30)
    if (found := _WEEK.fullmatch(text)) and 1 <= int(found[2]) <= 53:
        try:
            monday = datetime.date.fromisocalendar(int(found[1]), int(found[2]), 1)
        except ValueError:
            return None
        start = position(monday.year, monday.month, monday.day)
        return start, start
    return None


def _numeric(text: str, day_first: bool) -> Interval | None:
    if found := _NUMERIC.fullmatch(text):
        one, two = int(found[1]), int(found[3])
        day, month = (one, two) if (day_first and two <= 12) or one > 12 else (two, one)
        return _day(int(found[4]), month, day)
    if found := _MONTH_YEAR.fullmatch(text):
        return _day(int(found[2]), int(found[1]), None)
    return None


def _decade(text: str) -> Interval | None:
    found = _DECADE.fullmatch(text)
    return (float(found[1]) * 10, float(found[1]) * 10 + 9 + _YEAR) if found else None


def _compact(text: str) -> Interval | None:
    found = _COMPACT.fullmatch(text)
    return _day(int(text[:4]), int(text[4:6]), int(text[6:8])) if found else None


def _worded(text: str) -> Interval | None:
    found = _WORDS.fullmatch(text)
    if found is None:
        return None
    name = found[2].lower()
    month = _SHORT.get(name) or (_MONTHS.index(name) + 1 if name in _MONTHS else None)
    day = found[1] or found[3]
    return _day(int(found[4]), month, int(day) if day else None) if month else None


def _day(year: int, month: int, day: int | None) -> Interval | None:
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(2001, month)[1] + (month == 2 and calendar.isleap(year))
    if not 1 <= (day or 1) <= last:
        return None
    return position(year, month, day or 1), position(year, month, day or last)


def value_text(value: Any) -> str:
    """What a value is compared with where slices name their values: 1800.0 is `1800`.

    >>> value_text(1800.0), value_text(True), value_text("FRA")
    ('1800', 'true', 'FRA')
    """
    return text_of(value) or ""
