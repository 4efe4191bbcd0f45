"""The catalogues that ship, and the papers that this product answers."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from isogloss.atlas.entry import Catalogue, Entry
from isogloss.errors import NotFound
from isogloss.places import ASSETS
from isogloss.text.matches import closest
from isogloss.text.tally import Tally

FOLDER = ASSETS / "atlas"
ANSWERED = "answered"


@dataclass(frozen=True)
class Answered:
    """A paper, and where its question is answered here. view: a link within the app. command: without
    `python -m isogloss`. account: one line of ours.
    """

    title: str
    year: int
    link: str
    view: str
    command: tuple[str, ...]
    account: str


def shipped_names(folder: Path = FOLDER) -> list[str]:
    return sorted(file.stem for file in folder.glob("*.tsv") if file.stem != ANSWERED)


@cache
def shipped_catalogue(name: str) -> Catalogue:
    """Facts alone: title, year, section, link. Raises NotFound.

    >>> len(shipped_catalogue("multilingual-llm").sections)
    17
    """
    names = shipped_names()
    if name not in names:
        raise NotFound(f"no catalogue {name[:80]!r} is shipped", closest(name, names) or names)
    rows = _rows(FOLDER / f"{name}.tsv")
    found = tuple(
        Entry(title, int(year) if year else None, tuple(section.split(" / ")), link)
        for title, year, section, link in rows
    )
    return Catalogue(name, found, Tally(read=len(found)))


@cache
def answered() -> tuple[Answered, ...]:
    """The papers that this product answers, each with its page and its command."""
    return tuple(
        Answered(title, int(year), link, view, tuple(shlex.split(command)), account)
        for title, year, link, view, command, account in _rows(FOLDER / f"{ANSWERED}.tsv")
    )


def _rows(file: Path) -> list[list[str]]:
    return [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:]]
