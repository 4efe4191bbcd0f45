"""A corpus and its clone: sentences whose words are shifted by the size of the vocabulary (K et al. 2020; Dufter &
Schütze 2020; Schäfer et al. 2024).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.corpora.documents import take_documents
from isogloss.corpora.tokens import Tokenizer
from isogloss.errors import InvalidValue
from isogloss.imbalance.recipe import CorpusAsked, ImbalanceRecipe
from isogloss.tables.columns import find_column, text_of
from isogloss.text.tally import Tally
from isogloss.types import Mask, Rows

Ids = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Text:
    """words: the commonest first. ids: rows of `words`, −1 ends a sentence; rarer words are left out."""

    words: tuple[str, ...]
    ids: Ids
    read: Tally


@dataclass(frozen=True, eq=False)
class Cloned:
    """ids: up to n − 1 the words, from n on those of the clone (word + n), −1 ends a sentence. counts: (2n,).

    anchors: which words both languages share, (n,): they are never shifted.
    """

    ids: Ids
    counts: Rows
    anchors: Mask

    @property
    def n(self) -> int:
        return len(self.anchors)

    def tested(self, least: int) -> Rows:
        """Words that are no anchors and stand at least so often in either language."""
        return np.flatnonzero(~self.anchors & (self.counts[: self.n] >= least) & (self.counts[self.n :] >= least))


def read_text(recipe: ImbalanceRecipe) -> Text:
    """Documents in an order of chance (the same each time), until the largest size is reached. Raises InvalidValue."""
    asked: CorpusAsked = recipe.corpus
    found = take_documents(recipe.file)
    column = found.table[find_column(found.table.column_names, asked.text, file=recipe.file.name)]
    tokenizer, tally, most, n = Tokenizer(), Tally(), max(recipe.grid.tokens), 0
    for row in np.random.default_rng(0).permutation(len(column)).tolist():
        text = (text_of(column[row].as_py()) or "").strip()
        if n >= most:
            tally.skip("beyond_the_size_asked_for")
        elif not text:
            tally.skip("blank", f"row {row + 1:,}")
        else:
            n += tokenizer.scan(tokenizer.prepared(text)[1])
            tally.read += 1
    if not tally.read:
        raise InvalidValue(f"{recipe.file.name} holds no text ({tally.sentence()})", "name its column as corpus.text")
    stream = tokenizer.resolve()
    if not stream.items:
        raise InvalidValue(
            f"{recipe.file.name}: none of {tally.read:,} texts holds a word of two letters or more",
            "name the column of running text as corpus.text",
        )
    counts = np.bincount(stream.ids[stream.ids >= 0], minlength=len(stream.items))
    kept = np.argsort(-counts, kind="stable")[: asked.vocabulary]
    row_of = np.full(len(counts) + 1, -2, dtype=np.int32)
    row_of[kept], row_of[-1] = np.arange(len(kept)), -1
    ids = row_of[np.where(stream.ids < 0, len(counts), stream.ids)]
    return Text(tuple(stream.items[i] for i in kept.tolist()), ids[ids > -2], tally)


def cloned(text: Text, *, share: float, anchors: float, tokens: int, seed: int) -> Cloned:
    """Each sentence becomes the clone's with probability `share`; of its words all but the anchors are shifted by n.

    tokens: the first so many, whole sentences. The same seed gives the same stream.

    >>> text = Text(("a", "b"), np.array([0, 1, -1, 1, 0, -1], np.int32), Tally())
    >>> cloned(text, share=0.999, anchors=0.0, tokens=9, seed=0).ids.tolist()
    [2, 3, -1, 3, 2, -1]
    """
    rng, n = np.random.default_rng([seed, 7]), len(text.words)
    ids = text.ids[: _end(text.ids, tokens)]
    ends: Mask = ids < 0
    sentence: Rows = np.cumsum(ends) - ends
    chosen = rng.random(int(sentence[-1]) + 1 if len(ids) else 0) < share
    shared = np.zeros(n, dtype=bool)
    shared[rng.permutation(n)[: round(anchors * n)]] = True
    moved = ~ends & chosen[sentence] & ~shared[np.maximum(ids, 0)]
    out = np.where(moved, ids + n, ids).astype(np.int32)
    return Cloned(out, np.bincount(out[out >= 0], minlength=2 * n), shared)


def _end(ids: Ids, tokens: int) -> int:
    """Where the sentence ends that the last of so many tokens stands in."""
    words = np.cumsum(ids >= 0)
    if not len(words) or words[-1] <= tokens:
        return len(ids)
    at = int(np.searchsorted(words, tokens))
    ends = np.flatnonzero(ids[at:] < 0)
    return at + int(ends[0]) + 1 if len(ends) else len(ids)
