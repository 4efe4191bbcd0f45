"""What each stage is shown: pairs of texts, some tokens dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numba
import numpy as np
import pyarrow as pa
from corpus import FIRST_HELD_OUT

from isogloss.encoders.contrastive import Bags
from isogloss.types import Rows

DROP = 0.15  # mean share of tokens left out of a text of more than four
ROMANIZED = 0.15  # share of texts of a translation pair that are shown romanized
SOURCES = {"tatoeba": 3.0, "mined": 1.5}


class Pairs:
    """Draws pairs by kind: *tcm* a text and its romanisation, *ntrex* one line in two languages, *english* a text and
    its English, *lexicon* two words of one English meaning, *self* a text twice (with other tokens dropped).
    """

    def __init__(self, table: pa.Table, views: Mapping[str, list[Bags]], evaluated: list[str], seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.views = [bags for column in ("text", "romanized", "english") for bags in views[column]]
        self.flat = numba.typed.List([bags.ids for bags in self.views])
        source, language, line, english = (
            np.array(table[c].to_pylist(), dtype=object) for c in ("source", "language", "line", "english")
        )
        is_line = source == "ntrex"
        names = sorted(set(language[is_line]))
        self.lines = -np.ones((FIRST_HELD_OUT, len(names)), dtype=np.int64)
        at = np.flatnonzero(is_line)
        self.lines[line[at].astype(int), [names.index(n) for n in language[at]]] = at
        weight = np.array([(2.0 if n in evaluated else 1.0) * (3.0 if n == "eng" else 1.0) for n in names])
        self.language_weight = weight / weight.sum()
        self.bilingual = np.flatnonzero(english != "")
        share = np.array([SOURCES.get(s, 1.0) for s in source[self.bilingual]])
        share *= np.array(list(table["score"].to_pylist()))[self.bilingual]
        share *= np.where(np.isin(language[self.bilingual], evaluated), 2.0, 1.0)
        self.bilingual_share = np.cumsum(share / share.sum())
        words = self.bilingual[source[self.bilingual] != "tatoeba"]
        words = words[np.argsort(english[words].astype(str), kind="stable")]
        _, self.first, self.count = np.unique(english[words].astype(str), return_index=True, return_counts=True)
        self.words = words
        share = np.where(self.count > 1, np.sqrt(self.count), 0.0)
        self.word_share = np.cumsum(share / share.sum())
        texts, romanized = table["text"].to_pylist(), table["romanized"].to_pylist()
        self.romanizable = np.array([i for i, (t, r) in enumerate(zip(texts, romanized, strict=True)) if t != r])
        self.n = table.num_rows

    def batches(self, mix: Mapping[str, float], size: int) -> Iterator[tuple[Bags, Bags]]:
        while True:
            drawn = [getattr(self, f"_{kind}")(int(size * share)) for kind, share in mix.items()]
            a, b, kind_a, kind_b = (np.concatenate(part) for part in zip(*drawn, strict=True))
            yield self._bags(a, kind_a), self._bags(b, kind_b)

    def _tcm(self, n: int) -> tuple[Rows, Rows, Rows, Rows]:
        a = self.rng.choice(self.romanizable, n)
        return a, a, np.zeros(n, np.int64), np.ones(n, np.int64)

    def _self(self, n: int) -> tuple[Rows, Rows, Rows, Rows]:
        a = self.rng.integers(0, self.n, n)
        return a, a, np.zeros(n, np.int64), np.zeros(n, np.int64)

    def _ntrex(self, n: int) -> tuple[Rows, Rows, Rows, Rows]:
        lines = self.rng.permutation(FIRST_HELD_OUT)[:n]
        one, two = (self.rng.choice(len(self.language_weight), len(lines), p=self.language_weight) for _ in range(2))
        a, b = self.lines[lines, one], self.lines[lines, two]
        good = (a >= 0) & (b >= 0) & (a != b)
        return a[good], b[good], self._some_romanized(int(good.sum())), self._some_romanized(int(good.sum()))

    def _english(self, n: int) -> tuple[Rows, Rows, Rows, Rows]:
        a = self.bilingual[np.searchsorted(self.bilingual_share, self.rng.random(n)).clip(max=len(self.bilingual) - 1)]
        return a, a, self._some_romanized(n), np.full(n, 2)

    def _lexicon(self, n: int) -> tuple[Rows, Rows, Rows, Rows]:
        meanings = np.unique(np.searchsorted(self.word_share, self.rng.random(n)).clip(max=len(self.first) - 1))
        a, b = (self.words[self.first[meanings] + self.rng.integers(0, self.count[meanings])] for _ in range(2))
        good = a != b
        return a[good], b[good], self._some_romanized(int(good.sum())), self._some_romanized(int(good.sum()))

    def _some_romanized(self, n: int) -> Rows:
        return (self.rng.random(n) < ROMANIZED).astype(np.int64)

    def _bags(self, rows: Rows, kinds: Rows) -> Bags:
        """kinds: 0 text, 1 romanized, 2 English; half of the texts in a sampled segmentation."""
        views = len(self.views) // 3
        view = kinds * views + np.where(self.rng.random(len(rows)) < 0.5, self.rng.integers(1, views, len(rows)), 0)
        start, end = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
        for v in np.unique(view):
            here = view == v
            start[here], end[here] = self.views[v].offsets[rows[here]], self.views[v].offsets[rows[here] + 1]
        ids = np.empty(int((end - start).sum()) + len(rows), np.int32)
        offsets = np.empty(len(rows) + 1, np.int64)
        n = _gather(start, end, view, self.flat, DROP, int(self.rng.integers(2**31)), ids, offsets)
        return Bags(ids[:n].copy(), offsets)


@numba.njit(cache=True)
def _gather(start, end, view, flat, drop, seed, ids, offsets):
    np.random.seed(seed)
    n = 0
    for i in range(len(start)):
        offsets[i] = n
        of, low, high = flat[view[i]], start[i], end[i]
        share = drop * 2 * np.random.random() if high - low > 4 else 0.0
        for at in range(low, high):
            if share == 0.0 or np.random.random() >= share:
                ids[n] = of[at]
                n += 1
        if n == offsets[i]:
            ids[n] = of[low] if high > low else 0
            n += 1
    offsets[len(start)] = n
    return n
