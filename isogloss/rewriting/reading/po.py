"""PO: catalogues of gettext, read by polib."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from isogloss.errors import InvalidValue
from isogloss.rewriting.file import PairsFile
from isogloss.rewriting.reading._cutting import Cutting, Gathered
from isogloss.tables.bounded import read_bytes

_MSGID = re.compile(rb"^(?:\xef\xbb\xbf)?(?:#~ )?msgid\s+\"", re.MULTILINE)
_LINE = re.compile(r"\(line (\d+)\)(?:: (.*))?")
_ENDS = re.compile(rb"\r\n|\n|\r")


class Po(Cutting):
    name, title, files, rows = "po", "PO", 1, "entries"

    def claims(self, heads: Sequence[bytes], names: Sequence[str]) -> bool:
        return bool(_MSGID.search(heads[0])) and b"msgstr" in heads[0]

    def read(self, paths: Sequence[Path], *, source: str, target: str) -> PairsFile:
        """Forms of a plural are pairs of one entry: the first of two is held against the singular, all others against
        the plural. What is not translated, or obsolete, is counted. Raises InvalidValue naming the line.
        """
        path = paths[0]
        data = read_bytes(path)
        entries, told = _entries(path)
        places = _places(data, entries)
        gathered = Gathered(("line", "context", "fuzzy"))
        number = 0
        for entry, place in zip(entries, places, strict=True):
            number += 1
            if entry.obsolete:
                gathered.tally.skip("obsolete", f"line {entry.linenum:,}")
                continue
            about = {
                "line": str(entry.linenum),
                "context": entry.msgctxt or "",
                "fuzzy": "fuzzy" if "fuzzy" in entry.flags else "",
            }
            forms = entry.msgstr_plural
            pairs = [(entry.msgid, entry.msgstr)]
            if forms:
                pairs = [
                    (entry.msgid if i == 0 and len(forms) == 2 else entry.msgid_plural, forms[i]) for i in sorted(forms)
                ]
            for texts in pairs:
                gathered.take(number, texts, place, told=about, example=f"line {entry.linenum:,}")
        return gathered.file(path.stem, self.name, paths, told)


def _entries(path: Path) -> tuple[list[Any], dict[str, str]]:
    import polib

    try:
        found = polib.pofile(str(path))
    except UnicodeError as error:
        raise InvalidValue(f"{path.name} is not in the encoding that it names ({error})", "save it as UTF-8") from error
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        at = _LINE.search(str(error))
        where = f", line {int(at[1]):,}" if at else ""
        reason = at[2] if at and at[2] else "it is no entry of a PO"
        raise InvalidValue(f"{path.name}{where} cannot be read ({reason[:120]})", "correct it (msgfmt -c)") from error
    language = str(found.metadata.get("Language", ""))
    return sorted(found, key=lambda one: one.linenum), {"target": language} if language else {}


def _places(data: bytes, entries: Sequence[Any]) -> list[tuple[int, int]]:
    """Of each entry the bytes from its comments up to the next one's; of the last, up to the end."""
    starts = [0, *(one.end() for one in _ENDS.finditer(data))]
    lines = [data[a:b].lstrip(b" \t") for a, b in zip(starts, [*starts[1:], len(data)], strict=True)]
    first = []
    least = 0
    for entry in entries:
        at = entry.linenum - 1
        while at > least and (lines[at - 1].startswith((b"#", b"msgctxt", b"msgid")) or _goes_on(lines, at - 1)):
            at -= 1
        first.append(at)
        least = entry.linenum
    return [
        (starts[a], starts[b] if b < len(starts) else len(data))
        for a, b in zip(first, [*first[1:], len(starts)], strict=True)
    ]


def _goes_on(lines: Sequence[bytes], at: int) -> bool:
    """Whether a line goes on with a context."""
    while at > 0 and lines[at].startswith(b'"'):
        at -= 1
    return lines[at].startswith(b"msgctxt")


member = Po()
