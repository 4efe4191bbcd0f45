"""Values of columns, compared: numbers with numbers, texts with texts, and what is missing is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from isogloss.errors import InvalidValue
from isogloss.notebook.queries.grammar import Column, Compare, Literal, Within
from isogloss.tables.columns import is_number, text_of
from isogloss.types import Mask

_NOTHING = "column without values"
_ORDERED = {"=": np.equal, "≠": np.not_equal, "<": np.less, "≤": np.less_equal, ">": np.greater, "≥": np.greater_equal}


@dataclass(frozen=True)
class Truth:
    """mask: true, (n,). known: whether it can be told. Logic of three values: unknown or true is true."""

    mask: Mask
    known: Mask

    def __and__(self, other: Truth) -> Truth:
        false = (self.known & ~self.mask) | (other.known & ~other.mask)
        return Truth(self.mask & other.mask, (self.known & other.known) | false)

    def __or__(self, other: Truth) -> Truth:
        return ~(~self & ~other)

    def __invert__(self) -> Truth:
        return Truth(~self.mask, self.known)


def key_of(value: Any) -> str:
    """How a value of a category is told from others, as text.

    >>> key_of(1.0), key_of(True), key_of(" Yes ")
    ('1', 'true', 'yes')
    """
    return (text_of(value) or "").strip().casefold()


def compared(left: Any, how: Compare, right: Any, *, n: int) -> Truth:
    """Columns or literals, row by row. Raises InvalidValue where a number meets a text."""
    (a, a_known, a_kind), (b, b_known, b_kind) = (_operand(side, n) for side in (left, right))
    if a_kind != b_kind and _NOTHING not in (a_kind, b_kind):
        told = " and ".join(
            f"{name} is a {kind}" for name, kind in ((_told(how.left), a_kind), (_told(how.right), b_kind))
        )
        raise InvalidValue(
            f"the rule compares what does not meet: {told}", "texts stand in quotation marks, numbers not"
        )
    known = a_known & b_known
    mask = np.zeros(n, dtype=np.bool_)
    mask[known] = _ORDERED[how.operator](a[known], b[known])
    return Truth(mask, known)


def within(column: pa.ChunkedArray, how: Within) -> Truth:
    """Whether a column's value is one of a list."""
    found = Truth(np.zeros(len(column), dtype=np.bool_), np.ones(len(column), dtype=np.bool_))
    for value in how.values:
        found = found | compared(column, Compare(how.column, "=", Literal(value)), value, n=len(column))
    return found


def _told(side: Any) -> str:
    return f"{side.name[:80]!r}" if isinstance(side, Column) else f"{str(side.value)[:80]!r}"


def _operand(side: Any, n: int) -> tuple[np.ndarray, Mask, str]:
    """Values, which of them there are, and of what kind."""
    if not isinstance(side, pa.ChunkedArray):
        kind = "text" if isinstance(side, str) else "number"
        value = np.empty(n, dtype=object) if kind == "text" else np.full(n, float(side))
        if kind == "text":
            value[:] = side
        return value, np.ones(n, dtype=np.bool_), kind
    if pa.types.is_dictionary(side.type):
        side = side.cast(side.type.value_type)
    if is_number(side.type) or pa.types.is_boolean(side.type):
        numbers = np.asarray(pc.cast(side, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
        return numbers, ~np.isnan(numbers), "number"
    if not pa.types.is_null(side.type):
        texts = np.empty(n, dtype=object)
        texts[:] = [text_of(one) for one in side.to_pylist()]
        return texts, np.array([bool(one) for one in texts], dtype=np.bool_), "text"
    return np.empty(n, dtype=object), np.zeros(n, dtype=np.bool_), _NOTHING
