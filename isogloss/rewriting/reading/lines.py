"""Two files of texts, a text a line, that belong together by line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from isogloss.errors import InvalidValue
from isogloss.rewriting.file import NOWHERE, PairsFile
from isogloss.rewriting.reading._cutting import Cutting, Gathered
from isogloss.tables.bounded import read_bytes
from isogloss.tables.encodings import decoded
from isogloss.tables.table import content_kind

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")


class Lines(Cutting):
    name, title, files, rows = "lines", "two files of lines", 2, "lines"

    def claims(self, heads: Sequence[bytes], names: Sequence[str]) -> bool:
        return not any(b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) for head in heads)

    def read(self, paths: Sequence[Path], *, source: str, target: str) -> PairsFile:
        """A line that is empty on one side is counted. Raises InvalidValue for different numbers of lines."""
        sides = [_lines(path) for path in paths]
        if len(sides[0]) != len(sides[1]):
            raise InvalidValue(
                f"{paths[0].name} has {len(sides[0]):,} lines, {paths[1].name} {len(sides[1]):,}",
                "give files that are aligned by line",
            )
        gathered = Gathered()
        for number, (one, two) in enumerate(zip(*sides, strict=True), 1):
            gathered.take(number, (one[0], two[0]), one[1], two[1], example=f"line {number:,}")
        found = gathered.file(paths[0].stem, self.name, paths)
        if any(place[1] < 0 for side in sides for _, place in side[:1]):
            return PairsFile(found.pairs, found.kind, found.paths, (NOWHERE, NOWHERE))
        return found


def _lines(path: Path) -> list[tuple[str, tuple[int, int]]]:
    if content_kind(path, None) not in ("plain", "separated"):
        raise InvalidValue(f"{path.name} is no file of lines", "give a text a line, or one file that holds both")
    data = read_bytes(path)
    return [(line.rstrip("\r\n"), place) for line, place in placed_lines(data)]


def placed_lines(data: bytes) -> list[tuple[str, tuple[int, int]]]:
    """Lines with their ends, and the bytes of each; (-1, -1) where the encoding does not tell."""
    found = decoded(data)
    text = found.text.removeprefix("\ufeff")
    lines = [line for line in _LINE.findall(text) if line]
    errors = "surrogateescape" if found.encoding == "utf-8" else "strict"
    try:
        sizes = [len(line.encode(found.encoding, errors)) for line in lines]
    except (UnicodeError, LookupError):
        sizes = []
    at = len(data) - sum(sizes)
    if not sizes or not 0 <= at <= 4:
        return [(line, (-1, -1)) for line in lines]
    out = []
    for line, size in zip(lines, sizes, strict=True):
        out.append((line, (at, at + size)))
        at += size
    return out


member = Lines()
