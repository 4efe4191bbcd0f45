"""Catalogues of gettext: the sentences of the interface in a language, read once for all who look.

They lie as text in `assets/locale/<code>/LC_MESSAGES/isogloss.po`, are read by babel and compiled in memory. The
identity of a message is its English sentence. A translation with other fields or other markup than its source does not
get in: its English stands there.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from string import Formatter
from threading import Lock
from typing import Any

from isogloss.interface.languages import ENGLISH
from isogloss.places import ASSETS

FOLDER = ASSETS / "locale"
DOMAIN = "isogloss"
_MARKUP = re.compile(r"</?[A-Za-z][^>]*>|&#?\w+;|:material/\w+:|`|\*\*")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]")
_FIRST = Lock()


def path_of(code: str, folder: Path = FOLDER) -> Path:
    """Where the catalogue of a language lies."""
    return folder / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def fields(text: str) -> Counter[tuple[str, str, str]]:
    """Name, conversion and format of each field of a message. Raises ValueError for a text that is no format.

    >>> fields("{n:,} words of {space}")
    Counter({('n', '', ','): 1, ('space', '', ''): 1})
    """
    parsed = Formatter().parse(text)
    return Counter((name, conversion or "", form or "") for _, name, form, conversion in parsed if name is not None)


def faults(source: str, translated: str) -> list[str]:
    """What makes a translation unfit to be shown in the place of its source; empty for none.

    >>> faults("{n:,} words", "{n} Wörter")
    ['its fields differ']
    >>> faults("{word} moved", "<b>{word}</b> bewegte sich")
    ['its markup differs']
    """
    found = []
    try:
        same = fields(source) == fields(translated)
    except ValueError:
        same = False
    if not same:
        found.append("its fields differ")
    if Counter(_MARKUP.findall(source)) != Counter(_MARKUP.findall(translated)):
        found.append("its markup differs")
    if _CONTROL.search(translated):
        found.append("it holds a control character")
    return found


def unfit(id: str | Sequence[str], string: str | Sequence[str]) -> list[str]:
    """The faults of a message of a catalogue, each of its plural forms against the source's last."""
    if isinstance(id, str):
        return faults(id, str(string))
    forms = [string] if isinstance(string, str) else string
    return [one for form in forms for one in faults(id[-1], form)]


def read_catalogue(path: Path) -> GNUTranslations:
    """A catalogue without its empty, fuzzy and unfit translations. Raises OSError, ValueError."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        found = read_po(file)
    for message in list(found):
        if message.id and (message.fuzzy or not _whole(message.string) or unfit(message.id, message.string)):
            found.delete(message.id, context=message.context)
    compiled = io.BytesIO()
    write_mo(compiled, found)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _whole(string: Any) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


def catalogue(code: str) -> NullTranslations:
    """The sentences of a language; English, which needs no catalogue, for one that has none."""
    with _FIRST:
        return _catalogue(code)


@cache
def _catalogue(code: str) -> NullTranslations:
    path = path_of(code)
    return read_catalogue(path) if code != ENGLISH and path.is_file() else NullTranslations()
