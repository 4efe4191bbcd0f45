"""The texts of a collection, indexed: any word's lines in context, by space (SQLite full-text search)."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.corpora.concordance import WIDTH, describe_corpus, flat, read_texts, token_rules
from isogloss.corpora.lines import lines_are, spread
from isogloss.corpora.phrases import Question, name_of
from isogloss.corpora.recipe import read_recipe
from isogloss.corpora.text_index import fill_index
from isogloss.errors import InvalidValue, NotFound, StoreError, reason_of
from isogloss.progress import Progress, silent
from isogloss.text.matches import closest
from isogloss.text.tally import Tally
from isogloss.workspace.folders import fresh_file, sweep
from isogloss.workspace.store import Workspace, check_name, read_header

_SCHEMA = 3
_EXACT = 2_000  # passages in which the uses of a phrase are counted, and all rows are looked at
_MAPPED = 1 << 30


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
    """lines: spread over the passages that hold the item, one from each.

    uses: how many there are in each space, exact; None for a phrase that stands in more than 2,000 passages.
    passages: in how many passages of each space its words stand.
    """

    lines: tuple[Use, ...]
    uses: Mapping[str, int | None]
    passages: Mapping[str, int]


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
        self,
        workspace: Workspace,
        corpus: Path,
        *,
        recipe: Path | None = None,
        part: str | None = None,
        progress: Progress = silent,
    ) -> dict[str, Any]:
        """Index a corpus; the facts of what is there then. A stopped one leaves the old index or none.

        recipe: how the corpus was sliced, for a collection that does not remember it. part: the split or file of it.
        Raises InvalidValue, NotFound, StoreError; progress gets the number of documents so far and of all, and may
        raise Cancelled.
        """
        start = time.monotonic()
        collection = workspace.open(self.name)
        told = describe_corpus(read_recipe(recipe)) if recipe else collection.metadata.get("corpus")
        if not isinstance(told, Mapping):
            raise InvalidValue(
                f"{self.name!r} does not remember how its texts were sliced", "give the recipe: --recipe RECIPE.toml"
            )
        tally = Tally()
        texts = read_texts(corpus, {**told, **({"part": part} if part else {})}, tally)
        if recipe and "lines" not in told:  # as a build by this recipe would take them
            told = {**told, "lines": lines_are(spread(texts[str(told["text"])]))}
        where = np.asarray(texts["_space"])
        rows = {name: found for name in collection.names if len(found := np.flatnonzero(where == name))}
        if not rows:
            raise InvalidValue(
                f"no document of {corpus.name} falls into {', '.join(collection.names)[:120]}",
                "give the corpus it was built from",
            )
        facts: dict[str, Any] = {"collection": self.name, "file": corpus.name, "documents": 0, "passages": 0}
        facts["rules"] = {key: told[key] for key in ("tokens", "lines") if key in told}
        facts["spaces"] = {name: len(found) for name, found in rows.items()}
        facts["read"] = tally.as_json()
        try:
            self._own.parent.mkdir(parents=True, exist_ok=True)
            sweep(self._own.parent)
            with fresh_file(self._own) as made, closing(sqlite3.connect(made)) as base:
                facts |= fill_index(base, texts, told, rows, progress)
                facts["seconds"] = round(time.monotonic() - start, 2)
                base.execute("INSERT INTO facts VALUES (?, ?)", (_SCHEMA, json.dumps(facts)))
                base.commit()
        except (OSError, sqlite3.Error) as error:
            why = reason_of(error) if isinstance(error, OSError) else error
            raise StoreError(f"the index of {corpus.name} cannot be written ({why})", "free some space") from error
        self.path = self._own
        return facts

    def facts(self) -> dict[str, Any]:
        """What is attached, as `attach` told it. Raises StoreError."""
        with self._opened() as base:
            return dict(json.loads(base.execute("SELECT json FROM facts").fetchone()[0]))

    def find(self, item: str, space: str | None = None, *, limit: int = 20) -> Found:
        """Lines of an item, of all spaces or of one, spread over its passages. Raises NotFound, StoreError,
        InvalidValue.
        """
        if not 1 <= limit <= 10_000:
            raise InvalidValue(f"limit is {limit:,}", "choose 1 to 10,000")
        with self._opened() as base:
            ranges = {
                name: (number, a, b)
                for number, name, a, b in base.execute("SELECT number, name, first, last FROM spaces ORDER BY number")
            }
            if space is not None and space not in ranges:
                raise NotFound(
                    f"the texts of {self.name!r} have no space {space[:80]!r}", closest(space, ranges) or [*ranges]
                )
            names = list(ranges) if space is None else [space]
            facts = json.loads(base.execute("SELECT json FROM facts").fetchone()[0])
            question = Question(base, token_rules(facts.get("rules", {})), item)
            if not question:
                return Found((), dict.fromkeys(names, 0), dict.fromkeys(names, 0))
            asked = _Asked(base, question)
            held = {name: asked.held(*ranges[name]) for name in names}
            uses = {name: asked.uses(*ranges[name]) for name in names}
            shares = _shares(held, limit)
            lines = [line for name in names for line in asked.lines(name, *ranges[name][1:], held[name], shares[name])]
        return Found(tuple(lines), uses, held)

    def pieces(self) -> Iterator[tuple[str, int, str, str]]:
        """All passages in their order: space, number and label of the document, text. Raises StoreError."""
        with self._opened() as base:
            yield from base.execute(
                "SELECT spaces.name, documents.id, documents.label, passages.text FROM passages JOIN documents ON"
                " documents.id = passages.document JOIN spaces ON passages.id BETWEEN spaces.first AND spaces.last"
                " ORDER BY passages.id"
            )

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)) as base:
                base.execute(f"PRAGMA mmap_size={_MAPPED}")
                (schema,) = base.execute("SELECT schema FROM facts").fetchone()
                if schema != _SCHEMA:
                    raise sqlite3.DatabaseError(f"it has schema {schema}, this version reads {_SCHEMA}")
                yield base
        except (sqlite3.Error, TypeError, ValueError) as error:
            raise StoreError(
                f"the index of the texts of {self.name!r} cannot be read ({error})", "attach them again"
            ) from error


class _Asked:
    """One question to one index.

    An item is counted by the index itself; the uses of a phrase are where it is found in the texts, for its words may
    stand beside each other with a full stop between them.
    """

    def __init__(self, base: sqlite3.Connection, question: Question) -> None:
        self._base, self._question, self._query = base, question, question.query()
        self._counted: dict[str, tuple[int, int]] = {}  # column: passages, uses
        self._one = question.counted is not None and len(question.counted) == 1
        for item, times in (question.counted or {}).items():
            for column, n, uses in base.execute("SELECT col, doc, cnt FROM counts WHERE term = ?", (name_of(item),)):
                before = self._counted.get(column, (0, 0))
                self._counted[column] = before[0] + n, before[1] + uses * times

    def held(self, number: int, first: int, last: int) -> int:
        """How many passages of a space hold its words."""
        if self._one:
            return self._counted.get(f"s{number}", (0, 0))[0]
        asked = "SELECT count(*) FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?"
        return int(self._base.execute(asked, (self._query, first, last)).fetchone()[0])

    def uses(self, number: int, first: int, last: int) -> int | None:
        """How often it stands in a space, None where that was not counted."""
        if self._question.counted is not None:
            return self._counted.get(f"s{number}", (0, 0))[1]
        if self.held(number, first, last) > _EXACT:
            return None
        asked = (
            "SELECT text FROM passages WHERE id IN (SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ?"
            " AND ?)"
        )
        found = self._base.execute(asked, (self._query, first, last))
        return sum(sum(1 for _ in self._question.hits(text)) for (text,) in found)

    def _rows(self, first: int, last: int, most: int = -1) -> list[int]:
        asked = "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?"
        return [row for (row,) in self._base.execute(asked, (self._query, first, last, most))]

    def lines(self, space: str, first: int, last: int, held: int, n: int) -> Iterator[Use]:
        """n lines from passages as far from each other as can be, one from each; the same at every time."""
        if not n:
            return
        if held <= _EXACT:
            rows = self._rows(first, last)
            spread = [rows[i] for i in dict.fromkeys(np.linspace(0, len(rows) - 1, n).astype(int).tolist())]
        else:
            edges = np.linspace(first, last + 1, n + 1).astype(int).tolist()
            spread = [row for a, b in pairwise(edges) for row in self._rows(a, b - 1, 1)]
            rows = []
        found = 0
        tried: set[int] = set()
        for row in self._in_turn(spread, rows, first, last):
            if found == n:
                return
            line = None if row in tried else self._line(space, row)
            tried.add(row)
            if line is not None:
                found += 1
                yield line

    def _in_turn(self, spread: list[int], rows: list[int], first: int, last: int) -> Iterator[int]:
        """The spread rows, then, where some of them hold no literal use, others."""
        yield from spread
        yield from rows or self._rows(first, last, 4 * _EXACT)

    def _line(self, space: str, row: int) -> Use | None:
        text, document, label = self._base.execute(
            "SELECT text, document, label FROM passages JOIN documents ON documents.id = document WHERE"
            " passages.id = ?",
            (row,),
        ).fetchone()
        hit = next(self._question.hits(text), None)
        if hit is None:
            return None
        left, right = text[: hit[0]], text[hit[1] :]
        if len(left) < WIDTH:
            left = self._beside(row - 1, document) + left
        if len(right) < WIDTH:
            right += self._beside(row + 1, document)
        return Use(space, str(label), flat(left[-WIDTH:]), flat(text[hit[0] : hit[1]]), flat(right[:WIDTH]))

    def _beside(self, row: int, document: int) -> str:
        found = self._base.execute(
            "SELECT text FROM passages WHERE id = ? AND document = ?", (row, document)
        ).fetchone()
        return str(found[0]) if found else ""


def _shares(held: Mapping[str, int], limit: int) -> dict[str, int]:
    """How many lines each space gives: as even as what it holds allows.

    >>> _shares({"a": 100, "b": 2, "c": 0}, 10)
    {'a': 8, 'b': 2, 'c': 0}
    """
    shares, left = dict.fromkeys(held, 0), limit
    while left and (more := [name for name, n in held.items() if n > shares[name]]):
        for name in more[:left]:
            shares[name] += 1
        left = limit - sum(shares.values())
    return shares


def how_to_attach(workspace: Workspace, name: str) -> str:
    """The way to the texts of a collection, and which they are where it remembers them."""
    return way_to_attach(name, read_header(workspace.folder(name))["metadata"])


def way_to_attach(name: str, metadata: Mapping[str, Any]) -> str:
    """The same of a collection whose metadata are at hand."""
    corpus, source = metadata.get("corpus"), metadata.get("source")
    what = (
        f" ({corpus['file']}{f', from {source}' if source else ''})"
        if isinstance(corpus, dict) and "file" in corpus
        else ""
    )
    return f"attach them with: python -m isogloss attach {name} FILE{what}"


def attached_passages(workspace: Workspace, name: str) -> Passages:
    """The indexed texts of a collection. Raises NotFound, with the way to attach them; InvalidValue."""
    found = Passages(workspace, check_name(name))
    if not found.attached:
        raise NotFound(f"the texts of {name!r} are not at hand", lever=how_to_attach(workspace, name))
    return found
