"""Replicate trainings: every slice split into halves again and again, and what moves between them.

Two halves of one slice differ only by chance (or by who happens to speak), so the distance between
their vectors of a word is what noise alone makes of it. The compass stays fixed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from isogloss.corpora.corpus import SlicedCorpus
from isogloss.corpora.recipe import Recipe
from isogloss.drift.distances import MEASURES, K, measure, often_used, shared_items, wide_neighbors
from isogloss.drift.noise import halves_apart, make_noise, sampled_pairs
from isogloss.drift.nulls import make_null
from isogloss.linear import unit_rows
from isogloss.progress import Progress
from isogloss.spaces.controls import FIGURES, Controls, Noise
from isogloss.spaces.space import Space
from isogloss.training.samples import Sample, Vocabulary, train_samples
from isogloss.types import Mask
from isogloss.workspace.derived import DerivedStore, derived_key

_VERSION = 2
LEAST_HALVES = 6
Values = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Split:
    """One way of halving: by author or by document, its number, among the panel or all."""

    kind: str
    number: int
    panel: bool

    @property
    def seed(self) -> int:
        return 1_000 * (self.number + 1) + 100_000 * (self.kind == "document") + 1_000_000 * self.panel


@dataclass(frozen=True, eq=False)
class Pair:
    """Two stored spaces and the vocabulary rows of the items they share."""

    source: int
    target: int
    items: list[str]
    rows: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]  # (2, n), in the source and in the target
    often: npt.NDArray[np.bool_]
    distances: dict[str, Values]


def replicate(
    recipe: Recipe,
    corpus: SlicedCorpus,
    vocabulary: Vocabulary,
    spaces: Sequence[Space],
    panel_spaces: Sequence[Space],
    progress: Progress,
    workers: int,
    store: DerivedStore,
) -> Controls:
    """Train all replicates of a recipe and weigh every shared item of every pair of spaces.

    spaces: as they are stored, with counts. panel_spaces: the same slices trained on the panel alone,
    or none. Each finished replicate is kept in the store, so that a stopped build goes on from there.
    """
    r = recipe.replicates
    everyone = np.ones(len(corpus.slice_of), dtype=bool)
    plans = [_Plan(False, spaces, everyone, {"author": r.author, "document": r.document})]
    if panel_spaces:
        plans.append(_Plan(True, panel_spaces, corpus.panel, {"author": r.panel_author, "document": r.panel_document}))
    run = _Run(recipe, corpus, vocabulary, workers, store, progress, sum(sum(plan.splits.values()) for plan in plans))
    tables: list[pa.Table] = []
    noise: dict[str, Noise] = {}
    for plan in plans:
        pairs, found = run.train(plan)
        if not plan.panel:
            for number, (space, (_, sampled)) in enumerate(zip(plan.spaces, run.noisy(plan), strict=True)):
                noise[space.name] = _noise(space, number, sampled, found)
        tables += [_weigh(pair, number, found, plan) for number, pair in enumerate(pairs)]
    facts: dict[str, Any] = {"author": r.author, "document": r.document}
    if panel_spaces:
        assert corpus.panel_of is not None
        facts |= {
            "panel": r.panel,
            "panel_size": len(np.unique(corpus.panel_of[corpus.panel])),
            "panel_author": r.panel_author,
            "panel_document": r.panel_document,
        }
    return Controls(pa.concat_tables(tables), facts, noise)


Found = dict[str, list[dict[str, Any]]]


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
        self,
        recipe: Recipe,
        corpus: SlicedCorpus,
        vocabulary: Vocabulary,
        workers: int,
        store: DerivedStore,
        progress: Progress,
        total: int,
    ) -> None:
        self.recipe, self.corpus, self.vocabulary, self.workers, self.store = recipe, corpus, vocabulary, workers, store
        self.progress, self.total, self.done = progress, total, 0
        self.content = _content(corpus, vocabulary)
        self.known = {item: row for row, item in enumerate(vocabulary.items)}

    def report(self, _: str, share: float, number: float | None = None, /) -> None:
        self.progress(f"training replicate {self.done + 1} of {self.total}", (self.done + share) / self.total)

    def noisy(self, plan: _Plan) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """For each space the vocabulary row of each item, and the pairs that calibrate its noise."""
        seed = self.recipe.training.seed
        return [
            (np.array([self.known[item] for item in space.items], dtype=np.int64), sampled_pairs(space, seed))
            for space in plan.spaces
        ]

    def train(self, plan: _Plan) -> tuple[list[Pair], Found]:
        """Every split of a plan, from the store where it was trained before."""
        pairs = [_pair(plan.spaces, a, b, self.known) for a, b in combinations(range(len(plan.spaces)), 2)]
        spaces = self.noisy(plan)
        found: Found = {kind: [] for kind in plan.splits}
        for kind, n in plan.splits.items():
            halves = kind == "author" or not plan.splits["author"]  # intervals: over authors where there are any
            for number in range(n):
                split = Split(kind, number, plan.panel)
                self.report("", 0.0)
                key = derived_key(
                    "replicate",
                    _VERSION,
                    content=self.content,
                    split=repr(split),
                    halves=halves,
                    training=repr(self.recipe.training),
                    spaces=[s.fingerprint for s in plan.spaces],
                )
                compute = partial(self.one, plan, pairs, split, spaces if halves else [])
                found[kind].append(self.store.get(key, compute))
                self.done += 1
        self.progress("weighing drift against noise", 1.0)
        return pairs, found

    def one(
        self,
        plan: _Plan,
        pairs: list[Pair],
        split: Split,
        spaces: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]],
    ) -> dict[str, npt.NDArray[Any]]:
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
        parameters = replace(p, seed=p.seed + split.seed)
        least = max(1, p.min_count // 2)
        trained = train_samples(corpus, self.vocabulary, masks, least, parameters, self.report, self.workers)
        out: dict[str, npt.NDArray[Any]] = {}
        for number, (rows, sampled) in enumerate(spaces):
            apart = halves_apart(trained[2 * number], trained[2 * number + 1], rows, sampled)
            out |= {f"{name}-{number}": values for name, values in apart.items()}
        for number, pair in enumerate(pairs):
            counts, values = [], []
            for index in (pair.source, pair.target):
                at, least_counts, distances = _between(trained[2 * index], trained[2 * index + 1], pair)
                counts.append(least_counts)
                values.append(distances)
            out[f"null{number}_count"], out[f"null{number}"] = np.concatenate(counts), np.concatenate(values, axis=1)
            if spaces:
                both = np.full((2, len(MEASURES), len(pair.items)), np.nan, dtype=np.float32)
                for half in (0, 1):
                    at, _, distances = _between(trained[2 * pair.source + half], trained[2 * pair.target + half], pair)
                    both[half][:, at] = distances
                out[f"half{number}"] = both
        return out


def _noise(space: Space, number: int, sampled: npt.NDArray[np.int64], found: Found) -> Noise:
    figures = ("square", "directions", "cosines")
    replicates = [
        {name: r[f"{name}-{number}"] for name in figures}
        for each in found.values()
        for r in each
        if f"square-{number}" in r
    ]
    return make_noise(space, sampled, replicates)


def _content(corpus: SlicedCorpus, vocabulary: Vocabulary) -> str:
    digest = hashlib.sha256(np.ascontiguousarray(vocabulary.compass).data)
    for array in (corpus.stream.ids, corpus.stream.starts, corpus.slice_of, corpus.author_of, corpus.panel):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _pair(spaces: Sequence[Space], a: int, b: int, known: Mapping[str, int]) -> Pair:
    source, target = spaces[a], spaces[b]
    items = shared_items(source, target)
    rows_a, rows_b = [source[i] for i in items], [target[i] for i in items]
    often = often_used(source, target, items)
    assert source.counts is not None
    assert target.counts is not None
    return Pair(
        a,
        b,
        items,
        np.array([known[i] for i in items], dtype=np.int64),
        np.array([source.counts[rows_a], target.counts[rows_b]]),
        often,
        measure(source.unit[rows_a], target.unit[rows_b], often, K, wide_neighbors(len(items))),
    )


def halves_of(corpus: SlicedCorpus, kind: str, seed: Sequence[int]) -> npt.NDArray[np.int64]:
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


def _between(a: Sample, b: Sample, pair: Pair) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Values]:
    """Places in the pair of items that both samples have, the smaller count, distances (4, n)."""
    at_a, at_b = np.searchsorted(a.rows, pair.rows), np.searchsorted(b.rows, pair.rows)
    at_a, at_b = np.minimum(at_a, len(a.rows) - 1), np.minimum(at_b, len(b.rows) - 1)
    here = np.flatnonzero((a.rows[at_a] == pair.rows) & (b.rows[at_b] == pair.rows))
    at_a, at_b = at_a[here], at_b[here]
    wide = wide_neighbors(len(pair.items))
    found = measure(unit_rows(a.vectors[at_a]), unit_rows(b.vectors[at_b]), pair.often[here], K, wide)
    return here, np.minimum(a.counts[at_a], b.counts[at_b]), np.array([found[m] for m in MEASURES], dtype=np.float32)


def _weigh(pair: Pair, number: int, found: Found, plan: _Plan) -> pa.Table:
    """The figures of one pair from all its replicates."""
    n = len(pair.items)
    columns: dict[str, Any] = {
        "source": [plan.spaces[pair.source].name] * n,
        "target": [plan.spaces[pair.target].name] * n,
        "panel": [plan.panel] * n,
        "item": pair.items,
        "count_source": pair.counts[0],
        "count_target": pair.counts[1],
    }
    counts = pair.counts.min(axis=0)
    null_n = np.zeros(n, dtype=np.int64)
    kinds = [kind for kind, replicates in found.items() if replicates]
    halves = [r[f"half{number}"] for kind in kinds for r in found[kind] if f"half{number}" in r]
    samples = np.concatenate(halves).astype(np.float64)
    enough = np.isfinite(samples).sum(axis=0) >= LEAST_HALVES
    for m, name in enumerate(MEASURES):
        distance = pair.distances[name].astype(np.float64)
        p, low, high = (np.full(n, np.nan) for _ in range(3))
        for kind in kinds:
            null = make_null(
                np.concatenate([r[f"null{number}_count"] for r in found[kind]]),
                np.concatenate([r[f"null{number}"][m] for r in found[kind]]).astype(np.float64),
            )
            p = np.fmax(p, null.p_values(counts, distance))
            above = null.quantile(counts, 0.95)
            stricter = np.isfinite(above) & ~(above <= high)
            low = np.where(stricter, null.quantile(counts, 0.05), low)
            high = np.where(stricter, above, high)
            if not m:
                sizes = np.array([*map(len, null.values), 0])[null.band(counts)]
                null_n = np.where(stricter, sizes, null_n)
        sd = np.full(n, np.nan)
        sd[enough[m]] = np.nanstd(samples[:, m][:, enough[m]], axis=0, ddof=1)
        figures = dict(zip(FIGURES, (distance, sd, p, low, high), strict=True))
        columns |= {f"{name}_{figure}": values.astype(np.float32) for figure, values in figures.items()}
    columns["null_n"] = null_n
    return pa.table(columns)
