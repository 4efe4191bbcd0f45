"""What a coder may see of a case: its evidence, not which system produced it, nor what others made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SYSTEM = frozenset("system systems model models encoder method engine pipeline run checkpoint architecture".split())
OTHERS = frozenset(
    "code codes coder coders label labels annotator annotation note notes comment tags tag verdict".split()
)
DRAWN = frozenset(
    (
        "how draw probability stratum view command fingerprints seeds rule created version format error errors"
        " survival"  # it names measures and retrievals
    ).split()
)
_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 3  # letters of a value that is looked for in what is shown
_DEEPEST = 6


@dataclass(frozen=True)
class Blinded:
    """rows: what is shown, by id. left_out: columns, in order. named: ids of cases whose shown text holds a value of
    a column that was left out because it tells the system.
    """

    rows: list[dict[str, Any]]
    left_out: tuple[str, ...]
    named: tuple[str, ...]


def blinded(rows: Sequence[Mapping[str, Any]], *, hide: Iterable[str] = ()) -> Blinded:
    """Rows without what tells the system, what others coded, and how they were drawn, at any depth.

    A column is known by a word of its name (`system`, `model_name`). hide: names of more columns.
    """
    asked = {name.casefold() for name in hide}
    left: dict[str, None] = {}
    telling: set[str] = set()
    shown = [_shown(dict(row), asked, left, telling) for row in rows]
    values = [one for one in telling if len(one) >= _SHORTEST]
    named = [str(row.get("id", "")) for row in shown if any(value in one for one in _texts(row) for value in values)]
    return Blinded(shown, tuple(left), tuple(named))


def _shown(row: dict[str, Any], asked: set[str], left: dict[str, None], telling: set[str], depth: int = 0) -> Any:
    out = {}
    for key, value in row.items():
        words = {word.casefold() for word in _WORD.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key))}
        words |= {word.casefold() for word in _WORD.findall(key)}
        if key.casefold() in asked or words & SYSTEM:
            telling |= {one.casefold() for one in _texts(value)}
            left[key] = None
        elif (words & OTHERS) or (depth == 0 and words & DRAWN):
            left[key] = None
        else:
            out[key] = _inner(value, asked, left, telling, depth)
    return out


def _inner(value: Any, asked: set[str], left: dict[str, None], telling: set[str], depth: int) -> Any:
    if depth >= _DEEPEST:
        return str(value)
    if isinstance(value, dict):
        return _shown({str(key): one for key, one in value.items()}, asked, left, telling, depth + 1)
    if isinstance(value, list | tuple):
        return [_inner(one, asked, left, telling, depth + 1) for one in value]
    return value


def _texts(value: Any) -> list[str]:
    """All texts within a value, keys too, in lower case."""
    if isinstance(value, Mapping):
        return [text for key, one in value.items() for text in (str(key).casefold(), *_texts(one))]
    if isinstance(value, list | tuple):
        return [text for one in value for text in _texts(one)]
    return [value.casefold()] if isinstance(value, str) else []
