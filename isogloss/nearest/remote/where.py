"""Conditions on the columns of items, as each engine is asked for them; what is typed never becomes a query."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from isogloss.errors import InvalidValue

SIGNS = ("<=", ">=", "!=", "=", "<", ">")
_CONDITION = re.compile(r"\s*(.+?)\s*(<=|>=|!=|=|<|>)\s*(.+?)\s*", re.DOTALL)

Value = str | int | float | bool


@dataclass(frozen=True)
class Condition:
    """column: a name that the published space has. value: of that column's own type."""

    column: str
    sign: str
    value: Value


def conditions(texts: Sequence[str], columns: Mapping[str, str]) -> list[Condition]:
    """What is typed, as `count >= 100`. columns: name → type as Arrow writes it. Raises InvalidValue.

    >>> conditions(["count>=100", "language = de"], {"count": "int64", "language": "string"})
    [Condition(column='count', sign='>=', value=100), Condition(column='language', sign='=', value='de')]
    >>> conditions(["cont > 1"], {"count": "int64"})
    Traceback (most recent call last):
    isogloss.errors.InvalidValue: there is no column 'cont': choose from count
    """
    return [_read(text, columns) for text in texts]


def _read(text: str, columns: Mapping[str, str]) -> Condition:
    found = _CONDITION.fullmatch(text)
    if not found:
        raise InvalidValue(f"{text[:80]!r} is no condition", f"write a column, one of {' '.join(SIGNS)} and a value")
    column, sign, typed = found.groups()
    if column not in columns:
        raise InvalidValue(f"there is no column {column[:80]!r}", f"choose from {', '.join(columns) or 'none'}")
    kind = columns[column]
    try:
        return Condition(column, sign, _value(typed, kind))
    except ValueError:
        raise InvalidValue(
            f"{column} is {kind} and {typed[:40]!r} is not", "give a value of the column's type"
        ) from None


def _value(typed: str, kind: str) -> Value:
    if kind == "bool":
        if typed.casefold() not in ("true", "false"):
            raise ValueError(typed)
        return typed.casefold() == "true"
    if kind.startswith(("int", "uint")):
        return int(typed.replace(",", ""))
    if kind in ("float", "double", "halffloat"):
        return float(typed)
    return typed


def kept_columns(table: pa.Table) -> pa.Table:
    """The columns that a condition can be put to: texts, whole numbers, numbers and truths, in three types.

    >>> kept_columns(pa.table({"n": pa.array([1], pa.int32()), "l": [[1, 2]]})).schema.types
    [DataType(int64)]
    """
    kept = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if pa.types.is_boolean(kind):
            kept[name] = column
        elif pa.types.is_integer(kind):
            kept[name] = column.cast(pa.int64())
        elif pa.types.is_floating(kind):
            kept[name] = column.cast(pa.float64())
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            kept[name] = column.cast(pa.string())
    return pa.table(kept)
