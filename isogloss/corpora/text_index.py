"""The full-text index of a collection's texts: by the build's own tokens, so that its counts are the spaces'."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import regex

from isogloss.corpora.concordance import FILE, token_rules
from isogloss.corpora.phrases import folded, name_of
from isogloss.corpora.scan import matches_in
from isogloss.corpora.tokens import Tokenizer
from isogloss.progress import Progress

_LONGEST = 1_200  # characters of a passage
_SEAM = 4  # characters that a hyphen and what may stand behind it take
_JOINS = ".'-_&/\u00b7"  # what stands after decides whether it belongs to a word
_SENTENCE = regex.compile(r"(?r)[.!?؟।۔]+[\p{Pf}\p{Pe}\"']*\s+|[。！？።།]+[\p{Pf}\p{Pe}]*\s*|\n\s*\n")


def fill_index(
    base: sqlite3.Connection, texts: Any, told: Mapping[str, Any], rows: Mapping[str, Any], progress: Progress
) -> dict[str, int]:
    """Write documents and passages, then, when all texts are read, the items of each by the rules of the build.

    The index holds the numbers of items; a column for each space, so that uses can be counted in each.
    """
    columns = ", ".join(f"s{number}" for number in range(len(rows)))
    base.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;CREATE TABLE facts (schema INTEGER,"
        " json TEXT);CREATE TABLE spaces (number INTEGER PRIMARY KEY, name TEXT, first INTEGER, last INTEGER);CREATE"
        " TABLE documents (id INTEGER PRIMARY KEY, label TEXT);CREATE TABLE passages (id INTEGER PRIMARY KEY, document"
        " INTEGER, text TEXT);CREATE TABLE items (id INTEGER PRIMARY KEY, item TEXT, key TEXT);CREATE TABLE forms (form"
        f" TEXT, place INTEGER, item INTEGER);CREATE VIRTUAL TABLE words USING fts5 ({columns}, content='',"
        " columnsize=0, tokenize='ascii');CREATE VIRTUAL TABLE counts USING fts5vocab (words, 'col');"
        # Few large parts, merged once at the end.
        f"INSERT INTO words (words, rank) VALUES ('hashsize', {1 << 26});"
        "INSERT INTO words (words, rank) VALUES ('automerge', 0);"
    )
    keys = dict.fromkeys([*(told[key] for key in ("slice_by", "author") if told.get(key)), FILE])
    labels = [texts[key] for key in keys if key in texts.column_names]
    column = texts[told["text"]]
    tokenizer = Tokenizer(token_rules(told), lines=told.get("lines") == "sentences")
    elsewhere = set(np.flatnonzero(np.asarray(texts["_space"]) != "").tolist()).difference(*map(set, rows.values()))
    total = sum(map(len, rows.values()))
    passage = document = scanned = 0
    last: list[int] = []  # the first form beyond each passage, among all
    owner: list[int] = []  # and its space
    for number, (name, chosen) in enumerate(rows.items()):
        first = passage + 1
        for row in chosen.tolist():
            document += 1
            label = ", ".join(dict.fromkeys(str(value) for one in labels if (value := one[row].as_py()) is not None))
            base.execute("INSERT INTO documents VALUES (?, ?)", (document, label))
            shown, text = tokenizer.prepared(column[row].as_py() or "")
            cut = passages(shown, text, split=tokenizer.rules.split)
            some = [(passage + i, document, shown[a:b]) for i, (a, b) in enumerate(cut, 1)]
            base.executemany("INSERT INTO passages VALUES (?, ?, ?)", some)
            for a, b in cut:
                scanned += tokenizer.scan(text[a:b], last=False)
                last.append(scanned)
            scanned += tokenizer.scan("")
            owner += [number] * len(cut)
            passage += len(cut)
            progress("indexing texts", document / total / 2, document / 2)
        base.execute("INSERT INTO spaces VALUES (?, ?, ?, ?)", (number, name, first, passage))
    for row in sorted(elsewhere):
        tokenizer.add(column[row].as_py() or "")
    stream = tokenizer.resolve(places=True)
    names = [name_of(number) for number in range(len(stream.items))]
    edges = np.searchsorted(stream.source, [0, *last])
    for at, (number, (a, b)) in enumerate(zip(owner, pairwise(edges.tolist()), strict=True), 1):
        ids = stream.ids[a:b]
        found = " ".join(map(names.__getitem__, ids[ids >= 0].tolist()))
        base.execute(f"INSERT INTO words (rowid, s{number}) VALUES (?, ?)", (at, found))
        if at % 256 == 0:
            progress("indexing texts", 0.5 + at / passage / 2, (total + total * at / passage) / 2)
    base.executemany(
        "INSERT INTO items VALUES (?, ?, ?)", ((i, one, folded(one)) for i, one in enumerate(stream.items))
    )
    written = ((form, place, i) for form, of in stream.forms.items() for place, i in enumerate(of or (None,)))
    base.executemany("INSERT INTO forms VALUES (?, ?, ?)", written)
    base.executescript(
        "CREATE INDEX item_of ON items (item);CREATE INDEX key_of ON items (key);CREATE INDEX form_of ON forms (form);"
        "CREATE INDEX forms_of ON forms (item);"
    )
    base.execute("INSERT INTO words (words) VALUES ('optimize')")
    return {"documents": document, "passages": passage}


def passages(text: str, scanned: str, *, split: str = "words") -> list[tuple[int, int]]:
    """Stretches of at most 1,200 characters, cut where a sentence ends, else at a line or a space; never within a word,
    so that the words of a text are those of its passages. A longer word is a passage of its own.

    >>> [b - a for a, b in passages("word " * 600, "word " * 600)], passages(" ", " ")
    ([1200, 1200, 600], [])
    """
    at, found = 0, []
    while at < len(text):
        stop = at + _LONGEST
        if stop < len(text):
            least = at + _LONGEST // 4
            sentence = _SENTENCE.search(text, least, stop)
            line, space = text.rfind("\n", least, stop) + 1, text.rfind(" ", least, stop) + 1
            stop = sentence.end() if sentence else line or space or stop
            stop = _beside_words(scanned, at, stop, split)
        if text[at:stop].strip():
            found.append((at, min(stop, len(text))))
        at = stop
    return found


def _beside_words(scanned: str, at: int, stop: int, split: str) -> int:
    """Where to cut near a place that may be within a word; white space that no hyphen stands before is not."""
    before = scanned[at:stop].rstrip(" \n")
    if before and len(before) < stop - at and not before.endswith("-"):
        return stop
    best, window = 0, stop
    while window < len(scanned):
        window = min(window + _LONGEST, len(scanned))
        for _, begin, end in matches_in(scanned[at:window], split):
            if at + end + _SEAM > window and window < len(scanned):  # it may go on
                break
            for place in (at + begin, at + end):
                if place > at and scanned[place - 1] not in _JOINS:
                    if place > stop:
                        return best or place
                    best = place
        if best:
            return best
    return len(scanned)
