"""Pairs in a file: recognised by content, read with where each stands, and written back without some of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue, NotFound
from isogloss.family import Family
from isogloss.outside.looking import look
from isogloss.rewriting.pairs import Pairs
from isogloss.tables.opened import inner_name, opened
from isogloss.text.tally import Tally

Ranges = npt.NDArray[np.int64]
NOWHERE: Ranges = np.zeros((0, 2), dtype=np.int64)
_HEAD = 1 << 16


@dataclass(frozen=True, eq=False)
class PairsFile:
    """kind: the format's name. paths: one file, or the source's and the target's. told: what was recognised.

    ranges: of each file, where each pair stands in it: bytes (start, end), half-open, (n, 2); `NOWHERE` where nothing
    is cut from it. Several pairs may stand in one range: a conversation, the forms of a plural.
    """

    pairs: Pairs
    kind: str
    paths: tuple[Path, ...]
    ranges: tuple[Ranges, ...]
    told: dict[str, str] = field(default_factory=dict)


class PairsFormat(Protocol):
    """A member of the family. files: how many files it takes. rows: what a pair's number counts."""

    name: str
    title: str
    files: int
    rows: str

    def claims(self, heads: Sequence[bytes], names: Sequence[str]) -> bool:
        """Whether files are its, by their first bytes, unpacked; by their names where they may be of several kinds."""

    def read(self, paths: Sequence[Path], *, source: str, target: str) -> PairsFile:
        """source, target: columns, languages, or nothing. Raises InvalidValue, NotFound."""

    def without(self, path: Path, ranges: Ranges, dropped: Sequence[int]) -> bytes:
        """A file without what stands in the ranges of dropped pairs; all other bytes are as they were."""


FORMATS: Family[PairsFormat] = Family(
    "format of pairs",
    "isogloss.rewriting.reading",
    first="po tmx xliff android messages strings table lines".split(),
    last=("table", "lines"),
)


def read_pairs(paths: Sequence[Path], *, source: str = "", target: str = "") -> PairsFile:
    """From one file that holds both, or two that belong together, the source's first; in a process beside this one.

    source, target: columns of a table, languages of a memory; those that are meant where there is no doubt, if they are
    not named. Raises NotFound, InvalidValue.
    """
    if not 1 <= len(paths) <= 2:
        raise InvalidValue(f"{len(paths)} files were named", "name one that holds pairs, or two: source, then target")
    for path in paths:
        if not path.is_file():
            raise NotFound(f"there is no file {path.name[:80]!r}", lever="name a file of pairs")
    found = look(_read, paths[0], kinds=(PairsFile, Pairs, Tally), others=list(paths[1:]), source=source, target=target)
    if not len(found.pairs):
        raise InvalidValue(f"{paths[0].name} holds no pair", "give a file with two texts in each row")
    return found


def _read(path: Path, *, others: Sequence[Path], source: str, target: str) -> PairsFile:
    paths = [path, *others]
    heads = [_head(one) for one in paths]
    names = [inner_name(one) for one in paths]
    for one in paths:
        if not heads[paths.index(one)].strip():
            raise InvalidValue(f"{one.name} is empty", "give a file with at least one pair")
    members = [FORMATS[name] for name in FORMATS.asked]
    for member in members:
        if member.files == len(paths) and member.claims(heads, names):
            found = member.read(paths, source=source, target=target)
            if not len(found.pairs):
                raise InvalidValue(
                    f"{path.name} holds no pair of texts ({found.pairs.read.sentence()})",
                    "give rows of which both texts are there",
                )
            return found
    other = next((one for one in members if one.files != len(paths) and one.claims(heads * 2, names * 2)), None)
    if other is not None and len(paths) == 1:
        raise InvalidValue(f"{path.name} holds one side only ({other.title})", "give the file of the other side too")
    kinds = ", ".join(one.title for one in members if one.files == len(paths))
    raise InvalidValue(f"{path.name} is of no kind that holds pairs", f"give one of: {kinds}")


def _head(path: Path) -> bytes:
    with opened(path) as stream:
        return stream.read(_HEAD)


def without(file: PairsFile, dropped: Collection[int]) -> dict[str, bytes]:
    """What the files hold without some pairs, by `source`, `target`, or `pairs` where one file holds both.

    dropped: positions in the pairs. Files that stay as they are, are not there. Raises InvalidValue.
    """
    sides = ("pairs",) if len(file.paths) == 1 else ("source", "target")
    order = sorted(set(dropped))
    found = {}
    for side, path, ranges in zip(sides, file.paths, file.ranges, strict=True):
        if len(ranges):
            found[side] = look(_without, path, kind=file.kind, ranges=ranges.tolist(), dropped=order).tobytes()
    if not found:
        raise InvalidValue(f"{file.paths[0].name} cannot be written in parts", "save it as UTF-8 and give it again")
    return found


def goes_with(file: PairsFile, dropped: Collection[int]) -> set[int]:
    """All pairs that go when some are dropped: those that stand in the same place go with them."""
    gone = set(dropped)
    for ranges in file.ranges:
        places = {tuple(ranges[i]) for i in gone} if len(ranges) else set()
        gone |= {i for i, place in enumerate(map(tuple, ranges.tolist())) if place in places} if places else set()
    return gone


def _without(path: Path, *, kind: str, ranges: list[list[int]], dropped: list[int]) -> Any:
    left = FORMATS[kind].without(path, np.array(ranges, dtype=np.int64).reshape(-1, 2), dropped)
    return np.frombuffer(left, dtype=np.uint8)


def cut_out(data: bytes, ranges: Ranges, dropped: Sequence[int]) -> bytes:
    """Bytes outside the ranges of what is dropped.

    >>> cut_out(b"abcdef", np.array([[0, 2], [2, 4], [1, 3]]), [0, 2])
    b'def'
    """
    parts, at = [], 0
    for start, end in sorted(map(tuple, ranges[list(dropped)].tolist())):
        parts.append(data[at : max(at, start)])
        at = max(at, end)
    parts.append(data[at:])
    return b"".join(parts)


def as_ranges(found: Sequence[tuple[int, int]]) -> Ranges:
    """(start, end) of each pair as an array."""
    return np.array(found, dtype=np.int64).reshape(-1, 2)
