"""Thirty marked sentences of our own writing in five languages, a few with a broken marker, and which."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from isogloss.rewriting.pairs import Pairs
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally

NAME = "marked"
NOTE = "sentences of our own writing, not checked by native speakers; 17 markers were broken on purpose"
_FILE = Path(__file__).with_name("marked.tsv")


@cache
def marked_pairs() -> Pairs:
    """English source, translation, and the columns id, relation, language and planted: the kind of error, or nothing.

    >>> len(marked_pairs()), sorted(marked_pairs().columns)
    (150, ['id', 'language', 'planted', 'relation'])
    """
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            {name: nfc(text) for name, text in row.items()}
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
    columns = {name: [row[name] for row in rows] for name in ("id", "relation", "language", "planted")}
    return Pairs(
        NAME, [row["source"] for row in rows], [row["target"] for row in rows], columns, read=Tally(read=len(rows))
    )
