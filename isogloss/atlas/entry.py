"""A row of a catalogue, and the catalogue: bibliographic facts, no text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pyarrow as pa

from isogloss.text.tally import Tally

BETWEEN = " / "
_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Entry:
    """title: as the list has it. year: None where nothing says it. section: headings, outermost first. link: http or
    https.
    """

    title: str
    year: int | None
    section: tuple[str, ...]
    link: str

    @property
    def key(self) -> str:
        return title_key(self.title)


@dataclass(frozen=True)
class Catalogue:
    """Entries of one list in their order. read: rows taken and skipped, by reason."""

    name: str
    entries: tuple[Entry, ...]
    read: Tally = field(default_factory=Tally)

    @property
    def sections(self) -> list[str]:
        """The different section paths, in order."""
        return list(dict.fromkeys(path(one.section) for one in self.entries))

    def table(self) -> pa.Table:
        """A row an entry: title, year, section, link."""
        return pa.table(
            {
                "title": [one.title for one in self.entries],
                "year": pa.array([one.year for one in self.entries], pa.int16()),
                "section": [path(one.section) for one in self.entries],
                "link": [one.link for one in self.entries],
            }
        )


def path(section: tuple[str, ...], depth: int = 0) -> str:
    """A section in words; depth: so many of its headings, 0 for all.

    >>> path(("Data", "Manual")), path(("Data", "Manual"), 1), path(())
    ('Data / Manual', 'Data', 'no section')
    """
    return BETWEEN.join(section[:depth] if depth else section) or "no section"


def title_key(title: str) -> str:
    """What two spellings of one title have in common: its letters and digits, folded.

    >>> title_key("Phoenix: Democratizing chatgpt") == title_key("Phoenix - Democratizing ChatGPT.")
    True
    """
    return _LETTERS.sub(" ", title.casefold()).strip() or title
