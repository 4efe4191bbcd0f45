"""Columns of an import as a space can hold them: names of ours mean what they mean here, or are renamed and said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from isogloss.tables.columns import texts_of

OURS = ("item", "vector")  # never a column beside the items
NUMBERS = {"count": np.inf, "per_million": 1e6, "documents": np.inf, "authors": np.inf, "capital_share": 1.0}
TEXTS = ("language", "script", "concept", "translation", "text")
_GROUPED = "^\\s*[+]?\\d{1,3}([,.' \u00a0\u202f]\\d{3})+\\s*$"


def own_columns(table: pa.Table) -> tuple[pa.Table, dict[str, str]]:
    """The columns under names that are free, and what became of each that was not taken as it is.

    `item` and `vector` are the space's own; `count` and others of NUMBERS must be numbers of 0 or more ("1,234" is
    one); those of TEXTS become text; dates, lists and objects are kept as their text. A column of nothing is left out.

    >>> found, said = own_columns(pa.table({"item": [7], "count": ["1,234"], "documents": ["some text"]}))
    >>> found.to_pylist(), said["documents"]
    ([{'item (file)': 7, 'count': 1234, 'documents (file)': 'some text'}], 'renamed documents (file): not numbers')
    """
    out: dict[str, Any] = {}
    said: dict[str, str] = {}
    for number, name in enumerate(table.column_names):
        column, why = plain(table.column(number)), ""
        called = " ".join(name.split())[:200] or "column"
        if column is None:
            said[called] = "left out: it holds nothing"
            continue
        key = called.casefold()
        if key in OURS:
            why = "the name is the space's own"
        elif key in NUMBERS:
            numbers = as_numbers(column, NUMBERS[key])
            column, why = (column, "not numbers") if numbers is None else (numbers, "")
            called = key if numbers is not None else called
        elif key in TEXTS:
            column = column if pa.types.is_string(column.type) else pc.cast(column, pa.string())
            called = key
        elif key in out:
            why = "two columns have this name"
        new = called if not why else _free(called, out)
        if new in out:
            new, why = _free(called, out), "two columns have this name"
        if why:
            said[called] = f"renamed {new}: {why}"
        out[new] = column
    return pa.table(out), said


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """A column as numbers, truth values or text; None where it holds nothing."""
    kind = column.type
    if pa.types.is_null(kind) or (len(column) and column.null_count == len(column)):
        return None
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_string(kind):
        return column
    if pa.types.is_floating(kind):
        return column.cast(pa.float64())
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_temporal(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.string())
    return pa.chunked_array([texts_of(column.to_pylist())])


def column_of(values: list[Any]) -> pa.ChunkedArray:
    """Values of any kinds as one column: as they are where they are of one kind, else all as text."""
    try:
        return pa.chunked_array([pa.array(values)])
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return pa.chunked_array([texts_of(values)])


def as_numbers(column: pa.ChunkedArray, most: float) -> pa.ChunkedArray | None:
    """Numbers between 0 and most, None where any is not one; thousands may be grouped, as in 1,234."""
    if pa.types.is_string(column.type):
        grouped = pc.match_substring_regex(column, _GROUPED)
        bare = pc.if_else(grouped, pc.replace_substring_regex(column, r"[^\d]", ""), column)
        try:
            column = pc.cast(pc.utf8_trim_whitespace(bare), pa.float64())
        except pa.ArrowException:
            return None
    if pa.types.is_boolean(column.type):
        return None
    numbers = column.cast(pa.float64()).to_numpy()
    known = numbers[~np.isnan(numbers)]
    if not len(known) or known.min() < 0 or known.max() > most:
        return None
    whole = bool((known == np.round(known)).all()) and most == np.inf and known.max() < 2**53
    if whole:
        return pa.chunked_array([pa.array([None if np.isnan(v) else int(v) for v in numbers.tolist()], pa.int64())])
    return pa.chunked_array([pa.array(numbers, pa.float64(), from_pandas=True)])


def _free(name: str, taken: dict[str, Any]) -> str:
    found, number = f"{name} (file)", 2
    while found in taken or found.casefold() in OURS:
        found, number = f"{name} (file {number})", number + 1
    return found
