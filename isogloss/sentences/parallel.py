"""The same sentences in many languages: read from a table, from files beside each other, or from a memory of
translations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import regex

from isogloss.errors import InvalidValue, NotFound
from isogloss.outside.looking import look
from isogloss.tables.bounded import read_bytes
from isogloss.tables.columns import is_text, text_of
from isogloss.tables.encodings import decoded
from isogloss.tables.table import content_kind, read_table
from isogloss.text.matches import closest
from isogloss.text.normalize import nfc
from isogloss.text.script import script_of
from isogloss.text.tally import Tally

_LONG = ("language", "text")
_COPIED = regex.compile(r"[\p{Script=Latin}\p{Nd}]+")
_LINE = ("line", "id", "row", "sentence_id")
_MOST = 20_000_000  # texts
_PLAIN = (".txt", ".devtest", ".dev", ".test")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, eq=False)
class ParallelSet:
    """texts: language → its sentences by line, None where a line is missing there; all of one length. read: what became
    of the rows. name: in what is said of it. note: what is to be said wherever its figures are shown.
    """

    name: str
    texts: Mapping[str, Sequence[str | None]]
    read: Tally = field(default_factory=Tally)
    note: str = ""

    @property
    def languages(self) -> list[str]:
        return list(self.texts)

    def __len__(self) -> int:
        return max(map(len, self.texts.values()), default=0)

    def coverage(self) -> dict[str, tuple[int, int]]:
        """Language → lines that it has, and how many of these repeat one that came before."""
        found = {}
        for language, lines in self.texts.items():
            here = [line for line in lines if line]
            found[language] = len(here), len(here) - len(set(here))
        return found

    def script(self, language: str) -> str:
        """ISO 15924 code of the language's letters."""
        lines = [line for line in self.texts[self.find(language)] if line]
        return script_of(" ".join(lines[:: max(1, len(lines) // 200)]))

    def find(self, language: str) -> str:
        """The language as it is called here, by two letters or three. Raises NotFound, with the nearest names.

        >>> ParallelSet("", {"eng_Latn": ["a"], "deu": ["b"]}).find("eng")
        'eng_Latn'
        >>> ParallelSet("", {"en": ["a"], "deu": ["b"]}).find("eng")
        'en'
        """
        if language in self.texts:
            return language
        for spelled in (lambda code: code, two_letters):
            asked = spelled(language)
            same = [one for one in self.texts if spelled(one.partition("_")[0].partition("-")[0]) == asked]
            if len(same) == 1:
                return same[0]
        raise NotFound(
            f"the set has no language {language[:40]!r}", same or closest(language, self.texts) or self.languages[:8]
        )

    def pairs(self, pivot: str, language: str, *, limit: int | None = None) -> tuple[list[int], list[str], list[str]]:
        """Lines that both hold, the first `limit` of them: numbers, the pivot's texts, the language's."""
        numbers: list[int] = []
        first: list[str] = []
        second: list[str] = []
        for number, (one, two) in enumerate(zip(self.texts[pivot], self.texts[language], strict=False)):
            if one and two and (limit is None or len(numbers) < limit):
                numbers.append(number)
                first.append(one)
                second.append(two)
        return numbers, first, second


def two_letters(language: str) -> str:
    """A code of three letters as that of two, where Unicode CLDR has one; others as they are.

    >>> two_letters("deu"), two_letters("en"), two_letters("nso")
    ('de', 'en', 'nso')
    """
    from babel.core import get_global

    found: str = get_global("language_aliases").get(language, language)
    return found


def read_parallel(paths: Sequence[Path], *, edition: str | None = None) -> ParallelSet:
    """From one table (a column for each language, or language, line and text), one folder of aligned files, several
    aligned files (Moses), or a TMX.

    A file's language is its ending (`news.de`) or, of .txt and the like, its name (`deu.txt`, `deu_Latn.devtest`).
    edition: which rows to take of a table that has a column of that name (default: `ref` and `src` where they are).
    Lines are kept by their number: an empty one is missing, not left out. Raises InvalidValue, NotFound.
    """
    if not paths:
        raise InvalidValue("no file was named", "name a table, a folder, or a file for each language")
    if len(paths) > 1:
        return _files(sorted(paths))
    path = paths[0]
    if path.is_dir():
        inside = [one for one in sorted(path.iterdir()) if one.is_file() and not one.name.startswith(".")]
        if not inside:
            raise InvalidValue(f"{path.name} holds no file", "name a folder with a file for each language")
        return _files(inside, name=path.name)
    if not path.is_file():
        raise NotFound(f"there is no file {path.name[:80]!r}", lever="name a table, a folder or a .tmx")
    if path.suffix.casefold() == ".tmx":
        return look(_tmx, path, kinds=(ParallelSet, Tally))
    return look(_table, path, kinds=(ParallelSet, Tally), edition=edition)


def _files(paths: Sequence[Path], name: str = "") -> ParallelSet:
    texts: dict[str, list[str | None]] = {}
    for path in paths:
        if not path.is_file():
            raise NotFound(f"there is no file {path.name[:80]!r}", lever="name a file for each language")
        language = _language_of(path)
        if language in texts:
            raise InvalidValue(f"two files are of the language {language[:40]!r}", "name one file for each language")
        texts[language] = look(_lines, path)
    lengths = {language: len(lines) for language, lines in texts.items()}
    if len(set(lengths.values())) > 1:
        some = ", ".join(f"{language} {n:,}" for language, n in list(lengths.items())[:4])
        raise InvalidValue(f"the files have different numbers of lines ({some})", "give files that are aligned by line")
    tally = Tally()
    tally.read = sum(sum(line is not None for line in lines) for lines in texts.values())
    if blank := sum(lengths.values()) - tally.read:
        tally.skip("blank", n=blank)
    return ParallelSet(name or paths[0].stem, texts, tally)


def _language_of(path: Path) -> str:
    ending = path.suffix.casefold()
    return path.stem if ending in _PLAIN or not ending else path.suffix[1:]


def _lines(path: Path) -> list[str | None]:
    if content_kind(path, None) != "plain":
        raise InvalidValue(f"{path.name} is no file of lines", "give a sentence a line")
    text = decoded(read_bytes(path)).text.removeprefix("\ufeff")
    return [_clean(line) for line in text.removesuffix("\n").split("\n")]


def _clean(value: Any) -> str | None:
    text = nfc((text_of(value) or "").strip())
    return text if text and not any("\ud800" <= letter <= "\udfff" for letter in text) else None


def _table(path: Path, edition: str | None = None) -> ParallelSet:
    read = read_table(path)
    table, tally = read.table, read.read
    names = {name.casefold(): name for name in table.column_names}
    if all(name in names for name in _LONG):
        return ParallelSet(path.stem, _long(table, names, tally, edition, path), tally)
    columns = [f.name for f in table.schema if is_text(f.type) and f.name.casefold() not in _LINE]
    if len(columns) < 2:
        raise InvalidValue(
            f"{path.name} has the columns {table.column_names[:8]!r}",
            "give a column for each language, or the columns language, line and text",
        )
    return ParallelSet(path.stem, {name: [_clean(v) for v in table[name].to_pylist()] for name in columns}, tally)


def _long(
    table: pa.Table, names: Mapping[str, str], tally: Tally, edition: str | None, path: Path
) -> dict[str, list[str | None]]:
    languages, texts = table[names["language"]].to_pylist(), table[names["text"]].to_pylist()
    line = next((names[name] for name in _LINE if name in names), None)
    if line is None:
        raise InvalidValue(
            f"{path.name} has no column of lines", "add a column `line`: which sentences belong together"
        )
    editions = table[names["edition"]].to_pylist() if "edition" in names else [None] * len(texts)
    wanted = {edition} if edition else {"ref", "src"} if {"ref", "src"} & set(editions) else set(editions)
    order: dict[Any, int] = {}
    found: dict[str, dict[int, str]] = {}
    tally.read = 0
    for language, number, kind, value in zip(languages, table[line].to_pylist(), editions, texts, strict=True):
        at = order.setdefault(number, len(order))
        text = _clean(value)
        if kind not in wanted:
            tally.skip("other_edition")
        elif text is None or language is None:
            tally.skip("blank")
        elif at in (here := found.setdefault(str(language), {})):
            tally.skip("duplicate", str(number))
        else:
            here[at] = text
            tally.read += 1
    if sum(map(len, found.values())) > _MOST or len(found) < 2:
        raise InvalidValue(f"{path.name} holds {len(found):,} languages", "give two languages or more")
    return {language: [here.get(i) for i in range(len(order))] for language, here in found.items()}


def _tmx(path: Path) -> ParallelSet:
    """Translation units of a TMX: the first segment of each language in each."""
    units: list[dict[str, str]] = []
    tally = Tally()
    for unit in _units(path):
        here: dict[str, str] = {}
        for variant in unit.iter("tuv"):
            segment, language = variant.find("seg"), variant.get(_XML_LANG) or variant.get("lang")
            text = None if segment is None else _clean("".join(segment.itertext()))
            if text and language:
                here.setdefault(language, text)
        if len(here) < 2:
            tally.skip("without_a_translation")
            continue
        units.append(here)
        tally.read += 1
        unit.clear()
    languages = list(dict.fromkeys(language for unit in units for language in unit))
    if len(languages) < 2:
        raise InvalidValue(f"{path.name} holds no translation ({tally.sentence()})", "give units of two languages")
    return ParallelSet(path.stem, {one: [unit.get(one) for unit in units] for one in languages}, tally)


def _units(path: Path) -> Iterator[ElementTree.Element]:
    data = read_bytes(path).replace(b"\0", b"")
    if b"<!ENTITY" in data[: max(data.find(b"<tmx"), 4096)]:
        raise InvalidValue(f"{path.name} declares entities", "save it without them")
    try:
        for _, element in ElementTree.iterparse(path, events=("end",)):
            if element.tag == "tu":
                yield element
    except ElementTree.ParseError as error:
        raise InvalidValue(f"{path.name} is no whole TMX ({error})", "save it again") from error
    except (LookupError, ValueError) as error:
        raise InvalidValue(f"{path.name} has an encoding that cannot be read ({error})", "save it as UTF-8") from error


def without_copied(line: str) -> str:
    """A line without Latin letters and digits of any kind; where nothing else is left, a full stop.

    >>> without_copied("Привет, NATO 2024!"), without_copied("NATO")
    ('Привет, !', '.')
    """
    kept = _COPIED.sub("", line)
    return " ".join(kept.split()) if regex.search(r"\w", kept) else "."
