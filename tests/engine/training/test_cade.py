"""CADE on planted corpora: the compass stays, slices share coordinates, swaps are found."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from isogloss.corpora.recipe import TrainingParameters
from isogloss.errors import BuildError, Cancelled
from isogloss.progress import silent
from isogloss.training.build import build
from isogloss.training.cade import keep_probability, noise_table, require_frozen, train_slice
from tests.kit.planted import SWAPPED, TARGETS, _letters, planted, recipe_for


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planted(tmp_path_factory.mktemp("planted"))


@pytest.mark.long
def test_planted_swaps_are_found_and_everything_else_stays(corpus: Path) -> None:
    """TWEC, Di Carlo et al. 2019: at full overlap of the contexts, static and dynamic MRR and the drift AUC are 1."""
    built = build(recipe_for(corpus))
    early, late = built.collection.spaces
    targets = [f"target{_letters(i)}" for i in range(TARGETS)]
    a = early.unit[[early[t] for t in targets]]
    b = late.unit[[late[t] for t in targets]]
    similarity = a @ b.T
    distance = 1 - np.diag(similarity)
    swapped = np.arange(TARGETS) < SWAPPED
    auc = (distance[swapped][:, None] > distance[~swapped][None, :]).mean()
    partner = np.arange(TARGETS)
    partner[:SWAPPED] = np.roll(np.arange(SWAPPED), -1)  # who stands late where the word stood early
    rank = (similarity > similarity[np.arange(TARGETS), partner][:, None]).sum(axis=1) + 1
    assert auc > 0.999
    assert (1 / rank[~swapped]).mean() > 0.99  # static
    assert (1 / rank[swapped]).mean() > 0.99  # dynamic
    assert built.collection.alignment.frozen_max_change == 0.0


@pytest.mark.long
def test_the_same_recipe_gives_the_same_vectors_bit_for_bit(tmp_path: Path) -> None:
    corpus = planted(tmp_path, sentences=6)
    quick = {"compass_epochs": 2, "slice_epochs": 2}
    one, two, other = (build(recipe_for(corpus, seed=seed, **quick)).collection for seed in (1, 1, 2))
    assert [s.fingerprint for s in one.spaces] == [s.fingerprint for s in two.spaces]
    assert one.compass is not None
    assert two.compass is not None
    assert one.compass.fingerprint == two.compass.fingerprint
    assert [s.fingerprint for s in one.spaces] != [s.fingerprint for s in other.spaces]


@pytest.mark.long
def test_what_a_build_stores(tmp_path: Path) -> None:
    corpus = planted(tmp_path, sentences=6)
    seen: list[str] = []
    built = build(
        recipe_for(corpus, compass_epochs=1, slice_epochs=1, min_count=1, ship_count=1),
        progress=lambda what, share: seen.append(what),
    )
    collection = built.collection
    assert collection.names == ["early", "late"]
    assert set(collection.spaces[0].columns.column_names) == {
        "count",
        "per_million",
        "documents",
        "authors",
        "capital_share",
    }
    assert int(collection.spaces[0].counts.sum()) == built.tokens // 2  # type: ignore[union-attr]
    assert collection.alignment.method == "cade"
    assert collection.alignment.diagnostics["slices"]["early"]["documents"] == 6
    assert 0.99 < collection.alignment.diagnostics["slices"]["early"]["shared_token_share"] <= 1
    assert {"tokenising", "training the compass", "training the slices"} <= set(seen)
    counts = collection.spaces[0].counts
    assert counts is not None
    assert (np.diff(counts) <= 0).all()


@pytest.mark.parametrize("stage", ["tokenising", "training the compass", "training the slices"])
def test_a_build_can_be_cancelled_at_every_stage(tmp_path: Path, stage: str) -> None:
    def stop(what: str, share: float) -> None:
        if what == stage:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        build(recipe_for(planted(tmp_path, sentences=6)), progress=stop)
    assert not [p for p in multiprocessing.active_children() if p.is_alive() and "Spawn" in type(p).__name__]


def test_a_corpus_that_is_too_small_says_so(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"lower training\.min_count"):
        build(recipe_for(planted(tmp_path, sentences=1), min_count=10_000))


def test_the_compass_may_not_move() -> None:
    rng = np.random.default_rng(0)
    compass = rng.normal(size=(50, 16)).astype(np.float32)
    before = compass.copy()
    ids = np.where(rng.random(20_000) < 0.1, -1, rng.integers(0, 50, 20_000)).astype(np.int32)
    counts = np.bincount(ids[ids >= 0], minlength=50)
    vectors, change = train_slice(
        ids, counts, compass, parameters=TrainingParameters(dim=16, slice_epochs=2), seed=1, progress=silent
    )
    assert change == 0.0
    np.testing.assert_array_equal(compass, before)
    assert np.isfinite(vectors).all()
    assert np.abs(vectors).max() > 0.05
    for moved in (1e-9, 0.78, float("nan")):
        with pytest.raises(BuildError, match="frozen compass moved"):
            require_frozen(moved)


def test_the_noise_distribution_and_subsampling_against_their_definitions() -> None:
    counts = np.array([1000, 100, 10, 1])
    share = np.bincount(noise_table(counts, 1 << 16), minlength=4) / (1 << 16)
    np.testing.assert_allclose(share, counts**0.75 / (counts**0.75).sum(), atol=1e-4)
    f = counts / counts.sum()
    np.testing.assert_allclose(keep_probability(counts, 0.05), np.minimum(1, np.sqrt(0.05 / f) + 0.05 / f), rtol=1e-6)


@pytest.mark.long
def test_the_slices_agree_with_gensim_reset_after_every_job(corpus: Path) -> None:
    """The exact route: gensim with its output matrix put back after each short job."""
    from gensim.models import Word2Vec

    rng = np.random.default_rng(5)
    n, dim, groups = 60, 16, 12
    compass = (np.repeat(rng.normal(size=(groups, dim)), n // groups, axis=0) + 0.3 * rng.normal(size=(n, dim))).astype(
        np.float32
    )
    sentences = [(rng.integers(groups) * 5 + rng.integers(0, 5, 8)) for _ in range(4000)]
    ids = np.concatenate([np.append(s, -1) for s in sentences]).astype(np.int32)
    counts = np.bincount(ids[ids >= 0], minlength=n)
    p = TrainingParameters(dim=dim, slice_epochs=5, sample=1.0)
    own, _ = train_slice(ids, counts, compass, parameters=p, seed=1, progress=silent)
    model = Word2Vec(vector_size=dim, window=5, negative=10, min_count=1, workers=1, sample=0, seed=1)
    model.build_vocab_from_freq({str(i): int(c) for i, c in enumerate(counts)})
    model.syn1neg[:] = compass[[int(k) for k in model.wv.index_to_key]]
    order = [int(k) for k in model.wv.index_to_key]
    jobs = 400
    for job in range(jobs * 5):
        part = sentences[(job % jobs) * 10 : (job % jobs) * 10 + 10]
        alpha = [0.025 - (0.025 - 1e-4) * (job + j) / (jobs * 5) for j in (0, 1)]
        model.train(
            [list(map(str, s)) for s in part],
            total_examples=len(part),
            epochs=1,
            start_alpha=alpha[0],
            end_alpha=alpha[1],
        )
        model.syn1neg[:] = compass[order]
    exact = np.empty_like(own)
    exact[order] = model.wv.vectors
    pairs = np.triu_indices(n, 1)

    def ranks(vectors: np.ndarray) -> np.ndarray:
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.argsort(np.argsort((unit @ unit.T)[pairs]))

    assert np.corrcoef(ranks(own), ranks(exact))[0, 1] > 0.95


def test_the_shipped_recipe_is_the_shipped_collection() -> None:
    from isogloss.workspace.store import SHIPPED, read_collection

    root = SHIPPED.parent
    text = (root / "recipes" / "un-debates.toml").read_text(encoding="utf-8")
    shipped = read_collection(SHIPPED / "un-debates")
    assert shipped.names == ["1946-1969", "1970-1989", "1990-2006", "2007-2024"]
    assert shipped.alignment.frozen_max_change == 0.0
    assert shipped.compass is not None
    assert all(f'name = "{name}"' in text for name in shipped.names)
    assert all(space.counts is not None and space.counts.min() >= 50 for space in shipped.spaces)
