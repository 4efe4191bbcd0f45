"""Instructions of our own writing, English to Hindi, German, Arabic and Chinese, a third spoilt in known ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Failure
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally

NAME = "instructions"
NOTE = "Instructions of our own writing, not checked by native speakers; a third of them was spoilt on purpose."
LANGUAGES = {"hi": "Hindi", "de": "German", "ar": "Arabic", "zh": "Chinese"}
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Spoilt:
    """key: what was done on purpose, (row, kind, what), rows from 0."""

    pairs: Pairs
    key: frozenset[tuple[int, str, str]]

    def found(self, failures: Sequence[Failure]) -> tuple[int, int, int]:
        """Faults of the key that were found, those that were missed, and what was named that is none. What is only in
        another order is none: languages have orders of their own.
        """
        named = {(one.row, one.kind, one.what) for one in failures if one.kind != "moved"}
        return len(named & self.key), len(self.key - named), len(named - self.key)


@cache
def instructions() -> Spoilt:
    """30 instructions in four languages: 120 pairs with the columns `language` and `group`.

    >>> found = instructions()
    >>> len(found.pairs), found.pairs.columns["language"][30], len({row for row, _, _ in found.key})
    (120, 'German', 40)
    """
    names, *rows = _rows("instructions.tsv")
    source: list[str] = []
    target: list[str] = []
    columns: dict[str, list[str]] = {"language": [], "group": []}
    for code, language in LANGUAGES.items():
        for row in rows:
            source.append(row[names.index("en")])
            target.append(row[names.index(code)])
            columns["language"].append(language)
            columns["group"].append(_GROUPS[row[0]])
    key = set()
    for place, kind, what, old, new in _rows("faults.tsv")[1:]:
        at = int(place) - 1
        if kind == "not_translated":
            target[at] = source[at]
        else:
            target[at] = target[at].replace(old, new, 1)
        key.add((at, kind, what))
    return Spoilt(Pairs(NAME, source, target, columns, read=Tally(read=len(source))), frozenset(key))


_GROUPS = {
    "code": "Code",
    "json": "JSON",
    "latex": "LaTeX",
    "placeholder": "Placeholders",
    "url": "Links and tags",
    "number": "Numbers",
}


def _rows(name: str) -> list[list[str]]:
    text = nfc((_FOLDER / name).read_text(encoding="utf-8"))
    return [[cell.replace("\\n", "\n") for cell in line.split("\t")] for line in text.splitlines()]
