"""A table of entities by language, and sentences in which they are tagged or found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import regex

from isogloss.errors import InvalidValue, NotFound
from isogloss.rewriting.marking.tags import tokens
from isogloss.tables.columns import is_text, text_of
from isogloss.tables.table import take_table
from isogloss.text.matches import closest
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally

_ENTITY = ("entity", "name", "item", "english", "en")
_LABEL = ("label", "text", "translation")
_TAGGED = regex.compile(r"\[\[([^\[\]]{1,200})\]\]|<E>(.{1,200}?)</E>")
MOST_LABELS = 16  # of one entity in one language


@dataclass(frozen=True, eq=False)
class Entities:
    """labels: entity, case-folded → language → its labels there, in order, at least one. languages: all that there are.
    read: what became of the rows.
    """

    labels: Mapping[str, Mapping[str, tuple[str, ...]]]
    languages: tuple[str, ...]
    read: Tally = field(default_factory=Tally)

    @cached_property
    def lengths(self) -> list[int]:
        """In how many words entities are written, the longest first."""
        return sorted({len(tokens(one)) for one in self.labels}, reverse=True)

    def find(self, asked: Iterable[str]) -> tuple[str, ...]:
        """The languages that are meant, all where none is named. Raises NotFound with the nearest names."""
        wanted = tuple(dict.fromkeys(asked)) or self.languages
        for one in wanted:
            if one not in self.languages:
                near = closest(one, list(self.languages)) or list(self.languages)[:8]
                raise NotFound(f"the entities have no language {one[:40]!r}", near)
        return wanted

    def common(self, entities: Sequence[str], languages: Sequence[str]) -> tuple[str, ...]:
        """Those of the languages in which every one of these entities has a label; none of no entity.

        >>> table = Entities({"moon": {"de": ("Mond",), "fr": ("lune",)}, "sea": {"fr": ("mer",)}}, ("de", "fr"))
        >>> table.common(["moon", "sea"], ["de", "fr"]), table.common([], ["de"])
        (('fr',), ())
        """
        known = [self.labels.get(one.casefold(), {}) for one in entities]
        return tuple(one for one in languages if known and all(one in labels for labels in known))


def entities_of(rows: Iterable[tuple[str, str, str]], read: Tally | None = None) -> Entities:
    """From rows of entity, language and label; the same label twice is one. Blank cells are skipped and counted."""
    tally = read or Tally()
    tally.read = 0
    labels: dict[str, dict[str, tuple[str, ...]]] = {}
    languages: dict[str, None] = {}
    for entity, language, label in rows:
        if not entity or not language or not label:
            tally.skip("blank", entity)
            continue
        here = labels.setdefault(entity.casefold(), {})
        had = here.get(language, ())
        if label in had:
            tally.skip("repeated", f"{entity}, {language}")
        elif len(had) == MOST_LABELS:
            tally.skip("labels_beyond_sixteen", f"{entity}, {language}")
        else:
            here[language] = (*had, label)
            languages.setdefault(language)
            tally.read += 1
    return Entities(labels, tuple(languages), tally)


def read_entities(path: Path) -> Entities:
    """A table with a column for each language beside that of entities (`entity`, or the first), or the columns entity,
    language and label. Raises InvalidValue, NotFound.
    """
    if not path.is_file() and not path.is_dir():
        raise NotFound(f"there is no file {path.name[:80]!r}", lever="name a table of entities and languages")
    found = take_table(path)
    table = found.table
    names = {name.casefold(): name for name in table.column_names}
    entity = next((names[one] for one in _ENTITY if one in names), table.column_names[0])
    label = next((names[one] for one in _LABEL if one in names and names[one] != entity), None)
    if "language" in names and label:
        columns = [_texts(table, one) for one in (entity, names["language"], label)]
        rows = list(zip(*columns, strict=True))
    else:
        spoken = [one.name for one in table.schema if one.name != entity and is_text(one.type)]
        heads = _texts(table, entity)
        rows = [row for one in spoken for row in zip(heads, [one] * len(heads), _texts(table, one), strict=True)]
    made = entities_of(rows, found.read)
    if not made.labels:
        raise InvalidValue(
            f"{path.name} names no entity in a language ({made.read.sentence()})",
            "give a column entity and one for each language, or entity, language, label",
        )
    return made


def _texts(table: pa.Table, name: str) -> list[str]:
    return [nfc((text_of(value) or "").strip()) for value in table[name].to_pylist()]


@dataclass(frozen=True)
class Sentence:
    """text: as it was given. plain: without the tags of its entities. spans: where these lie in `plain`, half-open, in
    characters and in order.
    """

    text: str
    plain: str
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(self.plain[start:end] for start, end in self.spans)


def sentence(text: str, entities: Entities) -> Sentence:
    """With the entities that are tagged in it, `[[moon]]` or `<E>moon</E>`; where none is, those of the table that are
    found in it, by whole words in any case, the longest first from the left.

    >>> sentence("The [[moon]] is up", entities_of([])).entities
    ('moon',)
    >>> sentence("New York is big", entities_of([("York", "fr", "York"), ("new york", "fr", "New York")])).spans
    ((0, 8),)
    """
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    at = size = 0
    for found in _TAGGED.finditer(text):
        inner = found.group(1) or found.group(2)
        parts += [text[at : found.start()], inner]
        size += found.start() - at
        spans.append((size, size + len(inner)))
        size += len(inner)
        at = found.end()
    if spans:
        return Sentence(text, "".join([*parts, text[at:]]), tuple(spans))
    return Sentence(text, text, tuple(_looked_up(text, entities)))


def _looked_up(text: str, entities: Entities) -> Iterable[tuple[int, int]]:
    words = tokens(text)
    i = 0
    while i < len(words):
        for n in entities.lengths:
            if i + n > len(words):
                continue
            start, end = words[i][0], words[i + n - 1][1]
            if text[start:end].casefold() in entities.labels:
                yield start, end
                i += n
                break
        else:
            i += 1
