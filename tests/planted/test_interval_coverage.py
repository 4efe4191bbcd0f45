"""Intervals of drift cover the mean distance of the generator, with the compass fixed as it is in a build."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from isogloss.corpora.corpus import count, read_corpus
from isogloss.corpora.recipe import Recipe, Replicates
from isogloss.training.build import build, train_spaces
from isogloss.training.replicates import replicate
from isogloss.training.samples import Vocabulary
from isogloss.training.workshop import Workshop
from tests.kit.corpora import Generator, recipe
from tests.kit.tiers import cases

WORDS, DOCUMENTS = 80, 150
SMALL = {"dim": 8, "slice_epochs": 12, "min_count": 10, "ship_count": 25}


class Runs:
    """Fresh corpora of one generator, all trained against the compass of the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # A fifth of the words changes its company between the slices, so that distances differ.
        self.generator = Generator(words=WORDS, topics=8, seed=1, swapped=[(i, i + 9) for i in range(10, 70, 14)])
        first = build(self.recipe(0, Replicates()), workers=1).collection
        assert first.compass is not None
        self.items, self.compass = first.compass.items, first.compass.vectors

    def recipe(self, seed: int, replicates: Replicates) -> Recipe:
        rng = np.random.default_rng(seed)
        tables = [self.generator.documents(DOCUMENTS, name, rng) for name in "ab"]
        return recipe(tables, self.folder, replicates, seed + 1, **SMALL)

    def distances(self, seed: int, replicates: Replicates | None = None) -> tuple[npt.NDArray[np.float64], ...]:
        """Distance and SD of every word, NaN where it was too rare."""
        one = self.recipe(seed, replicates or Replicates())
        corpus = read_corpus(one)
        known = {item: i for i, item in enumerate(corpus.stream.items)}
        rows = [r for r, item in enumerate(self.items) if item in known]
        items = [self.items[r] for r in rows]
        vocabulary = Vocabulary(items, np.array([known[i] for i in items]), np.ascontiguousarray(self.compass[rows]))
        counted = [count(corpus, corpus.slice_of == i) for i in (0, 1)]
        everyone = np.ones(len(corpus.slice_of), dtype=bool)
        spaces, _ = train_spaces(one, corpus, vocabulary, counted=counted, documents=everyone, workshop=Workshop())
        distance, sd = np.full(len(self.items), np.nan), np.full(len(self.items), np.nan)
        a, b = spaces
        for at, item in enumerate(self.items):
            if item in a and item in b:
                distance[at] = 1 - a.unit[a[item]] @ b.unit[b[item]]
        if replicates:
            controls = replicate(one, corpus, vocabulary, spaces=spaces).pair("a", "b")
            assert controls is not None
            for item, row in controls.rows.items():
                sd[self.items.index(item)] = controls.figures["cosine"]["sd"][row]
        return distance, sd


def test_intervals_cover_the_generators_mean_distance(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    fresh = np.array([runs.distances(1_000 + seed)[0] for seed in range(cases(200, least=20))])
    mean = np.nanmean(fresh, axis=0)
    enough = np.isfinite(fresh).mean(axis=0) > 0.95
    covered: list[bool] = []
    for seed in range(cases(50, least=4)):
        distance, sd = runs.distances(5_000 + seed, Replicates(document=8))
        known = enough & np.isfinite(distance) & np.isfinite(sd)
        covered += (np.abs(distance - mean)[known] <= 1.96 * sd[known]).tolist()
    assert len(covered) > 200
    assert 0.90 <= np.mean(covered) <= 0.99, (np.mean(covered), len(covered))
