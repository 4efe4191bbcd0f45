"""Arrays as one block of bytes: a JSON header, then each array at a multiple of eight.

The block is what the browser keeps of a set of maps; `store.js` reads it. Layout: uint32 length of the
header (little-endian), header, padding, arrays. Offsets in the header count from the end of the padding.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

_LARGE, _ZIPPED = 1 << 20, 0xFFFFFFFF  # no header is as long as the mark says
_TYPES = ("uint8", "int8", "int32", "float32")


def pack(header: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """One block. Raises ValueError for an array of a type the browser has no typed array for."""
    places, at = {}, 0
    for name, array in arrays.items():
        if array.dtype.name not in _TYPES:
            raise ValueError(f"the array {name} is {array.dtype.name}, expected one of {', '.join(_TYPES)}")
        places[name] = [array.dtype.name, at, int(array.size)]
        at += _padded(array.nbytes)
    text = json.dumps(dict(header) | {"arrays": places}, ensure_ascii=False).encode()
    parts = [np.uint32(len(text)).tobytes(), text, bytes(_padded(4 + len(text)) - 4 - len(text))]
    for array in arrays.values():
        raw = np.ascontiguousarray(array).tobytes()
        parts += [raw, bytes(_padded(len(raw)) - len(raw))]
    return b"".join(parts)


def unpack(block: bytes) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """The header and the flat arrays again.

    >>> header, arrays = unpack(pack({"title": "é"}, {"rows": np.arange(3, dtype=np.int32)}))
    >>> header["title"], arrays["rows"].tolist()
    ('é', [0, 1, 2])
    """
    length = int(np.frombuffer(block, np.uint32, 1)[0])
    header = json.loads(block[4 : 4 + length])
    start = _padded(4 + length)
    arrays = {
        name: np.frombuffer(block, np.dtype(kind), size, start + at)
        for name, (kind, at, size) in header.pop("arrays").items()
    }
    return header, arrays


def zipped(version: str, block: bytes) -> bytes:
    """A block as it is sent: from a megabyte on compressed, behind a mark, the length of its version, and its version.

    So the browser knows a set that it has already without unpacking it, and of three maps of 50,000 points with their
    neighbors 4.3 MB travel and are hashed in place of 11.
    """
    if len(block) < _LARGE:
        return block
    name = version.encode()
    return np.array([_ZIPPED, len(name)], dtype="<u4").tobytes() + name + gzip.compress(block, 1, mtime=0)


def whole(sent: bytes) -> bytes:
    """The block of what is sent.

    >>> block = pack({}, {"rows": np.arange(1 << 19, dtype=np.int32)})
    >>> whole(zipped("one", block)) == block == whole(block)
    True
    """
    mark, length = np.frombuffer(sent[:8], "<u4").tolist()
    return gzip.decompress(sent[8 + length :]) if mark == _ZIPPED else sent


def _padded(size: int) -> int:
    return -(-size // 8) * 8
