"""A view as it is cited: in words, and for BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from isogloss import __version__
from isogloss.notebook.commands import command_line
from isogloss.notebook.report import tex
from isogloss.notebook.view import View

_PRINT = 12  # letters of a fingerprint that are cited
_BRACES = {"\\{": r"\textbraceleft{}", "\\}": r"\textbraceright{}"}  # BibTeX counts braces, escaped ones too


@dataclass(frozen=True)
class Citation:
    """title: of the view. collection: its title. fingerprints: space → that of its vectors. command: the arguments
    that give the figures. base: the address under which others reach the server, empty where they do not.

    >>> one = Citation(View.of("Drift", {"item": "peace"}), title="peace · Drift", on=date(2026, 1, 2))
    >>> one.text
    'peace · Drift. Isogloss 1.0.0, 2026-01-02.'
    """

    view: View
    title: str
    collection: str = ""
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    command: Sequence[str] = ()
    base: str = ""
    on: date = field(default_factory=lambda: datetime.now(UTC).date())

    @property
    def where(self) -> str:
        """The link where others can follow it, else the command line."""
        return self.base + self.view.link if self.base else command_line(self.command)

    @property
    def text(self) -> str:
        """One line."""
        prints = self._prints
        told = (
            self.title,
            f"{self.collection} (fingerprints {prints})" if self.collection and prints else self.collection,
            f"Isogloss {__version__}, {self.on.isoformat()}",
            self.where,
        )
        return ". ".join(" ".join(one.split()) for one in told if one) + ("" if self.where else ".")

    @property
    def bibtex(self) -> str:
        """An entry whose braces pair off, whatever users wrote."""
        prints = self._prints
        note = [f"Collection: {self.collection}" * bool(self.collection), f"fingerprints {prints}" * bool(prints)]
        rows = {
            "key": "Isogloss",
            "title": f"{{{_bib(self.title)}}}",
            "howpublished": _bib(f"Isogloss {__version__}"),
            "year": str(self.on.year),
            "note": _bib("; ".join(filter(None, [*note, "" if self.base else self.where]))),
            "url": self.base + self.view.link if self.base else "",
            "urldate": self.on.isoformat() if self.base else "",
        }
        told = ",\n".join(f"  {key} = {{{value}}}" for key, value in rows.items() if value)
        return f"@misc{{{self._key},\n{told}\n}}"

    @property
    def _prints(self) -> str:
        return ", ".join(dict.fromkeys(one[:_PRINT] for one in self.fingerprints.values() if one))

    @property
    def _key(self) -> str:
        told = "-".join(filter(None, ("isogloss", self.view.page, self.view.get("item"), str(self.on.year))))
        return re.sub(r"[^a-z0-9]+", "-", told.lower()).strip("-")[:60]


def _bib(text: str) -> str:
    return "".join(_BRACES.get(part, part) for part in re.split(r"(\\[{}])", tex(text)))
