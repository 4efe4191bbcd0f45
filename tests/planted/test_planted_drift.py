"""Drift on corpora of which everything is known: what moved is found, what did not stays inside the noise.

The vectors are trained until they settle (20 epochs in soak, 12 elsewhere): with too few, a word of a small sample is
better trained than one of a large sample that is used as often, and its noise is not that of the large one.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pyarrow as pa
import pytest

from isogloss.corpora.recipe import Recipe, Replicates, Slice
from isogloss.drift.measure import MEASURES
from isogloss.drift.ranking import measure_drift
from isogloss.spaces.collection import Collection
from isogloss.training.build import build
from tests.kit.corpora import Generator, recipe
from tests.kit.tiers import TIER

SETTLED = {"dim": 12, "slice_epochs": 20 if TIER == "soak" else 12}
SEEDS = 20 if TIER == "soak" else 1  # each takes half a minute
SHUFFLED = 100 if TIER == "soak" else 1  # some 20 seconds each: half an hour of two cores for both kinds


def built(one: Recipe) -> Collection:
    return build(one, workers=1).collection


@cache
def split_at_random(by: str, seed: int) -> Collection:
    """One corpus cut in two by chance, by document or by author: nothing moved."""
    generator = Generator(words=600, leaning=0.6, seed=seed)
    rng = np.random.default_rng(100 + seed)
    documents = generator.documents(2400, "a", rng)
    unit = documents["author"].combine_chunks().dictionary_encode().indices.to_numpy()
    unit = unit if by == "author" else np.arange(len(documents))
    side = rng.permutation(unit.max() + 1)[unit] % 2
    documents = documents.set_column(2, "slice", pa.array(np.where(side == 0, "a", "b")))
    return built(recipe([documents], Path(mkdtemp()), Replicates(**{by: 6}), seed + 1, **SETTLED))


@pytest.mark.parametrize("by", ["document", "author"])
def test_a_corpus_split_at_random_shows_no_change(by: str) -> None:
    for measure in MEASURES:
        findings, p, counts, burst = 0, [], [], []
        for seed in range(SHUFFLED):
            collection = split_at_random(by, seed)
            found = measure_drift(collection, "a", "b", measure=measure)
            findings += bool(found.significant.any())
            assert found.tested.mean() > 0.95
            tested = found.tested
            p.append(found.p[tested])
            counts.append(found.smaller_count[tested])
            spread, uses = (
                sum(one.columns[column].to_numpy()[[one[i] for i in found.items]] for one in collection.spaces)
                for column in ("documents", "count")
            )
            burst.append((uses / spread)[tested])
        assert findings <= (0.05 * SHUFFLED if SHUFFLED >= 20 else 1), measure
        p_all, counts_all, burst_all = np.concatenate(p), np.concatenate(counts), np.concatenate(burst)
        # Each word is held against its own halves, which are noisier than the whole: the null errs on the safe side.
        most = 0.05
        for name, part in {
            "rare": counts_all < 70,
            "middle": (counts_all >= 70) & (counts_all < 150),
            "frequent": counts_all >= 150,
            "bursty": burst_all >= np.quantile(burst_all, 2 / 3),
        }.items():
            share = float((p_all[part] < 0.05).mean())
            slack = 0.0 if SHUFFLED >= 20 else 2 * np.sqrt(most * (1 - most) / part.sum())
            assert share <= most + slack, (measure, name, share, int(part.sum()))


def test_words_that_changed_places_are_all_found_and_stand_on_top() -> None:
    swapped = [(20, 40), (60, 75), (90, 110), (130, 150), (160, 180)]
    generator = Generator(words=400, swapped=swapped, seed=3)
    rng = np.random.default_rng(3)
    tables = [generator.documents(1500, name, rng) for name in "ab"]
    collection = built(recipe(tables, Path(mkdtemp()), Replicates(author=3, document=3), **SETTLED))
    found = measure_drift(collection, "a", "b")
    planted = {generator.names[w] for two in swapped for w in two} & set(found.items)
    assert len(planted) == 10
    assert {found.items[row] for row in found.order[:10]} == planted  # AUC 1
    rows = [found.rows[item] for item in planted]
    assert found.significant[rows].all()
    assert (found.distance[rows] > found.needed[rows]).all()
    others = np.setdiff1d(np.flatnonzero(found.tested), rows)
    assert (found.p[others] < 0.05).mean() < 0.08
    assert (found.significant == (found.distance > found.needed)).mean() > 0.99  # the power that is stated is the one
    assert collection.alignment.frozen_max_change == 0.0
    for measure in ("local", "jaccard"):
        again = measure_drift(collection, "a", "b", measure=measure)
        # A word beside two swapped ones changes its neighborhood too.
        assert len({again.items[row] for row in again.order[:10]} & planted) >= 9


@pytest.mark.long
def test_six_changed_words_of_a_small_corpus_are_found_and_no_other() -> None:
    """As 233 addresses in four periods with 16 halves by document: a band of counts alone could find none of them."""
    generator = Generator(words=600, topics=20, leaning=0.5, swapped=[(40, 60), (100, 125), (200, 240)], seed=9)
    rng = np.random.default_rng(9)
    slices = {"s1": 58, "s2": 58, "s3": 58, "b": 59}  # what was exchanged is so in the last
    tables = [generator.documents(n, name, rng, sentences=40) for name, n in slices.items()]
    training = {"dim": 12, "min_count": 10, "ship_count": 20, "compass_epochs": 5, "slice_epochs": 5}
    small = recipe(tables, Path(mkdtemp()), Replicates(document=16), 3, **training)
    collection = built(replace(small, slices=tuple(Slice(name, values=(name,)) for name in slices)))
    planted = {generator.names[w] for two in generator.swapped for w in two}
    for source in ("s3", "s1"):
        found = measure_drift(collection, source, "b")
        assert {item for item in found if found[item].state == "moved"} == planted
        assert all(found[item].distance.value > found[item].needed for item in planted)
        assert all(found[item].agree[1] == 4 for item in planted)
    unchanged = measure_drift(collection, "s1", "s2")
    assert not unchanged.significant.any()
    assert np.nanmean(unchanged.p < 0.05) <= 0.05


def test_words_of_which_only_the_frequency_changed_are_not_flagged() -> None:
    rarer = list(range(12, 300, 6))
    flagged = n = 0
    for seed in range(max(SEEDS // 2, 1)):
        generator = Generator(words=500, rarer=rarer, seed=seed)
        rng = np.random.default_rng(seed)
        tables = [generator.documents(1800, name, rng) for name in "ab"]
        found = measure_drift(
            built(recipe(tables, Path(mkdtemp()), Replicates(document=6), seed + 1, **SETTLED)), "a", "b"
        )
        names = {generator.names[w] for w in rarer} & set(found.items)
        rows = [found.rows[item] for item in names if found.tested[found.rows[item]]]
        assert not found.significant[rows].any()
        flagged, n = flagged + int((found.p[rows] < 0.05).sum()), n + len(rows)
    assert n >= 20
    assert flagged / n <= 0.07 + (0 if SEEDS >= 20 else 2 * np.sqrt(0.05 * 0.95 / n))


def test_a_panel_tells_new_speakers_from_new_meanings() -> None:
    """Old authors never change; in slice b new authors come who use ten words as ten others."""
    swapped = [(20, 40), (60, 75), (90, 110), (130, 150), (160, 180)]
    old, new = Generator(words=300, seed=5), Generator(words=300, seed=5, swapped=swapped)
    rng = np.random.default_rng(5)
    newcomers = new.documents(1500, "b", rng)
    authors = pa.array([f"new {name}" for name in newcomers["author"].to_pylist()])
    tables = [old.documents(1500, "a", rng), old.documents(1000, "b", rng), newcomers.set_column(1, "author", authors)]
    replicates = Replicates(document=4, panel="author", panel_document=4)
    collection = built(recipe(tables, Path(mkdtemp()), replicates, **SETTLED))
    assert collection.controls is not None
    assert collection.controls.facts["panel_size"] == 40
    everyone, panel = measure_drift(collection, "a", "b"), measure_drift(collection, "a", "b", panel=True)
    planted = {old.names[w] for two in swapped for w in two} & set(everyone.items) & set(panel.items)
    assert len(planted) >= 8
    assert all(everyone[item].state == "moved" for item in planted)
    assert np.mean([panel.p[panel.rows[item]] > 0.05 for item in planted]) >= 0.8
    moved = [everyone.distance[everyone.rows[item]] > 2 * panel.distance[panel.rows[item]] for item in planted]
    assert all(moved)
    assert panel.count_target is not None
    assert everyone.count_target is not None
    item = next(iter(planted))
    assert panel.count_target[panel.rows[item]] < everyone.count_target[everyone.rows[item]]
