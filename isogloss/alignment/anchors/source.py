"""Where anchors come from: a file, a lexicon, equal spellings, or nowhere; and how a command line spells that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from isogloss.alignment.anchors.dictionary import UNSUPERVISED, Dictionary, identical, read_dictionary
from isogloss.alignment.anchors.lexicon import lexicon
from isogloss.errors import InvalidValue
from isogloss.outside.looking import look
from isogloss.spaces.space import Space

Kind = Literal["file", "lexicon", "identical", "unsupervised"]
_COLUMNS = re.compile(r"columns:(\d{1,3}):(\d{1,3}):(.+)", re.DOTALL)
_LEXICON = "lexicon:"


@dataclass(frozen=True, kw_only=True)
class AnchorSource:
    """kind: `file` of pairs, with its path and the columns that hold source and target (the first is 1); `lexicon`,
    the shipped one, of two languages by their codes; `identical`, items spelt alike; `unsupervised`, none at all.
    """

    kind: Kind
    path: Path = Path()
    columns: tuple[int, int] = (1, 2)
    source: str = ""
    target: str = ""

    def dictionary(self, source: Space, target: Space) -> Dictionary:
        """The pairs; `identical` asks the spaces. Raises InvalidValue, NotFound."""
        if self.kind == "file":
            return look(read_dictionary, self.path, kinds=(Dictionary,), columns=self.columns)
        if self.kind == "lexicon":
            return lexicon(self.source, self.target)
        return identical(source, target) if self.kind == "identical" else UNSUPERVISED

    @property
    def spelling(self) -> str:
        """As a command line and a setup file write it; `spelt` reads it.

        >>> AnchorSource(kind="lexicon", source="en", target="fr").spelling
        'lexicon:en:fr'
        >>> AnchorSource(kind="file", path=Path("pairs.tsv"), columns=(2, 1)).spelling
        'columns:2:1:pairs.tsv'
        """
        if self.kind == "lexicon":
            return f"{_LEXICON}{self.source}:{self.target}"
        if self.kind != "file":
            return self.kind
        plain = str(self.path)
        means_itself = self.columns == (1, 2) and _kind(plain) == "file" and not _COLUMNS.fullmatch(plain)
        return plain if means_itself else f"columns:{self.columns[0]}:{self.columns[1]}:{plain}"

    @classmethod
    def spelt(cls, text: str) -> AnchorSource:
        """A file of pairs, `identical`, `unsupervised`, or `lexicon:en:fr`; `columns:2:1:FILE` names the columns of a
        file. Raises InvalidValue.

        >>> AnchorSource.spelt("identical").kind, AnchorSource.spelt("columns:2:1:a:b").path.name
        ('identical', 'a:b')
        """
        kind = _kind(text)
        if kind == "lexicon":
            one, between, other = text.removeprefix(_LEXICON).partition(":")
            if not between:
                raise InvalidValue(f"the lexicon was asked for {text[8:60]!r}", "give two languages, as lexicon:en:fr")
            return cls(kind=kind, source=one, target=other)
        if kind != "file":
            return cls(kind=kind)
        if found := _COLUMNS.fullmatch(text):
            return cls(kind=kind, path=Path(found[3]), columns=(int(found[1]), int(found[2])))
        return cls(kind=kind, path=Path(text))


def _kind(text: str) -> Kind:
    if text == "identical":
        return "identical"
    if text == "unsupervised":
        return "unsupervised"
    return "lexicon" if text.startswith(_LEXICON) else "file"
