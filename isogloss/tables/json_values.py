"""Tables in JSON: an object a line, one after another, an array of them, an object of arrays, pandas' forms."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pyarrow as pa

from isogloss.errors import InvalidValue
from isogloss.tables.bounded import Bounded, read_bytes
from isogloss.tables.columnar import require_filled
from isogloss.tables.columns import texts_of, told_apart
from isogloss.tables.encodings import decoded
from isogloss.tables.opened import opened
from isogloss.tables.read import TableRead
from isogloss.text.nested import read_json as parsed
from isogloss.text.nested import require_shallow
from isogloss.text.tally import Tally

_ONE_A_LINE = "give one object a line"
_LEVERS = {
    "row_that_is_no_json": _ONE_A_LINE,
    "row_that_is_no_object": _ONE_A_LINE,
    "not_utf8": "convert it to UTF-8",
}
KEY = "key"  # the column of the names that stand before objects


def read_json(path: Path, part: str | None = None) -> TableRead:
    """Objects as rows: what one lacks is null, values of several kinds are texts, nested objects `outer.inner`.

    Lines that are no object are skipped and counted. Raises InvalidValue for more of them than one in a hundred, for
    JSON that holds no rows and for no JSON at all.
    """
    name = part or path.name
    if (sound := _sound_lines(path, part, name)) is not None:
        return sound
    found = decoded(read_bytes(path, part=part))
    text = found.text.removeprefix("\ufeff")
    told = {} if found.encoding == "utf-8" else {"encoding": found.encoding}
    tally = Tally()
    rows = _of_lines(text, name, tally)
    if rows is None:
        rows = _rows(_values(text, name), name, tally, told)
    rows = _writable(rows, tally)
    if not rows:
        why = f" ({tally.sentence()})" if tally.skipped else ""
        raise InvalidValue(f"{name} is empty{why}", _ONE_A_LINE)
    tally.read = len(rows)
    return TableRead(table_of(rows, allowed=_allowed(path, part)), tally, told)


def _sound_lines(path: Path, part: str | None, name: str) -> TableRead | None:
    """An object on every line but for the blank ones, in UTF-8; None for all else, which takes more care."""
    tally, rows = Tally(), []
    with opened(path, part) as packed:
        for number, line in enumerate(io.BufferedReader(Bounded(packed, name), 1 << 20), 1):
            try:
                one = parsed(line if number > 1 else line.removeprefix(codecs.BOM_UTF8))
            except ValueError:
                if line.strip():
                    return None
                tally.skip("blank_row", f"line {number:,}")
                continue
            if not isinstance(one, dict):
                return None
            rows.append(one)
    if len(rows) < 2 or not all(map(is_writable, _keys(rows))):
        return None
    tally.read = len(rows)
    return TableRead(table_of(rows, allowed=_allowed(path, part)), tally)


def _allowed(path: Path, part: str | None) -> Callable[[int, int], None]:
    return lambda rows, columns: require_filled(path, part, rows=rows, columns=columns)


def table_of(rows: list[dict[str, Any]], *, allowed: Callable[[int, int], None] | None = None) -> pa.Table:
    """Rows as a table, each key a column, also those that only later rows have; lists of one kind stay lists.

    allowed: is asked, with the numbers of rows and columns, before there are so many cells; what it raises is raised.

    >>> table_of([{"a": 1}, {"a": "x", "b": {"c": 1.5}}]).to_pylist()
    [{'a': '1', 'b.c': None}, {'a': 'x', 'b.c': 1.5}]
    """
    names = _keys(rows)
    if allowed:
        allowed(len(rows), len(names))
    columns = {key: [row.get(key) for row in rows] for key in names}
    if any(dict in set(map(type, values)) for values in columns.values()):
        rows = [_flat(row) for row in rows]
        names = _keys(rows)
        if allowed:
            allowed(len(rows), len(names))
        columns = {key: [row.get(key) for row in rows] for key in names}
    arrays = {key: _column(values) for key, values in columns.items()}
    return pa.table(list(arrays.values()), names=told_apart(list(arrays))[0])


def _keys(rows: list[dict[str, Any]]) -> dict[str, None]:
    """All keys in the order in which they come; most rows have those of the one before."""
    found: dict[str, None] = {}
    before: tuple[str, ...] = ()
    for row in rows:
        if (keys := tuple(row)) != before:
            found |= dict.fromkeys(keys)
            before = keys
    return found


def _flat(row: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Objects within objects by dotted names."""
    out: dict[str, Any] = {}
    for key, value in row.items():
        out |= _flat(value, f"{before}{key}.") if isinstance(value, dict) else {before + key: value}
    return out


def _column(values: list[Any]) -> pa.Array:
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {int, float} or len(kinds) == 1:
        try:
            return pa.array(values)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            pass
    return texts_of(values)


def is_writable(name: str) -> bool:
    """Whether a name can be written as UTF-8: names of files and keys of JSON need not be."""
    try:
        return name.isascii() or bool(name.encode())
    except UnicodeEncodeError:
        return False


def _of_lines(text: str, name: str, tally: Tally) -> list[dict[str, Any]] | None:
    """An object a line; None where the text is JSON of another form. Raises InvalidValue for too many odd lines."""
    first = next((line for line in text[: 1 << 24].split("\n", 64) if line.strip()), "")
    last = next((line for line in reversed(text[-(1 << 24) :].split("\n")) if line.strip()), "")
    if not _is_object(first) and not _is_object(last):
        return None
    found = list(_lines(text, name, tally))
    if len(found) == 1 and not tally.skipped.keys() - {"blank_row"}:
        tally.skipped.clear()
        return None
    tally.read = len(found)
    tally.refuse_above(name, _LEVERS)
    return found


def _is_object(line: str) -> bool:
    try:
        return isinstance(parsed(line), dict)
    except ValueError:
        return False


def _lines(text: str, name: str, tally: Tally) -> Iterator[dict[str, Any]]:
    odd = not is_writable(text)
    for number, line in enumerate(io.StringIO(text if "\n" in text else text.replace("\r", "\n")), 1):
        if odd and not is_writable(line):
            tally.skip("not_utf8", f"line {number:,}")
            continue
        try:
            one = parsed(line)
        except ValueError:
            tally.skip("row_that_is_no_json" if line.strip() else "blank_row", f"line {number:,}")
            continue
        if isinstance(one, dict):
            yield one
        else:
            tally.skip("row_that_is_no_object", f"line {number:,}")


def _values(text: str, name: str) -> list[Any]:
    """The values that stand one after another in a text."""
    decoder, at = json.JSONDecoder(), 0
    found: list[Any] = []
    if not is_writable(text):
        text = text.encode("utf-8", "replace").decode()
    try:
        require_shallow(text)
    except ValueError as error:
        raise InvalidValue(f"{name} cannot be read ({error})", _ONE_A_LINE) from error
    while True:
        at += len(text[at : at + 4096]) - len(text[at : at + 4096].lstrip())
        if at < len(text) and text[at].isspace():
            continue
        if at >= len(text):
            return found
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            line = text.count("\n", 0, getattr(error, "pos", at)) + 1
            raise InvalidValue(f"{name}, line {line:,} is no JSON", _ONE_A_LINE) from error
        found.append(value)


def _rows(values: list[Any], name: str, tally: Tally, told: dict[str, str]) -> list[dict[str, Any]]:
    if len(values) == 1 and isinstance(values[0], dict):
        return _of_object(values[0], name, tally, told)
    rows = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    if any(isinstance(one, str) for one in rows) and all(one is None or isinstance(one, str) for one in rows):
        return [{"text": one} for one in rows]
    if rows and all(isinstance(one, list) for one in rows):
        return _of_lists(rows, None)
    for i, one in enumerate(rows, 1):
        if not isinstance(one, dict):
            tally.skip("blank_row" if one is None else "row_that_is_no_object", f"row {i:,}")
    objects = [one for one in rows if isinstance(one, dict)]
    tally.read = len(objects)
    tally.refuse_above(name, _LEVERS)
    return objects


def _of_object(one: dict[str, Any], name: str, tally: Tally, told: dict[str, str]) -> list[dict[str, Any]]:
    """An object of arrays, of objects (pandas' columns, or rows by names), or one that holds facts beside its rows."""
    values = list(one.values())
    if isinstance(one.get("columns"), list) and isinstance(one.get("data"), list):  # pandas' `split`
        return _of_lists([row for row in one["data"] if isinstance(row, list)], [str(c) for c in one["columns"]])
    if values and all(isinstance(value, dict) for value in values):
        if all(str(key).isdigit() for value in values for key in value) and not all(key.isdigit() for key in one):
            keys = dict.fromkeys(key for value in values for key in value)
            return [{column: value.get(key) for column, value in one.items()} for key in keys]
        return [{KEY: key} | value for key, value in one.items()]
    lists = {key: value for key, value in one.items() if isinstance(value, list)}
    of_rows = [key for key, value in lists.items() if value and all(isinstance(row, dict) for row in value)]
    if len(of_rows) == 1:
        for key in one:
            if key not in of_rows:
                tally.leave_out(key, "it stands beside the rows")
        told["rows"] = of_rows[0]
        return list(lists[of_rows[0]])
    if lists and len(lists) == len(one):
        lengths = {len(value) for value in lists.values()}
        if len(lengths) > 1:
            told_lengths = ", ".join(f"{key[:40]!r} has {len(value):,}" for key, value in list(lists.items())[:4])
            raise InvalidValue(
                f"{name}: its columns are of several lengths ({told_lengths})", "give each row all values"
            )
        return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]
    return [one]


def _of_lists(rows: list[list[Any]], names: list[str] | None) -> list[dict[str, Any]]:
    """Rows as lists; the first one holds the names where it alone is all text."""
    if names is None and rows and rows[0] and all(isinstance(one, str) for one in rows[0]):
        names, rows = [str(one) for one in rows[0]], rows[1:]
    width = max((len(row) for row in rows), default=0)
    given, _ = told_apart([*(names or []), *[""] * (width - len(names or []))])
    return [dict(zip_longest(given, row)) for row in rows]


def _writable(rows: list[dict[str, Any]], tally: Tally) -> list[dict[str, Any]]:
    """Rows whose keys are texts."""
    if all(map(is_writable, _keys(rows))):
        return rows
    kept = [row for row in rows if all(map(is_writable, row))]
    tally.skip("row_with_a_key_that_is_no_text", n=len(rows) - len(kept))
    return kept
