"""Pairs of words in text files as people have them: separators, notes, several targets; nothing is cut in silence."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from isogloss.errors import InvalidValue
from isogloss.tables.bounded import read_bytes
from isogloss.tables.encodings import decoded
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally

MOST = 2_000_000
_LOOKED = 500  # lines
_MOSTLY = 0.9
_SEPARATORS = ("\t", "|||", "::", " = ", "=", "\u3000", ";", ",", "|", "\u00a0")
_SPACES = re.compile(r"[ \u00a0\u3000]+")
_NUMBER = re.compile(r"[-+]?\d*[.,]?\d+(?:[eE][-+]?\d+)?")
_NOTE = re.compile(r"\s*(?:\{[^{}]{0,20}\}|\[[^\[\]]{0,20}\]|\([^()]{0,20}\)|<[^<>]{0,20}>)\s*")
_SEVERAL = re.compile(r"\s*[,;/|]\s*")
_HEADING = re.compile(
    r"(?:source|src|target|tgt|trg|word|term|translation|english|[a-z]{2}|[a-z]{3})(?:[_ -]\w+)?", re.I
)
_REASONS = {
    "several_words": "write a tab between source and target",
    "no_target": "write a source and a target a line",
}


@dataclass(frozen=True)
class Pairs:
    """pairs: each once, in the order of the file. read: lines, by what became of them. said: how it was read."""

    pairs: tuple[tuple[str, str], ...]
    read: Tally
    said: tuple[str, ...] = ()


def read_pairs(path: Path, *, lower: bool = False, columns: tuple[int, int] | None = None) -> Pairs:
    """The pairs of a file. columns: which hold the source and the target, the first is 1; by default the first two that
    are words, and what stands further right are more targets.

    Lines without a target and lines of several words between spaces are counted, and refused where they are many.
    Raises InvalidValue, NotFound.
    """
    found = decoded(read_bytes(path))
    lines = re.split(r"\r\n|\n|\r", found.text.removeprefix("\ufeff"))
    tally, said = Tally(), [] if found.encoding == "utf-8" else [f"its encoding is {found.encoding}"]
    separator = separator_of([line for line in lines[:_LOOKED] if line.strip() and not line.startswith("#")])
    if separator not in ("\t", ""):
        said.append(f"words are separated by {separator.strip() or 'a wide space'!r}")
    rows = list(_rows(lines, separator, tally))
    if rows and separator in (",", ";", "\t") and _is_heading(rows[0][1]):
        tally.skip("heading", f"line {rows[0][0]:,}")
        rows = rows[1:]
    reader = _Reader([fields for _, fields, _ in rows[:_LOOKED]], separator, columns)
    said += reader.said
    pairs: dict[tuple[str, str], None] = {}
    for number, fields, spaced in rows:
        some = reader.pairs(fields, number, tally, spaced=spaced)
        some = [(nfc(a).lower(), nfc(b).lower()) if lower else (nfc(a), nfc(b)) for a, b in some]
        if some and all(pair in pairs for pair in some):
            tally.skip("duplicate", " ".join(some[0]))
        elif some:
            tally.read += 1
        pairs |= dict.fromkeys(some)
        if len(pairs) > MOST:
            raise InvalidValue(f"{path.name} has more than {MOST:,} pairs", "give a shorter dictionary")
    tally.refuse_above(path.name, _REASONS)
    if not pairs:
        raise InvalidValue(f"{path.name} holds no pairs", "write a source and a target a line")
    return Pairs(tuple(pairs), tally, tuple(said))


def separator_of(lines: Sequence[str]) -> str:
    """What stands between source and target in nine of ten lines; empty: white space.

    >>> separator_of(["water ||| eau"]), separator_of(["water = eau"]), separator_of(["water eau"])
    ('|||', ' = ', '')
    """
    for one in _SEPARATORS:
        parts = [[part.strip() for part in line.split(one)] for line in lines]
        if lines and sum(len(p) > 1 and bool(p[0]) for p in parts) >= _MOSTLY * len(lines):
            return one
    return ""


def _rows(lines: Sequence[str], separator: str, tally: Tally) -> Iterator[tuple[int, list[str], bool]]:
    """Of each line that is not blank its number, its fields, and whether spaces part them; comments are counted."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if separator in (",", ";"):
            fields = next(csv.reader([line], delimiter=separator, skipinitialspace=True))
        elif separator not in ("", "\t"):
            fields = line.split(separator)
        else:
            fields = line.split("\t") if "\t" in line else _SPACES.split(line.strip())
        fields = [_unquoted(field.strip()) for field in fields]
        while fields and not fields[-1]:
            fields.pop()
        if line.startswith("#") and len(fields) != 2:
            tally.skip("comment", f"line {number:,}")
        elif fields:
            yield number, fields, separator in ("", "\t") and "\t" not in line


def _unquoted(field: str) -> str:
    return field[1:-1].replace('""', '"').strip() if len(field) > 1 and field[0] == field[-1] == '"' else field


def _is_heading(fields: Sequence[str]) -> bool:
    """Whether the first line names the columns: `source target`, `en fr`."""
    two = [field.strip().lower() for field in fields[:2]]
    if len(two) < 2 or two[0] == two[1] or not all(map(_HEADING.fullmatch, two)):
        return False
    codes = _codes()
    return all(len(word) > 3 or word in ("src", "tgt", "trg") or word in codes for word in two)


def _codes() -> frozenset[str]:
    from babel import Locale

    return frozenset(code for code in Locale("en").languages if code.isalpha())


class _Reader:
    """How the fields of a file are read: which are words, which numbers; whether targets hold several."""

    def __init__(self, sample: Sequence[Sequence[str]], separator: str, columns: tuple[int, int] | None) -> None:
        self.columns, self.spaced, self.said = columns, not separator, list[str]()
        width = max(map(len, sample), default=0)
        filled = [[row[i] for row in sample if len(row) > i and row[i]] for i in range(width)]
        self.numbers = {i for i, some in enumerate(filled) if some and all(map(_NUMBER.fullmatch, some))}
        if self.numbers and columns is None:
            self.said.append(f"column {', '.join(str(i + 1) for i in sorted(self.numbers))} of numbers is left out")
        words = [i for i in range(width) if i not in self.numbers]
        targets = [row[words[1]] for row in sample if len(words) > 1 and len(row) > words[1]]
        notes = sum(bool(_NOTE.search(row[i])) for row in sample for i in words if i < len(row))
        self.noted = notes > 0 and notes >= 0.5 * len(sample)
        if self.noted:
            self.said.append("notes in brackets are left out")
        several = sum(len(_SEVERAL.split(target)) > 1 for target in targets)
        self.several = separator not in (",", ";") and several > 1 and several >= 0.02 * len(sample)
        if self.several or (not self.spaced and columns is None and len(words) > 2):
            self.said.append("several targets of a line are taken one by one")

    def pairs(self, fields: Sequence[str], number: int, tally: Tally, *, spaced: bool) -> list[tuple[str, str]]:
        """The pairs of a line; none, counted, where it has no source and target, or words that no separator parts."""
        if self.columns is not None:
            picked = [fields[c - 1] if c <= len(fields) else "" for c in self.columns]
            source, targets = picked[0], picked[1:]
        else:
            words = [field for i, field in enumerate(fields) if i not in self.numbers]
            if spaced and len(words) > 2:
                tally.skip("several_words", f"line {number:,}: {' '.join(words)}")
                return []
            source, targets = (words[0], words[1:]) if words else ("", [])
        source, targets = self._bare(source), [self._bare(target) for target in targets]
        if self.several and not _SEVERAL.search(source):
            targets = [part for target in targets for part in _SEVERAL.split(target)]
        targets = [target for target in targets if target]
        if not source or not targets:
            tally.skip("no_target", f"line {number:,}: {' '.join(fields)}")
            return []
        return [(source, target) for target in targets]

    def _bare(self, word: str) -> str:
        return (_NOTE.sub(" ", word).strip() or word) if self.noted else word
