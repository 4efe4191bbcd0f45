"""Strings of Android: two files, `values/strings.xml` and the translated one, matched by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from isogloss.rewriting.file import PairsFile
from isogloss.rewriting.reading._cutting import Cutting, Gathered
from isogloss.rewriting.reading._xml import Standing, elements, text_in, with_blanks
from isogloss.tables.bounded import read_bytes

_ESCAPED = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_SIGNS = {"n": "\n", "t": "\t"}


class Android(Cutting):
    name, title, files, rows = "android", "Android strings", 2, "entries of the target"

    def claims(self, heads: Sequence[bytes], names: Sequence[str]) -> bool:
        return all(re.search(rb"<resources[\s>]", head) for head in heads)

    def read(self, paths: Sequence[Path], *, source: str, target: str) -> PairsFile:
        """Strings, forms of plurals (one that the source lacks is held against its `other`), items of arrays. Only the
        target's file is written without what is dropped. Raises InvalidValue.
        """
        first, second = (read_bytes(path) for path in paths)
        texts = {
            (key, form): text for one in elements(first, _NAMES, file=paths[0].name) for key, form, text in _texts(one)
        }
        gathered = Gathered(("key", "form"))
        seen = set()
        for number, one in enumerate(elements(second, _NAMES, file=paths[1].name), 1):
            place = with_blanks(second, one.start, one.end)
            for key, form, text in _texts(one):
                seen.add(key)
                theirs = texts.get((key, form), texts.get((key, "other")))
                told = {"key": key, "form": form}
                gathered.take(number, (theirs, text), (0, 0), place, told=told, example=key)
        if missing := [key for key in dict.fromkeys(key for key, _ in texts) if key not in seen]:
            for key in missing:
                gathered.tally.skip("without_a_translation", key)
        gathered.ranges[0].clear()
        return gathered.file(paths[1].stem, self.name, paths)


_NAMES = ("string", "plurals", "string-array")


def _texts(one: Standing) -> list[tuple[str, str, str]]:
    """(name, form, text) of an entry."""
    key = one.element.get("name", "")
    if one.element.tag == "string":
        return [(key, "", _plain(text_in(one.element)))]
    items = enumerate(one.element.findall("item"))
    return [(key, item.get("quantity", str(i)), _plain(text_in(item))) for i, item in items]


def _plain(text: str) -> str:
    r"""Escapes as what they stand for.

    >>> _plain("it\\'s")
    "it's"
    """
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return _ESCAPED.sub(lambda one: chr(int(one[1][1:], 16)) if len(one[1]) > 1 else _SIGNS.get(one[1], one[1]), text)


member = Android()
