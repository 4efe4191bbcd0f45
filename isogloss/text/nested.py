"""JSON and TOML from outside: read only where they are nested no deeper than 64, settings only where they are short."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

DEEPEST = 64
_PIECE = 1 << 20
_LONGEST = 1 << 22  # of settings that people write
_DEEP = f"it is nested deeper than {DEEPEST}"


def settings_text(path: Path) -> str:
    """The text of a file of settings, a recipe or a setup, of which no more is read than one may have. Raises OSError;
    ValueError for one that is longer or no UTF-8.
    """
    with path.open("rb") as file:
        data = file.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        raise ValueError(f"it has more than {_LONGEST:,} bytes")
    return data.decode("utf-8")


def read_json(text: str | bytes) -> Any:
    """What `json.loads` gives. Raises ValueError for what is no JSON, and for what is nested too deep.

    >>> read_json('{"a": [1]}')
    {'a': [1]}
    >>> read_json("[" * 65 + "]" * 65)
    Traceback (most recent call last):
    ValueError: it is nested deeper than 64
    """
    require_shallow(text)
    try:
        return json.loads(text)
    except RecursionError:  # what is no JSON can hide its depth
        raise ValueError(_DEEP) from None


def read_toml(text: str) -> dict[str, Any]:
    """What `tomllib.loads` gives. Raises ValueError for what is no TOML, too long or nested too deep.

    >>> read_toml(".".join("a" * 70) + " = 1")
    Traceback (most recent call last):
    ValueError: it is nested deeper than 64
    """
    if len(text) > _LONGEST:
        raise ValueError(f"it has more than {_LONGEST:,} characters")
    try:
        found = tomllib.loads(text)
    except RecursionError:
        raise ValueError(_DEEP) from None
    level: list[Any] = [found]
    for _ in range(DEEPEST + 1):
        level = [one for part in level for one in (part.values() if isinstance(part, dict) else part)]
        if any(isinstance(one, int) and abs(one) >= 1 << 63 for one in level):
            raise ValueError("it holds a number of more than 64 bits")
        level = [one for one in level if isinstance(one, dict | list)]
        if not level:
            return found
    raise ValueError(_DEEP)


def require_shallow(text: str | bytes) -> None:
    """Raises ValueError where brackets of JSON, those outside its texts, stand deeper than 64 in each other."""
    opens = text.count("[") + text.count("{") if isinstance(text, str) else text.count(b"[") + text.count(b"{")
    if opens > DEEPEST and _depth(text if isinstance(text, bytes) else text.encode("utf-8", "replace")) > DEEPEST:
        raise ValueError(_DEEP)


def _depth(data: bytes) -> int:
    level = most = 0
    inside, rest = 0, b""
    for at in range(0, len(data), _PIECE):
        part = rest + data[at : at + _PIECE]
        end = len(part.rstrip(b"\\"))  # what a backslash stands before may come with the next piece
        rest, part = part[end:], part[:end]
        letters = np.frombuffer(part.replace(b"\\\\", b"  ").replace(b'\\"', b"  "), dtype=np.uint8)
        texts = (np.cumsum(letters == ord('"')) + inside) % 2
        opens, closes = np.isin(letters, (ord("["), ord("{"))), np.isin(letters, (ord("]"), ord("}")))
        levels = level + np.cumsum((opens.astype(np.int8) - closes.astype(np.int8)) * (1 - texts))
        if len(levels):
            most, level, inside = max(most, int(levels.max())), int(levels[-1]), int(texts[-1])
    return most
