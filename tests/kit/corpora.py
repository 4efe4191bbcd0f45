"""Corpora of which everything is known: topics, authors, frequencies, and which words were exchanged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from isogloss.corpora.recipe import Recipe, Replicates, Slice, TrainingParameters

LETTERS = "bcdfghjklmnpqrstvwxz"


def word(number: int) -> str:
    """A word of letters for a number, all of one length."""
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in (2, 1, 0)) + "a"


class Generator:
    """Sentences on topics by authors: Zipfian words, each at home in two topics, authors with a leaning.

    swapped: pairs of words that change places in slice `b`. rarer: words that keep each use in slice `b`
    with probability one quarter, so that only their frequency changes.
    """

    def __init__(
        self,
        words: int = 400,
        topics: int = 16,
        authors: int = 40,
        leaning: float = 0.0,
        zipf: float = 1.0,
        swapped: Sequence[tuple[int, int]] = (),
        rarer: Sequence[int] = (),
        seed: int = 0,
    ) -> None:
        rng = np.random.default_rng(seed)
        base = 1.0 / (np.arange(words) + 8) ** zipf
        home = rng.random((topics, words)) * 0.02
        for w in range(words):
            home[rng.choice(topics, 2, replace=False), w] += 1.0
        self.topics = home * base
        self.topics /= self.topics.sum(axis=1, keepdims=True)
        self.authors, self.swapped, self.rarer = authors, tuple(swapped), frozenset(rarer)
        favour = rng.dirichlet(np.full(topics, 0.4), size=authors)
        self.favour = (1 - leaning) / topics + leaning * favour
        self.names = np.array([word(w) for w in range(words)])

    def documents(
        self, n: int, slice_name: str, rng: np.random.Generator, sentences: int = 12, length: int = 10
    ) -> pa.Table:
        """n documents of one slice: text, author, slice."""
        exchange = np.arange(len(self.names))
        if slice_name == "b":
            for a, b in self.swapped:
                exchange[[a, b]] = b, a
        edges = np.cumsum(self.topics, axis=1)
        texts, authors = [], rng.integers(self.authors, size=n)
        for author in authors:
            topic = rng.choice(len(self.topics), size=sentences, p=self.favour[author])
            lines = []
            for t in topic:
                drawn = np.minimum(np.searchsorted(edges[t], rng.random(length)), len(self.names) - 1)
                if slice_name == "b" and self.rarer:
                    drawn = drawn[[w not in self.rarer or rng.random() < 0.25 for w in drawn]]
                lines.append(" ".join(self.names[exchange[drawn]]).capitalize() + ".")
            texts.append(" ".join(lines))
        names = [f"author {a}" for a in authors]
        return pa.table({"text": texts, "author": names, "slice": [slice_name] * n})


def recipe(
    tables: Sequence[pa.Table], folder: Path, replicates: Replicates | None = None, seed: int = 1, **training: int
) -> Recipe:
    """The recipe of slices `a` and `b` of these documents, with small vectors."""
    path = folder / f"planted-{seed}.parquet"
    pq.write_table(pa.concat_tables(tables), path)
    parameters = {"dim": 24, "negative": 5, "min_count": 20, "ship_count": 30, "window": 4} | training
    return Recipe(
        "planted",
        "Planted",
        path,
        "text",
        "slice",
        (Slice("a", values=("a",)), Slice("b", values=("b",))),
        author="author",
        training=TrainingParameters(seed=seed, **parameters),
        replicates=replicates or Replicates(),  # type: ignore[arg-type]
    )
