"""Neighbors of a word in the table of a model, before and after it lost tokens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.figure import Figure, Null
from isogloss.linear import unit_rows
from isogloss.resampling import mean_interval
from isogloss.types import Floats, Mask, Vectors
from isogloss.vocabulary.subwords import Subwords
from isogloss.vocabulary.trim import Plan

K = 10
_WORDS, _DRAWS = 200, 1000
_HOW = "share of the 10 nearest words that stay, mean over words that stay; 95%, bootstrap over words; null: any word"
Near = tuple[tuple[str, float], ...]  # words with their cosines, the nearest first


@dataclass(frozen=True)
class Sided:
    """cut: the word's tokens before and after. before, after: its nearest words. cosine: of its vector before to that
    after; 1 where it is cut as before. stays: of those before, how many are among those after.
    """

    word: str
    cut: tuple[tuple[str, ...], tuple[str, ...]]
    before: Near
    after: Near
    cosine: float
    stays: int


class Table:
    """The words of a model's table: tokens that stand at the beginning of a word and have two letters or more.

    vectors: (n_tokens, dim).
    """

    def __init__(self, subwords: Subwords, vectors: Vectors) -> None:
        marks, found = set(subwords.added), dict[str, int]()
        for i, token in enumerate(subwords.tokens):
            if token and i not in marks and subwords.begins(token) and len(word := subwords.surface(token)) > 1:
                found.setdefault(word, i)
        self.subwords, self.vectors = subwords, vectors
        self.words, self.ids = tuple(found), np.array(list(found.values()), dtype=np.int64)
        self._unit = unit_rows(np.asarray(vectors[self.ids], np.float32)) if found else np.empty((0, 1), np.float32)

    def beside(self, made: Plan, word: str, *, k: int = K) -> Sided:
        """Neighbors before among all words, after among those that stay. A word that is cut into several tokens is
        their mean. Raises InvalidValue for nothing, and for what has no token.
        """
        ids = self.subwords.read([word]).ids[0]
        later = made.subwords.read([word]).ids[0]
        if not ids or not later or not len(self.words):
            raise InvalidValue(f"{word[:80]!r} has no token", "give a word of a language that the model knows")
        olds = [self.subwords.ids[made.subwords.tokens[i]] for i in later]
        one, two = (unit_rows(self.vectors[some].mean(axis=0, keepdims=True)) for some in (ids, olds))
        stays = np.isin(self.ids, made.kept.ids)
        before = self._near(one @ self._unit.T, word, np.ones(len(stays), dtype=bool), k)
        after = self._near(two @ self._unit.T, word, stays, k)
        told = {item for item, _ in after}
        cut = tuple(tuple(self.subwords.tokens[i] for i in some) for some in (ids, olds))
        return Sided(
            word,
            (cut[0], cut[1]),
            before,
            after,
            1.0 if ids == olds else float((one * two).sum()),
            sum(item in told for item, _ in before),
        )

    def _near(self, cosine: Vectors, word: str, stays: Mask, k: int) -> Near:
        scores = np.where(stays, cosine[0], -np.inf)
        order = [i for i in np.argsort(-scores, kind="stable")[: k + 1] if stays[i] and self.words[i] != word]
        return tuple((self.words[i], float(scores[i])) for i in order[:k])

    def kept_neighbors(self, made: Plan, *, k: int = K, seed: int = 0) -> Figure:
        """Of words that stay, or 200 of them by lot, how many of their nearest stay too; kept rows do not move, so a
        neighbor is lost only by being taken out.
        """
        stays = np.isin(self.ids, made.kept.ids)
        here = np.flatnonzero(stays)
        if len(here) < 2 or len(self.words) <= k:
            return Figure(value=float("nan"), n=0, better="more", how=_HOW)
        at = np.sort(np.random.default_rng(seed).choice(here, min(_WORDS, len(here)), replace=False))
        scores = self._unit[at] @ self._unit.T
        scores[np.arange(len(at)), at] = -np.inf
        near = np.argpartition(-scores, k - 1, axis=1)[:, :k]
        shares: Floats = stays[near].mean(axis=1)
        low, high = mean_interval(shares, _DRAWS, np.random.default_rng(0))
        null = Null(mean=(len(here) - 1) / (len(self.words) - 1), p95=float("nan"))
        return Figure(value=float(shares.mean()), n=len(at), better="more", low=low, high=high, null=null, how=_HOW)
