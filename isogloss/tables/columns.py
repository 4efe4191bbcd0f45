"""Columns of a table: names told apart and found as people write them; values that are no texts as their text."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from isogloss.errors import InvalidValue

_SHOWN = 300


def told_apart(names: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Names of columns, each its own, and those that were renamed: position and old name → new name.

    >>> told_apart(["text", " text", ""])
    (['text', 'text 2', 'column 3'], {'column 2, text': 'text 2'})
    """
    found: dict[str, None] = {}
    renamed: dict[str, str] = {}
    kept = {name.strip() for name in names}
    last: dict[str, int] = {}
    for i, given in enumerate(names, 1):
        name = given.strip() or f"column {i}"
        new, n = name, 1
        if name in found:
            n = last.get(name, 1)
        while new in found or (n > 1 and new in kept):
            n += 1
            new = f"{name} {n}"
        last[name] = n
        if new != name:
            renamed[f"column {i}, {name}"] = new
        found[new] = None
    return list(found), renamed


def find_column(names: Sequence[str], asked: str, *, file: str) -> str:
    """The column that is meant: by its name, else the only one of that name in other case, else the only one that ends
    so within objects (`meta.year`). Raises InvalidValue, with the columns that there are.

    >>> find_column(["Year", "Text"], "text", file="c.csv"), find_column(["meta.year", "text"], "year", file="c.jsonl")
    ('Text', 'meta.year')
    """
    if asked in names:
        return asked
    ways: tuple[Callable[[str], str], ...] = (
        lambda name: name.strip().casefold(),
        lambda name: name.rpartition(".")[2].strip().casefold(),
    )
    for way in ways:
        found = [name for name in names if way(name) == asked.strip().casefold()]
        if len(found) == 1:
            return found[0]
        if found:
            break
    shown = ", ".join(names)
    shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + " …"
    raise InvalidValue(f"{file} has no column {asked[:80]!r}", f"its columns are {shown}")


def is_text(kind: pa.DataType) -> bool:
    """Whether a column holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def is_time(kind: pa.DataType) -> bool:
    """Whether a column holds dates."""
    return bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind))


def is_number(kind: pa.DataType) -> bool:
    """Whether a column holds numbers."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def text_of(value: Any) -> str | None:
    """A value as its text: lists and objects as JSON, whole numbers without a point, null as None.

    >>> text_of([1, "a"]), text_of(1890.0), text_of(True), text_of(None)
    ('[1, "a"]', '1890', 'true', None)
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return str(value)


def texts_of(values: Iterable[Any]) -> pa.Array:
    """Values of any kinds as texts; a lone surrogate, which is no letter, as a question mark."""
    found = [text_of(value) for value in values]
    try:
        return pa.array(found, pa.string())
    except UnicodeEncodeError:
        return pa.array([one and one.encode("utf-8", "replace").decode() for one in found], pa.string())


def plain_table(table: pa.Table) -> pa.Table:
    """Texts, numbers, truth values and dates; objects as a column for each of their values, the rest as its text.

    Column names are made different from each other.
    """
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    columns = [_plain(column) for column in table.columns]
    return pa.table(columns, names=told_apart(table.column_names)[0])


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type))
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    if pa.types.is_float16(kind):
        return column.cast(pa.float32())
    if pa.types.is_string_view(kind):
        return column.cast(pa.large_string())
    if is_text(kind) or is_number(kind) or is_time(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return column
    return pa.chunked_array([texts_of(column.to_pylist())])


def blank_is_null(table: pa.Table) -> pa.Table:
    """Empty texts as null."""
    for i, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            column = table.column(i)
            filled = pc.if_else(pc.equal(column, ""), pa.scalar(None, field.type), column)
            table = table.set_column(i, field.name, filled)
    return table
