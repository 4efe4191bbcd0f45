"""Whether the files of a collection are those that were written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from isogloss.errors import IsoglossError, StoreError
from isogloss.spaces.checksums import checked, checksums_of
from isogloss.spaces.space import Space
from isogloss.workspace.store import folder_name, read_collection, read_header


@dataclass(frozen=True)
class Integrity:
    """What was found: files and bytes that were compared with their checksums; what is damaged, and how.

    unmarked: the parts that were written before there were checksums; they were held against their fingerprints, but
    for those that an encoder made.
    """

    collection: str
    files: int = 0
    bytes: int = 0
    unmarked: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.damaged

    def facts(self) -> dict[str, Any]:
        return {**asdict(self), "whole": self.whole}


def verify(folder: Path) -> Integrity:
    """Compare every block of every file of a collection. Raises StoreError where collection.json cannot be read."""
    header = read_header(folder)
    files = size = 0
    unmarked, damaged = [], []
    for whose, entry in [*((_named(one), one) for one in _entries(header)), ("the controls", header)]:
        told = entry.get("checksums")
        try:
            place = folder if entry is header else folder / folder_name(entry)
        except (KeyError, ValueError) as error:
            damaged.append(f"the folder of {whose} cannot be read ({error})")
            continue
        if told is None and (place != folder or list(folder.glob("*.parquet"))):
            unmarked.append(whose)
        try:
            sums = checked(place, told, whose=whose)
        except (KeyError, TypeError, ValueError) as error:
            damaged.append(f"the checksums of {whose} cannot be read ({error})")
            continue
        for one in sums.values():
            files, size = files + 1, size + one.bytes
            try:
                one.require()
            except StoreError as error:
                damaged.append(error.fact)
    return Integrity(folder.name, files, size, unmarked, damaged or _not_sound(folder, unmarked))


def add_checksums(header: dict[str, Any], folder: Path) -> None:
    """Give the parts of a header that lack checksums those of their files as they are."""
    for entry in _entries(header):
        if "checksums" not in entry:
            with suppress(KeyError, ValueError, OSError):  # what is damaged stays without
                entry["checksums"] = checksums_of(folder / folder_name(entry))
    header.setdefault("checksums", checksums_of(folder))


def _entries(header: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [*header["spaces"], *([header["compass"]] if header["compass"] else [])]


def _named(entry: Mapping[str, Any]) -> str:
    return f"space {entry['name']!r}" if entry.get("folder") != "compass" else "the compass"


def _not_sound(folder: Path, unmarked: list[str]) -> list[str]:
    """What else is wrong: items that stand twice, vectors that are not finite, fingerprints of other vectors."""
    try:
        collection = read_collection(folder)
    except StoreError as error:
        return [error.fact]
    every = [(f"space {one.name!r}", one) for one in collection.spaces]
    every += [("the compass", collection.compass)] if collection.compass else []
    return [fact for whose, space in every if (fact := _differs(space, whose, fingerprint=whose in unmarked))]


def _differs(space: Space, whose: str, *, fingerprint: bool) -> str:
    told = not fingerprint or "encoder" in space.metadata  # an encoder's is of what the space was made from
    known = space.fingerprint if told else ""
    try:
        again = Space(space.name, space.items, space.vectors, space.columns, fingerprint=known).fingerprint
    except IsoglossError as error:
        return f"{whose} is damaged ({error.fact})"
    return "" if again == space.fingerprint else f"{whose} is damaged (its fingerprint is another one)"
