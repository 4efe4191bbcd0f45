"""Tokens as Maltese is annotated: an article, and a preposition that leans on the next word, stand alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import regex

from isogloss.encoders.texts import read_texts
from isogloss.errors import InvalidValue, NotFound
from isogloss.outside.looking import look
from isogloss.tables.columns import text_of
from isogloss.tables.table import content_kind, read_table, take_table
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally

_TOKEN = regex.compile(r"\p{N}+(?:[.,:/]\p{N}+)*|[\p{L}\p{M}][\p{L}\p{M}\p{N}]*['’-]?|\S")
_SENTENCE = ("id", "sentence", "line", "row")
_WORD = ("token", "word")
LABELS = ("category_merged", "etymology", "label", "category")


def tokens_of(text: str) -> list[str]:
    """
    >>> tokens_of("Il-karozza tal-2022 għandha b'500,000!")
    ['Il-', 'karozza', 'tal-', '2022', 'għandha', "b'", '500,000', '!']
    """
    return [str(one) for one in _TOKEN.findall(nfc(text))]


@dataclass(frozen=True, eq=False)
class Tokenised:
    """sentences: their tokens. columns: what else is known of each token, by the names of columns, sentence by
    sentence. texts: other columns of sentences, where each row was one. read: of the rows.
    """

    sentences: Sequence[Sequence[str]]
    columns: dict[str, list[list[str]]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    read: Tally = field(default_factory=Tally)

    def labels(self) -> list[list[str]] | None:
        """Where the tokens come from, where a column says it."""
        return next((self.columns[name] for name in LABELS if name in self.columns), None)


def read_tokens(path: Path) -> Tokenised:
    """A sentence a line; a table of sentences (`text`, and other columns of texts); or one of tokens (`token`, the
    number of the sentence in `id` or `sentence`, and what is known of each). Raises InvalidValue, NotFound.
    """
    if not path.is_file() and not path.is_dir():
        raise NotFound(f"there is no file {path.name[:80]!r}", lever="name sentences, or a table of tokens")
    return look(_read, path, kinds=(Tokenised, Tally))


def _read(path: Path) -> Tokenised:
    if path.is_file() and content_kind(path) == "plain":
        found = read_texts(path)
        return Tokenised([tokens_of(text) for text in found.texts], read=found.read)
    read = read_table(path)
    names = {name.casefold(): name for name in read.table.column_names}
    values = {
        name.casefold(): [nfc((text_of(value) or "").strip()) for value in read.table[name].to_pylist()]
        for name in read.table.column_names
    }
    word = next((one for one in _WORD if one in names), None)
    if word is not None:
        return _of_tokens(values, word, read.read)
    text = next((one for one in ("text", "sentence", "maltese", "mt") if one in names), None)
    if text is None and len(names) == 1:
        text = next(iter(names))
    if text is None:
        raise InvalidValue(f"{path.name} has the columns {list(names.values())[:8]!r}", "name one text, or token")
    tally, keep = read.read, [i for i, value in enumerate(values[text]) if value]
    if blank := len(values[text]) - len(keep):
        tally.skip("blank", n=blank)
    tally.read = len(keep)
    others = {name: [column[i] for i in keep] for name, column in values.items() if name != text}
    return Tokenised([tokens_of(values[text][i]) for i in keep], {}, others, tally)


def _of_tokens(values: dict[str, list[str]], word: str, tally: Tally) -> Tokenised:
    """Rows of one sentence follow each other or not; their order is that of the file."""
    n = len(values[word])
    number = next((one for one in _SENTENCE if one in values), None)
    numbers = values[number] if number else [""] * n
    others = [name for name in values if name not in (word, number)]
    order: dict[str, int] = {}
    sentences: list[list[str]] = []
    columns: dict[str, list[list[str]]] = {name: [] for name in others}
    tally.read = 0
    for i, token in enumerate(values[word]):
        if not token:
            tally.skip("blank", f"row {i + 1:,}")
            continue
        at = order.setdefault(numbers[i], len(order))
        if at == len(sentences):
            sentences.append([])
            for name in others:
                columns[name].append([])
        sentences[at].append(token)
        for name in others:
            columns[name][at].append(values[name][i])
        tally.read += 1
    return Tokenised(sentences, columns, {}, tally)


def read_lists(path: Path) -> dict[str, frozenset[str]]:
    """Language → its words, case-folded, of a table word (or token) and language. Raises InvalidValue, NotFound."""
    if not path.is_file():
        raise NotFound(f"there is no file {path.name[:80]!r}", lever="name a table word, language")
    table = take_table(path).table
    names = {name.casefold(): name for name in table.column_names}
    word = next((names[one] for one in ("word", "token") if one in names), None)
    if word is None or "language" not in names:
        raise InvalidValue(f"{path.name} has the columns {table.column_names[:8]!r}", "give word and language")
    found: dict[str, set[str]] = {}
    for one, language in zip(table[word].to_pylist(), table[names["language"]].to_pylist(), strict=True):
        text, name = nfc((text_of(one) or "").strip()), (text_of(language) or "").strip()
        if text and name:
            found.setdefault(name, set()).add(text.casefold())
    return {name: frozenset(words) for name, words in found.items()}
