"""Values on their way between two processes: JSON, with tables and arrays beside it. Nothing is pickled.

What is read back is checked: tables are validated whole, arrays are numbers of the size that they say, and of
dataclasses only those are made that the one who asked has named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

_MANY = 256  # texts that go as a table
Part = Callable[[Any], None]  # writes itself to a file


class Refused(Exception):
    """What came back is not of the kinds that were asked for."""


def encoded(value: Any, parts: list[Any] | None) -> Any:
    """A value as JSON can hold it. parts: tables and arrays, in their order, are added to it; None where there may be
    none. Raises TypeError for values of other kinds.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Path):
        return {"path": str(value)}
    if isinstance(value, list | tuple):
        kind = "tuple" if isinstance(value, tuple) else "list"
        if parts is not None and len(value) > _MANY and all(type(one) is str for one in value):
            try:
                parts.append(pa.table({"text": pa.array(value, pa.large_string())}))
                return {f"{kind} of texts": len(parts) - 1}
            except UnicodeEncodeError:  # a lone surrogate, which only JSON takes
                pass
        return {kind: [encoded(one, parts) for one in value]}
    if is_dataclass(value) and not isinstance(value, type):
        told = {one.name: encoded(getattr(value, one.name), parts) for one in fields(value) if one.init}
        return {"class": f"{type(value).__module__}:{type(value).__qualname__}", "fields": told}
    if isinstance(value, Mapping):
        return {"mapping": [[encoded(key, parts), encoded(one, parts)] for key, one in value.items()]}
    if parts is not None and isinstance(value, pa.Table):
        parts.append(value)
        return {"table": len(parts) - 1}
    if parts is not None and isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        parts.append(np.ascontiguousarray(value))
        return {"array": len(parts) - 1, "dtype": value.dtype.str, "shape": list(value.shape)}
    raise TypeError(f"a {type(value).__name__} cannot be sent")


def decoded(told: Any, parts: Sequence[bytearray], kinds: Mapping[str, type]) -> Any:
    """What `encoded` gave. kinds: `module:name` → the dataclasses that may be in it. Raises Refused."""
    try:
        return _decoded(told, parts, kinds)
    except Refused:
        raise
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, pa.ArrowException, RecursionError) as error:
        raise Refused(f"{type(error).__name__}: {' '.join(str(error).split())[:120]}") from error


def _decoded(told: Any, parts: Sequence[bytearray], kinds: Mapping[str, type]) -> Any:
    if not isinstance(told, dict):
        if told is None or isinstance(told, bool | int | float | str):
            return told
        raise Refused("it is of no known kind")
    what = next(iter(told))
    inner = told[what]
    if what == "path":
        return Path(inner)
    if what in ("list", "tuple"):
        found = [_decoded(one, parts, kinds) for one in inner]
        return tuple(found) if what == "tuple" else found
    if what in ("list of texts", "tuple of texts"):
        texts = _table(parts[inner])["text"].to_pylist()
        return tuple(texts) if what.startswith("tuple") else texts
    if what == "class":
        if inner not in kinds:
            raise Refused(f"a {str(inner)[:80]} was not asked for")
        return kinds[inner](**{name: _decoded(one, parts, kinds) for name, one in told["fields"].items()})
    if what == "mapping":
        return {_decoded(key, parts, kinds): _decoded(one, parts, kinds) for key, one in inner}
    if what == "table":
        return _table(parts[inner])
    if what == "array":
        dtype, shape = np.dtype(told["dtype"]), tuple(map(int, told["shape"]))
        size = math.prod(shape) * dtype.itemsize
        if dtype.kind not in "fiub" or min(shape, default=0) < 0 or size != len(parts[inner]):
            raise Refused(f"an array of {dtype} {shape} in {len(parts[inner]):,} bytes")
        return np.frombuffer(parts[inner], dtype=dtype).reshape(shape)
    raise Refused("it is of no known kind")


def _table(data: bytearray) -> pa.Table:
    found = pa.ipc.open_stream(pa.py_buffer(data)).read_all()
    found.validate(full=True)
    return found


def size_of_part(part: Any) -> int:
    """Bytes that `write_part` writes."""
    if isinstance(part, np.ndarray):
        return part.nbytes
    counted = pa.MockOutputStream()
    _write_table(part, counted)
    return int(counted.size())


def write_part(part: Any, out: Any) -> None:
    """Write a table or an array to an open file."""
    if isinstance(part, np.ndarray):
        out.write(part.reshape(-1).view(np.uint8).data)
        return
    _write_table(part, out)


def _write_table(table: pa.Table, out: Any) -> None:
    with pa.ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
