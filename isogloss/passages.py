"""The texts of a collection, indexed: any word's lines in context, by space (SQLite full-text search)."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import regex

from isogloss.concordance import WIDTH, describe_corpus, flat, literal_pattern, read_texts
from isogloss.errors import InvalidValue, NotFound, StoreError
from isogloss.folders import sweep
from isogloss.normalize import nfc
from isogloss.recipe import read_recipe
from isogloss.search import closest
from isogloss.store import Workspace

Progress = Callable[[int], None]
_SCHEMA = 1
_LONGEST = 1_200  # characters of a passage
_EXACT = 2_000  # passages in which every use is counted
_MOST_PARTS = 4
_RUNS = r"\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}"
_SINGLE = regex.compile(rf"[{_RUNS}]")
_TOKEN = regex.compile(
    rf"[{_RUNS}]|[[\p{{L}}\p{{M}}]--[{_RUNS}]]+(?:-[[\p{{L}}\p{{M}}]--[{_RUNS}]]+)*|\p{{N}}+", regex.V1
)
_ASCII = re.compile(r"[a-z]+(?:-[a-z]+)*|[0-9]+")
_END = regex.compile(r"[.!?。！？।۔]\s|\n")


@dataclass(frozen=True)
class Use:
    """A line of the concordance. left, right: up to 60 characters of context on either side."""

    space: str
    document: str
    left: str
    hit: str
    right: str


@dataclass(frozen=True)
class Found:
    """lines: spread over the passages that hold the item. uses: how many there are in each space, where that was counted;
    passages: in how many passages of each it stands."""

    lines: tuple[Use, ...]
    uses: Mapping[str, int | None]
    passages: Mapping[str, int]


def tokens_of(text: str) -> str:
    """What is indexed of a text: words in lower case, one for each character where a script writes no spaces.

    >>> tokens_of("The Co-operation of 東京, ไทย 1946")
    'the co-operation of 東 京 ไ ท ย 1946'
    """
    if text.isascii():
        return " ".join(_ASCII.findall(text.lower()))
    return " ".join(_TOKEN.findall(nfc(text).casefold()))


def phrase_of(item: str) -> str | None:
    """The question to the index for an item; None where it has nothing that is indexed. A hyphen is also a space or nothing.

    >>> phrase_of("co-op"), phrase_of('" OR *'), phrase_of("!?")
    ('"co-op" OR "co op" OR "coop"', '"or"', None)
    """
    parts = [part for part in nfc(item).casefold().split("-") if part][: _MOST_PARTS + 1]
    if len(parts) > _MOST_PARTS:
        parts = [" ".join(parts)]
    spelt = (
        [
            "".join(f"{a}{b}" for a, b in zip(parts, (*how, ""), strict=True))
            for how in product("- ", repeat=len(parts) - 1)
        ]
        if parts
        else []
    )
    spelt += ["".join(parts)] if len(parts) > 1 else []
    phrases = list(dict.fromkeys(filter(None, map(tokens_of, spelt))))
    return " OR ".join(f'"{phrase}"' for phrase in phrases) or None


class Passages:
    """The index of one collection's texts, a file of the workspace."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        places = [workspace.root, *([workspace.offered] if workspace.offered else [])]
        files = [place / "corpora" / f"{name}.sqlite" for place in places]
        self.name, self._own = name, files[0]
        self.path = next((file for file in files if file.is_file()), files[0])

    @property
    def attached(self) -> bool:
        return self.path.is_file()

    def attach(
        self, workspace: Workspace, corpus: Path, recipe: Path | None = None, progress: Progress = lambda n: None
    ) -> dict[str, Any]:
        """Index a corpus; the facts of what is there then. A stopped one leaves the old index or none.

        recipe: how the corpus was sliced, for a collection that does not remember it. Raises InvalidValue, NotFound,
        StoreError; progress gets the number of documents so far and may raise Cancelled.
        """
        start = time.monotonic()
        collection = workspace.open(self.name)
        told = describe_corpus(read_recipe(recipe)) if recipe else collection.metadata.get("corpus")
        if not isinstance(told, Mapping):
            raise InvalidValue(
                f"{self.name!r} does not remember how its texts were sliced", "give the recipe: --recipe RECIPE.toml"
            )
        texts = read_texts(corpus, told)
        spaces = [name for name in collection.names if (np.asarray(texts["_space"]) == name).any()]
        if not spaces:
            raise InvalidValue(
                f"no document of {corpus.name} falls into {', '.join(collection.names)[:120]}",
                "give the corpus it was built from",
            )
        facts: dict[str, Any] = {
            "collection": self.name,
            "file": corpus.name,
            "documents": 0,
            "passages": 0,
            "spaces": {},
        }
        try:
            self._own.parent.mkdir(parents=True, exist_ok=True)
            sweep(self._own.parent, (".writing-*",))
            temporary = self._own.with_name(f".writing-{self.name}-{os.getpid()}")
            temporary.unlink(missing_ok=True)
            try:
                with closing(sqlite3.connect(temporary)) as base:
                    _fill(base, texts, told, spaces, facts, progress)
                    facts["seconds"] = round(time.monotonic() - start, 2)
                    base.execute("INSERT INTO facts VALUES (?, ?)", (_SCHEMA, json.dumps(facts)))
                    base.commit()
                os.replace(temporary, self._own)
            finally:
                temporary.unlink(missing_ok=True)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"the index of {corpus.name} cannot be written ({error})", "free some space") from error
        self.path = self._own
        return facts

    def find(self, item: str, space: str | None = None, limit: int = 20) -> Found:
        """Lines of an item, of all spaces or of one, spread over its passages. Raises NotFound, StoreError."""
        if not 1 <= limit <= 10_000:
            raise InvalidValue(f"limit is {limit:,}", "choose 1 to 10,000")
        phrase, pattern = phrase_of(item), literal_pattern(item, _SINGLE.search(item) is not None)
        try:
            with closing(sqlite3.connect(f"file:{self.path.as_posix()}?mode=ro", uri=True)) as base:
                ranges = {
                    name: (a, b) for name, a, b in base.execute("SELECT name, first, last FROM spaces ORDER BY rowid")
                }
                if space is not None and space not in ranges:
                    raise NotFound(
                        f"the texts of {self.name!r} have no space {space[:80]!r}", closest(space, ranges) or [*ranges]
                    )
                chosen = ranges if space is None else {space: ranges[space]}
                if phrase is None:
                    return Found((), dict.fromkeys(chosen, 0), dict.fromkeys(chosen, 0))
                held = {name: _rows(base, phrase, *between) for name, between in chosen.items()}
                uses = {
                    name: _count(base, rows, pattern) if len(rows) <= _EXACT else None for name, rows in held.items()
                }
                lines = [
                    line
                    for name, n in _shares(held, limit).items()
                    for line in _lines(base, held[name], pattern, name, n)
                ]
        except sqlite3.Error as error:
            raise StoreError(
                f"the index of the texts of {self.name!r} is damaged ({error})", "attach them again"
            ) from error
        return Found(tuple(lines), uses, {name: len(rows) for name, rows in held.items()})


def _fill(
    base: sqlite3.Connection, texts: Any, told: Mapping[str, Any], spaces: list[str], facts: dict[str, Any], progress: Progress
) -> None:  # fmt: skip
    base.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE facts (schema INTEGER, json TEXT);"
        "CREATE TABLE spaces (name TEXT, first INTEGER, last INTEGER); CREATE TABLE documents (id INTEGER PRIMARY KEY, label TEXT);"
        "CREATE TABLE passages (id INTEGER PRIMARY KEY, document INTEGER, text TEXT);"
        "CREATE VIRTUAL TABLE words USING fts5 (text, content='', tokenize=\"ascii tokenchars '-'\");"
    )
    where = np.asarray(texts["_space"])
    labels = [texts[told[key]] for key in ("slice_by", "author") if told.get(key)]
    column = texts[told["text"]]
    number, document = 0, 0
    for name in spaces:
        first = number + 1
        rows = np.flatnonzero(where == name)
        for row in rows.tolist():
            document += 1
            label = ", ".join(dict.fromkeys(str(one[row].as_py()) for one in labels))
            base.execute("INSERT INTO documents VALUES (?, ?)", (document, label))
            some = [(number + i, document, text) for i, text in enumerate(passages(nfc(column[row].as_py() or "")), 1)]
            base.executemany("INSERT INTO passages VALUES (?, ?, ?)", some)
            base.executemany(
                "INSERT INTO words (rowid, text) VALUES (?, ?)", ((i, tokens_of(text)) for i, _, text in some)
            )
            number += len(some)
            progress(document)
        base.execute("INSERT INTO spaces VALUES (?, ?, ?)", (name, first, number))
        facts["spaces"][name] = len(rows)
    facts |= {"documents": document, "passages": number}


def passages(text: str) -> Iterator[str]:
    """Stretches of at most 1,200 characters, cut at the ends of sentences or lines where there are any, else at a space.

    >>> [len(p) for p in passages("word " * 600)], list(passages(" "))
    ([1200, 1200, 600], [])
    """
    at = 0
    while at < len(text):
        stop = at + _LONGEST
        if stop < len(text):
            ends = [m.end() for m in _END.finditer(text, at, stop)]
            space = text.rfind(" ", at + 1, stop) + 1
            stop = ends[-1] if ends and ends[-1] > at + _LONGEST // 4 else space or stop
        if text[at:stop].strip():
            yield text[at:stop]
        at = stop


def _rows(base: sqlite3.Connection, phrase: str, first: int, last: int) -> list[int]:
    asked = base.execute("SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?", (phrase, first, last))
    return [row for (row,) in asked]


def _text(base: sqlite3.Connection, row: int) -> tuple[str, int]:
    text, document = base.execute("SELECT text, document FROM passages WHERE id = ?", (row,)).fetchone()
    return str(text), int(document)


def _count(base: sqlite3.Connection, rows: list[int], pattern: regex.Pattern[str]) -> int:
    return sum(len(pattern.findall(_text(base, row)[0])) for row in rows)


def _shares(held: Mapping[str, list[int]], limit: int) -> dict[str, int]:
    """How many lines each space gives: as even as what it holds allows."""
    shares, left = dict.fromkeys(held, 0), limit
    while left and (open_ := [name for name, rows in held.items() if len(rows) > shares[name]]):
        for name in open_[:left]:
            shares[name] += 1
        left = limit - sum(shares.values())
    return shares


def _lines(base: sqlite3.Connection, rows: list[int], pattern: regex.Pattern[str], space: str, n: int) -> Iterator[Use]:
    """n lines from passages as far from each other as can be, one from each."""
    order = list(dict.fromkeys(int(i) for i in np.linspace(0, len(rows) - 1, n))) if n else []
    rest = [i for i in range(min(len(rows), 4 * _EXACT)) if i not in set(order)]
    found = 0
    for i in [*order, *rest]:
        if found == n:
            return
        text, document = _text(base, rows[i])
        hit = pattern.search(text)
        if hit is None:
            continue
        found += 1
        (label,) = base.execute("SELECT label FROM documents WHERE id = ?", (document,)).fetchone()
        left, right = text[: hit.start()][-WIDTH:], text[hit.end() :][:WIDTH]
        yield Use(space, str(label), flat(left), hit[0], flat(right))
