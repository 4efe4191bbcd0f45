"""XLIFF 1.2 and 2.0: units with their source and target."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from isogloss.rewriting.file import PairsFile
from isogloss.rewriting.reading._cutting import Cutting, Gathered
from isogloss.rewriting.reading._xml import elements, text_in, with_blanks
from isogloss.tables.bounded import read_bytes


class Xliff(Cutting):
    name, title, files, rows = "xliff", "XLIFF", 1, "units"

    def claims(self, heads: Sequence[bytes], names: Sequence[str]) -> bool:
        return bool(re.search(rb"<(?:\w+:)?xliff[\s>]", heads[0].replace(b"\0", b"")))

    def read(self, paths: Sequence[Path], *, source: str, target: str) -> PairsFile:
        """A unit of 2.0 may hold several segments: each is a pair, dropped together. Raises InvalidValue."""
        data = read_bytes(paths[0])
        gathered = Gathered(("key", "line"))
        languages: dict[str, str] = {}
        for number, one in enumerate(elements(data, ("trans-unit", "unit"), file=paths[0].name), 1):
            for above in one.above:
                for side, names in (
                    ("source", ("source-language", "srcLang")),
                    ("target", ("target-language", "trgLang")),
                ):
                    for name in names:
                        if name in above:
                            languages.setdefault(side, above[name])
            unit = one.element
            segments = [unit] if unit.tag == "trans-unit" else list(unit.iter("segment"))
            told = {"key": unit.get("id", ""), "line": str(one.line)}
            place = with_blanks(data, one.start, one.end)
            for segment in segments:
                texts = text_in(segment.find("source")), text_in(segment.find("target"))
                gathered.take(number, texts, place, told=told, example=f"line {one.line:,}")
        return gathered.file(paths[0].stem, self.name, paths, languages)


member = Xliff()
