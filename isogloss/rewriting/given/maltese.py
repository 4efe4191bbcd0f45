"""Twelve Maltese sentences of our own writing, each token with where it comes from, and what they say elsewhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from isogloss.rewriting.words.tokens import Tokenised
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally

NAME = "maltese"
NOTE = "sentences and origins of our own writing, not checked by native speakers"
_HERE = Path(__file__).parent


@cache
def maltese() -> Tokenised:
    """Tokens with the column `category`; texts: the sentences, and the same in Arabic, Italian and English.

    >>> found = maltese()
    >>> len(found.sentences), found.sentences[0][:3], found.columns["category"][4][2], sorted(found.texts)
    (12, ['Il-', 'kelb', 'kbir'], 'Mixed', ['arabic', 'english', 'italian', 'text'])
    """
    names, *said = _rows("maltese_said.tsv")
    _, *tokens = _rows("maltese.tsv")
    sentences: list[list[str]] = [[] for _ in said]
    labels: list[list[str]] = [[] for _ in said]
    for id, token, label in tokens:
        sentences[int(id) - 1].append(token)
        labels[int(id) - 1].append(label)
    texts = {name: [row[i] for row in said] for i, name in enumerate(names) if i}
    return Tokenised(sentences, {"category": labels}, texts, Tally(read=len(tokens)))


def _rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in nfc((_HERE / name).read_text(encoding="utf-8")).splitlines()]
