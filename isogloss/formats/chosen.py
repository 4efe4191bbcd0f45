"""Which columns or tensor of a file are the items and their vectors: what there is to choose, and what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isogloss.errors import InvalidValue

_SHOWN = 3


@dataclass(frozen=True)
class Chosen:
    """What somebody named; empty: as the file looks. part: the file of a .zip, or the split of a folder."""

    item: str = ""
    vector: str = ""
    tensor: str = ""
    part: str | None = None


@dataclass(frozen=True)
class Candidate:
    """kind: `item`, `vector` or `tensor`. values: its first ones, as text. chosen: whether it is proposed."""

    kind: str
    name: str
    values: tuple[str, ...]
    chosen: bool = False


def shown(values: Sequence[object]) -> tuple[str, ...]:
    """The first values, short enough to look at.

    >>> shown(["a", [0.25, 1.5, 2.0, 3.0], None])
    ('a', '[0.25, 1.5, 2.0 …]', '')
    """
    out = []
    for value in values[:_SHOWN]:
        if isinstance(value, list | tuple):
            inner = ", ".join(str(v)[:12] for v in value[:_SHOWN])
            out.append(f"[{inner}{' …' if len(value) > _SHOWN else ''}]")
        else:
            out.append("" if value is None else str(value)[:60])
    return tuple(out)


def one_of(asked: str, names: Sequence[str], *, file: str, what: str, option: str) -> str:
    """The name that is meant: as it is, else the only one in other case. Raises InvalidValue with what there is."""
    found = [name for name in names if name == asked] or [n for n in names if n.casefold() == asked.casefold()]
    if len(found) != 1:
        raise InvalidValue(
            f"{file} has no {what} {asked[:80]!r}", f"{option} takes one of {', '.join(names)[:300] or 'none'}"
        )
    return found[0]
