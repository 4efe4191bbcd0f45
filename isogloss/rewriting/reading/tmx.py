"""TMX: a memory of translations, units of segments in several languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from isogloss.errors import InvalidValue, NotFound
from isogloss.rewriting.file import PairsFile
from isogloss.rewriting.reading._cutting import Cutting, Gathered
from isogloss.rewriting.reading._xml import elements, text_in, with_blanks
from isogloss.tables.bounded import read_bytes
from isogloss.text.matches import closest


class Tmx(Cutting):
    name, title, files, rows = "tmx", "TMX", 1, "units"

    def claims(self, heads: Sequence[bytes], names: Sequence[str]) -> bool:
        return bool(re.search(rb"<tmx[\s>]", heads[0].replace(b"\0", b"")))

    def read(self, paths: Sequence[Path], *, source: str, target: str) -> PairsFile:
        """source, target: languages as the file writes them; the header's, and the other one of two. Of a language the
        first segment of a unit is taken. Raises InvalidValue, NotFound.
        """
        data = read_bytes(paths[0])
        found = elements(data, ("tu", "header"), file=paths[0].name)
        header = next((one.element.attrib for one in found if one.element.tag == "header"), {})
        units = [one for one in found if one.element.tag == "tu"]
        texts: list[dict[str, str]] = []
        for unit in units:
            here: dict[str, str] = {}
            for variant in unit.element.iter("tuv"):
                here.setdefault(variant.get("xml:lang") or variant.get("lang") or "", text_in(variant.find("seg")))
            texts.append(here)
        languages = list(dict.fromkeys(language for here in texts for language in here if language))
        first, second = _languages(languages, str(header.get("srclang", "")), source, target, paths[0].name)
        gathered = Gathered()
        for number, (unit, here) in enumerate(zip(units, texts, strict=True), 1):
            gathered.take(
                number,
                (here.get(first), here.get(second)),
                with_blanks(data, unit.start, unit.end),
                example=f"unit {number:,}",
            )
        return gathered.file(paths[0].stem, self.name, paths, {"source": first, "target": second})


def _languages(languages: list[str], given: str, source: str, target: str, file: str) -> tuple[str, str]:
    folded = {one.casefold(): one for one in languages}
    for asked in filter(None, (source, target)):
        if asked.casefold() not in folded:
            raise NotFound(f"{file} has no language {asked[:40]!r}", closest(asked, languages) or languages[:8])
    first = folded.get(source.casefold()) or folded.get(given.casefold())
    second = folded.get(target.casefold())
    others = [one for one in languages if one not in (first, second)]
    first = first or (others.pop(0) if len(others) + bool(second) == 2 else None)
    second = second or (others[0] if len(others) == 1 else None)
    if first is None or second is None or first == second:
        raise InvalidValue(
            f"{file} holds the languages {', '.join(languages)[:120] or 'none'}",
            "name the source and the target among them",
        )
    return first, second


member = Tmx()
