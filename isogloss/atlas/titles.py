"""The different titles of some catalogues, each with all sections that list it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from isogloss.atlas.entry import BETWEEN, Catalogue, Entry, path
from isogloss.errors import InvalidValue
from isogloss.spaces.space import Space
from isogloss.types import Mask, Vectors

FEWEST, MOST = 3, 5_000
SPACE = "titles"


@dataclass(frozen=True, eq=False)
class Titles:
    """entries: one a title, as it is first listed. catalogues, sections: names. listed: (n_titles, n_catalogues) and
    held: (n_titles, n_sections), who lists what. of: for each section the number of its catalogue.
    """

    entries: tuple[Entry, ...]
    catalogues: tuple[str, ...]
    sections: tuple[str, ...]
    listed: Mask
    held: Mask
    of: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(one.title for one in self.entries)

    @property
    def short(self) -> list[str]:
        """The sections by their last heading, where no other has that."""
        last = [name.rpartition(BETWEEN)[2].rpartition(": ")[2] for name in self.sections]
        return [name if last.count(name) == 1 else whole for name, whole in zip(last, self.sections, strict=True)]

    def sections_of(self, row: int) -> list[str]:
        """Of every catalogue."""
        return [self.sections[at] for at in np.flatnonzero(self.held[row])]


def titles_of(catalogues: Sequence[Catalogue], *, depth: int = 0) -> Titles:
    """depth: sections are told apart by so many of their headings, 0 for all. Sections of two catalogues are two.

    Raises InvalidValue for fewer than three titles or more than 5,000.
    """
    names = [one.name for one in catalogues]
    if len(set(names)) < len(names):
        raise InvalidValue(f"the catalogues are called {names!r}", "give each file its own name")
    rows: dict[str, int] = {}
    entries: list[Entry] = []
    sections: dict[tuple[int, str], int] = {}
    marks: set[tuple[int, int]] = set()
    for number, catalogue in enumerate(catalogues):
        for entry in catalogue.entries:
            if entry.key not in rows:
                rows[entry.key] = len(entries)
                entries.append(entry)
            at = sections.setdefault((number, path(entry.section, depth)), len(sections))
            marks.add((rows[entry.key], at))
    n = len(entries)
    if not FEWEST <= n <= MOST:
        raise InvalidValue(f"{n:,} different titles were read", f"give {FEWEST} to {MOST:,}")
    of = np.array([number for number, _ in sections], dtype=np.int64)
    held = np.zeros((n, len(sections)), dtype=bool)
    held[tuple(np.array(sorted(marks)).T)] = True
    listed = np.stack([held[:, of == number].any(axis=1) for number in range(len(catalogues))], axis=1)
    several = len(catalogues) > 1
    told = tuple(f"{names[number]}: {section}" if several else section for number, section in sections)
    return Titles(tuple(entries), tuple(names), told, listed, held, of)


def space_of(titles: Titles, vectors: Vectors, *, encoder: str) -> Space:
    """The titles as a space: catalogue, section (the first, by its last heading), sections (all), year, link."""
    short = titles.short
    columns = pa.table(
        {
            "catalogue": [" + ".join(titles.catalogues[at] for at in np.flatnonzero(row)) for row in titles.listed],
            "section": [short[int(row.argmax())] for row in titles.held],
            "sections": [" | ".join(titles.sections_of(row)) for row in range(len(titles))],
            "year": [str(one.year or "") for one in titles.entries],
            "link": [one.link for one in titles.entries],
        }
    )
    return Space(SPACE, titles.items, vectors, columns, {"encoder": encoder})
