"""Replicate trainings: every slice split into halves again and again, and what moves between them.

Two halves of one slice differ only by chance (or by who happens to speak), so the distance between
their vectors of a word is what noise alone makes of it. The compass stays fixed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa

from isogloss.corpora.corpus import SlicedCorpus
from isogloss.corpora.recipe import Recipe
from isogloss.drift.measure import MEASURES
from isogloss.spaces.controls import Controls
from isogloss.spaces.space import Space
from isogloss.training.noise import halves_apart, make_noise, sampled_pairs
from isogloss.training.replicate import Replicate, read_replicate
from isogloss.training.samples import Vocabulary, train_samples
from isogloss.training.weighing import Compared, weigh
from isogloss.training.workshop import Workshop
from isogloss.types import Mask, Rows
from isogloss.workspace.derived import derived_key

_VERSION = 3


@dataclass(frozen=True)
class Split:
    """One way of halving: by author or by document, its number, among the panel or all."""

    kind: str
    number: int
    panel: bool

    @property
    def seed(self) -> int:
        return 1_000 * (self.number + 1) + 100_000 * (self.kind == "document") + 1_000_000 * self.panel


def replicate(
    recipe: Recipe,
    corpus: SlicedCorpus,
    vocabulary: Vocabulary,
    *,
    spaces: Sequence[Space],
    panel_spaces: Sequence[Space] = (),
    workshop: Workshop | None = None,
) -> Controls:
    """Train all replicates of a recipe and weigh every shared item of every pair of spaces.

    spaces: as they are stored, with counts. panel_spaces: the same slices trained on the panel alone,
    or none. Each finished replicate is kept in the workshop's store, so that a stopped build goes on from there.
    """
    r = recipe.replicates
    everyone = np.ones(len(corpus.slice_of), dtype=bool)
    plans = [_Plan(False, spaces, everyone, {"author": r.author, "document": r.document})]
    if panel_spaces:
        plans.append(_Plan(True, panel_spaces, corpus.panel, {"author": r.panel_author, "document": r.panel_document}))
    total = sum(sum(plan.splits.values()) for plan in plans)
    run = _Run(recipe, corpus, vocabulary, workshop or Workshop(), total)
    found = [(plan, *run.train(plan)) for plan in plans]
    weighed = [
        weigh(pair, {kind: [one.pairs[number] for one in each] for kind, each in trained.items()}, panel=plan.panel)
        for plan, pairs, trained in found
        for number, pair in enumerate(pairs)
    ]
    _, _, trained = found[0]
    noise = {
        space.name: make_noise(
            space, sampled, [one.spaces[i] for each in trained.values() for one in each if one.spaces]
        )
        for i, (space, (_, sampled)) in enumerate(zip(spaces, run.noisy(plans[0]), strict=True))
    }
    facts: dict[str, Any] = {"author": r.author, "document": r.document}
    if panel_spaces:
        assert corpus.panel_of is not None
        facts |= {
            "panel": r.panel,
            "panel_size": len(np.unique(corpus.panel_of[corpus.panel])),
            "panel_author": r.panel_author,
            "panel_document": r.panel_document,
        }
    return Controls(
        pa.concat_tables([table for table, _ in weighed]),
        facts,
        noise,
        tuple(one for _, tails in weighed for one in tails),
    )


@dataclass(frozen=True, eq=False)
class _Plan:
    """Who is heard (documents), the spaces trained on them, and how many splits of each kind."""

    panel: bool
    spaces: Sequence[Space]
    documents: Mask
    splits: dict[str, int]


class _Run:
    """The trainings of one build, counted through for the progress."""

    def __init__(
        self, recipe: Recipe, corpus: SlicedCorpus, vocabulary: Vocabulary, workshop: Workshop, total: int
    ) -> None:
        self.recipe, self.corpus, self.vocabulary, self.workshop = recipe, corpus, vocabulary, workshop
        self.total, self.done = total, 0
        self.content = _content(corpus, vocabulary)
        self.known = {item: row for row, item in enumerate(vocabulary.items)}

    def report(self, _: str, share: float, number: float | None = None, /) -> None:
        self.workshop.progress(f"training replicate {self.done + 1} of {self.total}", (self.done + share) / self.total)

    def noisy(self, plan: _Plan) -> list[tuple[Rows, Rows]]:
        """For each space the vocabulary row of each item, and the pairs that calibrate its noise."""
        seed = self.recipe.training.seed
        return [
            (np.array([self.known[item] for item in space.items], dtype=np.int64), sampled_pairs(space, seed))
            for space in plan.spaces
        ]

    def train(self, plan: _Plan) -> tuple[list[Compared], dict[str, list[Replicate]]]:
        """Every split of a plan, by kind; from the store where it was trained before."""
        places = combinations(range(len(plan.spaces)), 2)
        pairs = [Compared.of(plan.spaces, a, b, known=self.known) for a, b in places]
        spaces = self.noisy(plan)
        found: dict[str, list[Replicate]] = {kind: [] for kind in plan.splits}
        for kind, n in plan.splits.items():
            halves = kind == "author" or not plan.splits["author"]  # intervals: over authors where there are any
            for number in range(n):
                self.report("", 0.0)
                found[kind].append(self.kept(plan, pairs, Split(kind, number, plan.panel), spaces if halves else []))
                self.done += 1
        self.workshop.progress("weighing drift against noise", 1.0)
        return pairs, found

    def kept(self, plan: _Plan, pairs: list[Compared], split: Split, spaces: list[tuple[Rows, Rows]]) -> Replicate:
        """One replicate from the store; trained where there is none, or one that lacks a measure."""
        key = derived_key(
            "replicate",
            _VERSION,
            content=self.content,
            split=repr(split),
            halves=bool(spaces),
            training=repr(self.recipe.training),
            spaces=[s.fingerprint for s in plan.spaces],
        )
        store = self.workshop.store
        arrays = store.find(key)
        found = arrays and read_replicate(arrays, MEASURES, n_pairs=len(pairs), n_spaces=len(spaces))
        if not found:
            found = self.one(plan, pairs, split, spaces)
            store.put(key, found.arrays())
        return found

    def one(self, plan: _Plan, pairs: list[Compared], split: Split, spaces: list[tuple[Rows, Rows]]) -> Replicate:
        """One replicate: both halves of every slice trained, and the distances between them.

        spaces: as `noisy` gives them, where this replicate counts for intervals; else none.
        """
        corpus, p = self.corpus, self.recipe.training
        side = halves_of(corpus, split.kind, (p.seed, split.seed))
        masks = [
            (f"half of slice {one.name!r}", plan.documents & (corpus.slice_of == index) & (side == half))
            for index, one in enumerate(self.recipe.slices)
            for half in (0, 1)
        ]
        trained = train_samples(
            corpus,
            self.vocabulary,
            masks,
            min_count=max(1, p.min_count // 2),
            parameters=replace(p, seed=p.seed + split.seed),
            workshop=Workshop(progress=self.report, workers=self.workshop.workers, on=self.workshop.on),
        )
        return Replicate(
            tuple(pair.between(trained, intervals=bool(spaces)) for pair in pairs),
            tuple(
                halves_apart(trained[2 * i], trained[2 * i + 1], rows=rows, pairs=sampled)
                for i, (rows, sampled) in enumerate(spaces)
            ),
        )


def _content(corpus: SlicedCorpus, vocabulary: Vocabulary) -> str:
    digest = hashlib.sha256(np.ascontiguousarray(vocabulary.compass).data)
    for array in (corpus.stream.ids, corpus.stream.starts, corpus.slice_of, corpus.author_of, corpus.panel):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def halves_of(corpus: SlicedCorpus, kind: str, seed: Sequence[int]) -> Rows:
    """0 or 1 for each document: halves of equally many authors, or documents, of every slice.

    By author, one author is on the same side in all slices, and authors are shared out among those
    who speak in the same slices; a document without an author goes by itself.
    """
    rng = np.random.default_rng(list(seed))
    n = len(corpus.slice_of)
    unit = np.arange(n) + corpus.author_of.max(initial=0) + 1
    if kind == "author":
        unit = np.where(corpus.author_of >= 0, corpus.author_of, unit)
    units, of = np.unique(unit, return_inverse=True)
    spoken = np.zeros((len(units), corpus.n_slices), dtype=bool)
    spoken[of, corpus.slice_of] = True
    group = np.unique(spoken, axis=0, return_inverse=True)[1].ravel()
    order = np.lexsort((rng.random(len(units)), group))
    side = np.empty(len(units), dtype=np.int64)
    side[order] = (np.arange(len(units)) + rng.integers(2)) % 2
    return side[of]
