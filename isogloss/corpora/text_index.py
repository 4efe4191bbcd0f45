"""The full-text index of a collection's texts: by the build's own tokens, so that its counts are the spaces'."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from isogloss.corpora.concordance import FILE, token_rules
from isogloss.corpora.phrases import folded, name_of
from isogloss.corpora.pieces import cut_each
from isogloss.corpora.tokens import Tokenizer, TokenStream
from isogloss.progress import Progress

_ROWS = 256  # passages that are written at a time


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
        # Parts that a processor's cache may hold, merged once at the end.
        f"INSERT INTO words (words, rank) VALUES ('hashsize', {1 << 23});"
        "INSERT INTO words (words, rank) VALUES ('automerge', 0);"
        "INSERT INTO words (words, rank) VALUES ('crisismerge', 400);"
    )
    tokenizer = Tokenizer(token_rules(told), lines=told.get("lines") == "sentences")
    found = _fill_passages(base, texts, told, rows, tokenizer=tokenizer, progress=progress)
    elsewhere = set(np.flatnonzero(np.asarray(texts["_space"]) != "").tolist()).difference(*map(set, rows.values()))
    for row in sorted(elsewhere):
        tokenizer.add(texts[told["text"]][row].as_py() or "")
    stream = tokenizer.resolve(places=True)
    documents = sum(map(len, rows.values()))
    _fill_words(
        base, stream, found, lambda share: progress("indexing texts", (1 + share) / 2, documents * (1 + share) / 2)
    )
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
    return {"documents": documents, "passages": len(found.ends)}


@dataclass(frozen=True, eq=False)
class _Passages:
    """firsts: how many passages come before each space, and before the end. ends: the first form beyond each passage,
    among all that were scanned.
    """

    firsts: Sequence[int]
    ends: Sequence[int]


def _fill_passages(
    base: sqlite3.Connection,
    texts: Any,
    told: Mapping[str, Any],
    rows: Mapping[str, Any],
    *,
    tokenizer: Tokenizer,
    progress: Progress,
) -> _Passages:
    """Write documents, passages and spaces; the tokenizer takes the forms of all."""
    keys = dict.fromkeys([*(told[key] for key in ("slice_by", "author") if told.get(key)), FILE])
    labels = [texts[key] for key in keys if key in texts.column_names]
    order = np.concatenate(list(rows.values())).tolist()
    document = scanned = 0
    ends: list[int] = []
    before: list[int] = [0]  # passages up to each document
    with closing(cut_each(texts[told["text"]], order, tokenizer.rules, lines=tokenizer.lines)) as batches:
        for pieces in batches:
            tokenizer.take(pieces.forms, pieces.numbers, pieces.starts)
            passages = zip(pieces.shown, pieces.sizes.tolist(), strict=True)
            for n in pieces.cuts.tolist():
                row, document = order[document], document + 1
                label = ", ".join(
                    dict.fromkeys(str(value) for one in labels if (value := one[row].as_py()) is not None)
                )
                base.execute("INSERT INTO documents VALUES (?, ?)", (document, label))
                some = []
                for shown, size in islice(passages, n):
                    scanned += size
                    ends.append(scanned)
                    some.append((len(ends), document, shown))
                base.executemany("INSERT INTO passages VALUES (?, ?, ?)", some)
                scanned += 1  # the end of the document
                before.append(len(ends))
                progress("indexing texts", document / len(order) / 2, document / 2)
    firsts = [before[n] for n in np.cumsum([0, *map(len, rows.values())]).tolist()]
    spaces = ((i, name, a + 1, b) for i, (name, (a, b)) in enumerate(zip(rows, pairwise(firsts), strict=True)))
    base.executemany("INSERT INTO spaces VALUES (?, ?, ?, ?)", spaces)
    return _Passages(firsts, ends)


def _fill_words(
    base: sqlite3.Connection, stream: TokenStream, found: _Passages, report: Callable[[float], None]
) -> None:
    """Write the items of every passage, by their names, into the column of its space."""
    names = pa.array([name_of(number) for number in range(len(stream.items))], pa.string())
    edges = np.searchsorted(stream.source, [0, *found.ends])
    for number, (begin, end) in enumerate(pairwise(found.firsts)):
        for at in range(begin, end, _ROWS):
            here = edges[at : min(at + _ROWS, end) + 1]
            ids = stream.ids[here[0] : here[-1]]
            real = ids >= 0
            offsets = np.concatenate([[0], np.cumsum(real)])[here - here[0]].astype(np.int32)
            items = pc.binary_join(pa.ListArray.from_arrays(offsets, names.take(pa.array(ids[real]))), " ")
            some = enumerate(items.to_pylist(), at + 1)
            base.executemany(f"INSERT INTO words (rowid, s{number}) VALUES (?, ?)", some)
            report(min(at + _ROWS, end) / len(found.ends))
