"""How a corpus may be sliced: proposals from its columns, slices as a person types them, what is in each."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from isogloss.corpora.corpus import place
from isogloss.corpora.recipe import Replicates, Slice, TrainingParameters
from isogloss.errors import InvalidValue
from isogloss.tables.columns import is_text
from isogloss.tables.dates import bound, dated, is_dated

MOST = 24
_ENOUGH = 1_000_000
_YEARS = (0.0, 2100.0)  # bounds by which days written as 18990415 are taken for days
_SPEED = 170_000  # words a second and core, of one pass over the text
_TIME = ("year", "date", "period", "decade", "session", "time")
_END = r"([-−]?\d+(?:\.\d+|-\d{2}(?:-\d{2})?(?!\d))?)"  # a number, or a month or day as 1990-03, 1990-03-15
_RANGE = re.compile(rf"(?:(.{{1,40}}?):\s*)?{_END}\s*[-–…]\s*{_END}")


@dataclass(frozen=True)
class Contents:
    """documents, words: in each slice, in their order; rest: documents in none, undated: those of them without a date.

    dates: how dates were read, where that had to be decided. Words are runs of letters.
    """

    documents: tuple[int, ...]
    words: tuple[int, ...]
    rest: int
    undated: int = 0
    dates: str = ""

    @property
    def total(self) -> int:
        """Words in all slices."""
        return sum(self.words)

    def poor(self, slices: tuple[Slice, ...]) -> list[str]:
        """Names of the slices with too few words for vectors that are not noisy: under a million."""
        return [one.name for one, words in zip(slices, self.words, strict=True) if words < _ENOUGH]


def text_columns(table: pa.Table) -> list[str]:
    """Columns of text, the one with the longest values first."""
    found = [f.name for f in table.schema if is_text(f.type)]
    return sorted(found, key=lambda name: -(pc.mean(pc.utf8_length(table[name].slice(0, 200))).as_py() or 0))


def slicing_columns(table: pa.Table, text: str) -> list[str]:
    """Columns to slice by: those of time first, then numbers, then names that come back."""
    names = [f.name for f in table.schema if f.name != text]

    def order(name: str) -> int:
        told = next((i for i, part in enumerate(_TIME) if part in name.lower()), None)
        return len(_TIME) + (not is_dated(table[name])) if told is None else told

    return sorted((n for n in names if is_dated(table[n]) or _repeats(table[n])), key=order)


def _repeats(column: pa.ChunkedArray) -> bool:
    plain = pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or pa.types.is_boolean(column.type)
    return bool(plain) and 1 < pc.count_distinct(column).as_py() <= max(len(column) // 2, 2)


def propose(column: pa.ChunkedArray, n: int = 4) -> tuple[Slice, ...]:
    """n ranges of numbers or years with about as many documents in each, or the n commonest values.

    >>> [s.name for s in propose(pa.chunked_array([[1900, 1901, 1950, 1951]]), 2)]
    ['1900-1901', '1950-1951']
    """
    found = dated(column, _YEARS) if is_dated(column) else None
    if found is None:
        counts = pc.value_counts(column.drop_null()).to_pylist()
        best = sorted(counts, key=lambda one: (-one["counts"], str(one["values"])))[:n]
        return tuple(Slice(str(one["values"]), values=(str(one["values"]),)) for one in best)
    values = np.unique(found.years[~found.undated], return_counts=True)
    if not len(values[0]):
        return ()
    part = np.minimum((np.cumsum(values[1]) - values[1] / 2) * n // values[1].sum(), n - 1)
    groups = [values[0][part == i] for i in range(n)]
    return tuple(_range(float(g.min()), float(g.max())) for g in groups if len(g))


def _range(low: float, high: float, name: str = "") -> Slice:
    a, b = (int(v) if float(v).is_integer() else v for v in (low, high))
    return Slice(name or (f"{a}-{b}" if a != b else f"{a}"), a, b)


def typed(text: str) -> tuple[Slice, ...]:
    """Ranges as a person writes them, both ends included: `1946-1969, late: 1970-2024`, `-50--1`, `1990-03 – 1991-06`.

    Raises InvalidValue.

    >>> [(s.name, s.low, s.high) for s in typed("1946-1969, late: 1970 – 2024")]
    [('1946-1969', 1946, 1969), ('late', 1970, 2024)]
    """
    found = []
    for part in filter(None, map(str.strip, re.split(r"[,;\n]", text))):
        ends = next((one for given in (part, f"{part}-{part}") if (one := _ends(given))), None)
        if ends is None:
            raise InvalidValue(f"the range {part[:60]!r} is not understood", "write ranges as 1946-1969, 1970-1989")
        found.append(ends)
    if not 1 <= len(found) <= MOST or len({one.name for one in found}) < len(found):
        raise InvalidValue(f"{len(found)} slices were given", f"give 1 to {MOST}, each its own range")
    return tuple(found)


def _ends(part: str) -> Slice | None:
    match = _RANGE.fullmatch(part)
    if match is None:
        return None
    given = match[2], match[3]
    low, high = (_number(given[0]), _number(given[1]))
    low, high = (
        bound(given[0], end=False) if low is None else low,
        bound(given[1], end=True) if high is None else high,
    )
    if low is None or high is None or low > high:
        return None
    dates = _number(given[0]) is None or _number(given[1]) is None
    name = (match[1] or "").strip() or (" – ".join(dict.fromkeys(given)) if dates else "")
    return Slice(name, low, high) if dates else _range(low, high, name)


def _number(text: str) -> float | None:
    try:
        return float(text.replace("−", "-"))
    except ValueError:
        return None


def words_of(texts: pa.ChunkedArray) -> np.ndarray:
    """Runs of letters in each document, int64 (n_documents,)."""
    counted = pc.count_substring_regex(texts, pattern=r"\pL+")
    return np.asarray(counted.fill_null(0).to_numpy(), dtype=np.int64)


def contents(column: pa.ChunkedArray, slices: tuple[Slice, ...], words: np.ndarray) -> Contents:
    """Documents and words of each slice. words: (n_documents,).

    Raises InvalidValue for a column of the wrong kind, and for slices that share documents.
    """
    placed = place(column, slices)
    placed.require_apart(column, slices)
    of = placed.of
    n = len(slices)
    documents, total = np.bincount(of + 1, minlength=n + 1), np.bincount(of + 1, words, minlength=n + 1)
    return Contents(
        tuple(documents[1:].tolist()),
        tuple(int(v) for v in total[1:]),
        int(documents[0]),
        int(placed.undated.sum()),
        placed.told,
    )


def build_minutes(words: int, training: TrainingParameters, replicates: Replicates) -> int:
    """About how long a build takes on two cores, 1 or more; a split into halves is as long as half of its passes.

    >>> build_minutes(31_900_000, TrainingParameters(), Replicates(document=2))
    39
    """
    halves = replicates.document + replicates.author
    passes = training.compass_epochs + training.slice_epochs * (1 + halves) / 2
    return max(1, round(words * passes / _SPEED / 60))
