"""A collection: named spaces, how they were aligned, and what is known of that alignment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from isogloss.errors import InvalidValue, NotAligned, NotFound
from isogloss.shown import html_table
from isogloss.spaces.controls import Controls
from isogloss.spaces.space import Space
from isogloss.text.matches import closest
from isogloss.text.normalize import search_key


@dataclass(frozen=True)
class Alignment:
    """How the spaces of a collection came to share coordinates.

    method: `cade`, `procrustes` …, `declared`, or `none`.
    frozen_max_change: largest absolute change of the frozen compass during the build (0.0, or None
    where nothing was frozen). diagnostics: further figures of the method.
    """

    method: str = "none"
    frozen_max_change: float | None = None
    diagnostics: Mapping[str, Any] = field(default_factory=dict)


def spaces_fingerprint(spaces: tuple[Space, ...]) -> str:
    """One line that tells these spaces, in this order, from any others."""
    return "-".join(f"{space.name}:{space.fingerprint}" for space in spaces)


@dataclass(frozen=True, eq=False, repr=False)
class Collection:
    """Named spaces in their order (of time, where they are periods).

    ordered: whether the order of the spaces means something (periods) or not (languages, scripts).
    compass: the frozen output vectors the spaces were trained against, where they are stored.
    controls: what replicate trainings say of every shared item, where there were any.
    home: folders of derived things, where the collection came from a workspace; what is computed of it is kept there.
    """

    name: str
    spaces: tuple[Space, ...]
    title: str = ""
    alignment: Alignment = Alignment()
    ordered: bool = True
    metadata: Mapping[str, Any] = field(default_factory=dict)
    compass: Space | None = None
    controls: Controls | None = None
    home: tuple[Path, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        names = [space.name for space in self.spaces]
        if not names or len(set(names)) != len(names):
            raise InvalidValue(f"collection {self.name!r} has spaces {names}", "give at least one, each its own name")
        if self.alignment.method != "none" and len({space.dim for space in self.spaces}) > 1:
            raise InvalidValue(
                f"collection {self.name!r} has spaces of {sorted({s.dim for s in self.spaces})} dimensions",
                "aligned spaces share one number of dimensions; store it with alignment method none",
            )

    def __getitem__(self, name: str) -> Space:
        for space in self.spaces:
            if space.name == name:
                return space
        raise NotFound(f"collection {self.name!r} has no space {name!r}", closest(name, self.names) or self.names)

    def __len__(self) -> int:
        return len(self.spaces)

    def __iter__(self) -> Iterator[Space]:
        return iter(self.spaces)

    def __repr__(self) -> str:
        names = self.names[0] if len(self) == 1 else f"{self.names[0]} … {self.names[-1]}"
        told = {"none": "not aligned", "declared": "declared aligned"}
        how = told.get(self.alignment.method, f"aligned by {self.alignment.method}")
        counted = f"{len(self)} space{'s' * (len(self) > 1)} {names}"
        return f"<{self.name}: {counted}, {how}>\n  {self.title or self.name}"

    def _repr_html_(self) -> str:
        rows = {
            "space": self.names,
            "items": [f"{len(space):,}" for space in self.spaces],
            "dim": [str(space.dim) for space in self.spaces],
        }
        return html_table(pa.table(rows), f"{self.title or self.name}, {self.alignment.method}")

    @property
    def names(self) -> list[str]:
        return [space.name for space in self.spaces]

    @property
    def aligned(self) -> bool:
        """Whether vectors of different spaces may be compared by cosine."""
        return self.alignment.method != "none" or len(self.spaces) == 1

    def require_aligned(self, what: str) -> None:
        """Raises NotAligned when `what` needs shared coordinates and there are none."""
        if not self.aligned:
            raise NotAligned(
                f"{what} needs shared coordinates and the spaces of {self.name!r} are not aligned",
                "align them, declare them aligned if they are, or ask each space for its own neighbors",
            )

    @cached_property
    def fingerprint(self) -> str:
        """Changes when any space, its name or its order does."""
        return spaces_fingerprint(self.spaces)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Every item of any space with its count over all spaces (0 where nothing was counted)."""
        total: dict[str, int] = {}
        for space in self.spaces:
            counts = space.counts
            for row, item in enumerate(space.items):
                total[item] = total.get(item, 0) + (0 if counts is None else int(counts[row]))
        return total

    @cached_property
    def search_keys(self) -> tuple[str, ...]:
        """The form under which a search compares each item, in the order of `counts`."""
        return tuple(search_key(item) for item in self.counts)

    def __contains__(self, item: object) -> bool:
        return any(item in space for space in self.spaces)

    def require_item(self, item: str, spaces: list[str] | None = None) -> None:
        """Raises NotFound, naming the nearest matches, when no space (of those named) has the item."""
        asked = [self[name] for name in spaces] if spaces else list(self.spaces)
        if not any(item in space or space.composes(item) for space in asked):
            where = f"collection {self.name!r}" if spaces is None else "space " + ", ".join(repr(s) for s in spaces)
            known = self.counts if spaces is None else [i for space in asked for i in space.items]
            raise NotFound(f"{item[:80]!r} is not in {where}", closest(item[:400], known))
