"""How far two languages of one model agree, or one of them is spread: the family of measures beside MEXA."""

from __future__ import annotations

from typing import Protocol

from isogloss.family import Family
from isogloss.figure import Figure
from isogloss.types import Vectors


class SentenceMeasure(Protocol):
    """A member of the family. title: in lists. help: its definition and source, one line."""

    name: str
    title: str
    help: str

    def of(self, pivot: Vectors, other: Vectors, *, seed: int = 0) -> Figure:
        """pivot, other: vectors of the same sentences in two languages, (n, dim), row by row."""


SENTENCE_MEASURES: Family[SentenceMeasure] = Family(
    "measure of sentences",
    "isogloss.sentences.measures",
    first=("precision", "mrr", "mutual", "xsim", "cka", "rsim", "evs", "svg", "econd-hm", "isoscore", "floor"),
)
