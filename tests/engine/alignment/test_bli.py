"""What is found by each retrieval, held against the definitions, and its figures."""

from __future__ import annotations

import numpy as np
import pytest

from isogloss.alignment.anchors.dictionary import (
    Dictionary,
    split,
)
from isogloss.alignment.bli import BETA, Retrieved, paired_difference, retrieve, retrieve_both
from isogloss.alignment.learning import learn_mapping
from isogloss.errors import InvalidValue
from isogloss.linear import unit_rows
from isogloss.nearest.criterion import CRITERIA, About
from tests.kit.pairs import DIM, turned


def test_retrieval_is_that_of_the_definitions() -> None:
    source, target, every = turned(5, 1.0, 60)
    x, z = (unit_rows(np.random.default_rng(s).normal(size=(60, DIM)).astype(np.float32)) for s in (1, 2))
    found = retrieve(source, target, every, x=x, z=z)
    cosine = x @ z.T
    gold = np.array([target[f"t{i}"] for i in range(60)])
    r_source, r_target = np.sort(cosine, axis=1)[:, -10:].mean(axis=1), np.sort(cosine, axis=0)[-10:].mean(axis=0)
    share = np.exp(BETA * cosine.astype(np.float64))
    for name, score in (
        ("nn", cosine),
        ("csls", CRITERIA["csls"].score(cosine, About(r_source, r_target))),
        ("isf", share / share.sum(axis=0)),
    ):
        rank = 1 + (score > score[np.arange(60), gold][:, None]).sum(axis=1)
        np.testing.assert_array_equal(found[name].rank, rank)
        np.testing.assert_array_equal(found[name].nearest[:, 0], score.argmax(axis=1))
        figures = found[name].figures()
        assert figures["precision_at_1"].value == pytest.approx((rank == 1).mean())
        assert figures["mrr"].value == pytest.approx((1 / rank).mean())


def test_both_directions_at_once_are_each_of_them() -> None:
    source, target, every = turned(5, 1.0, 700)
    x, z = (np.random.default_rng(s).normal(size=(len(every), DIM)).astype(np.float32) for s in (1, 2))
    there, back = Dictionary(every.pairs[:90]), every.reversed()
    for both, alone in zip(
        retrieve_both(source, target, x=x, z=z, there=there, back=back),
        (retrieve(source, target, there, x=x, z=z), retrieve(target, source, back, x=z, z=x)),
        strict=True,
    ):
        for name, one in both.items():
            np.testing.assert_array_equal(one.rank, alone[name].rank)
            np.testing.assert_allclose(one.scores, alone[name].scores, atol=1e-5)
    with pytest.raises(InvalidValue, match="no retrieval"):
        retrieve_both(source, target, x=x, z=z, there=there, back=back, retrievals=["best"])


def test_words_that_are_not_covered_are_dropped_or_wrong() -> None:
    source, target, every = turned()
    test = Dictionary((*every.pairs[:30], ("unknown", "t1"), ("s1x", "t2"), ("s0", "t5")))
    mapping, _ = learn_mapping(source, target, every)
    x, z = mapping.source.apply(source.vectors), mapping.target.apply(target.vectors)
    found = retrieve(source, target, test, x=x, z=z, retrievals=["nn"])["nn"]
    dropped, wrong = found.row("dropped"), found.row("wrong")
    assert (dropped["n_test"], dropped["precision_at_1"], dropped["coverage"]) == (30, 1.0, 30 / 32)
    assert (wrong["n_test"], wrong["precision_at_1"]) == (32, 30 / 32)
    assert retrieve(source, target, Dictionary((("no", "no"),)), x=x, z=z, retrievals=["nn"])["nn"].row()["n_test"] == 0
    with pytest.raises(InvalidValue, match="no retrieval"):
        retrieve(source, target, test, x=x, z=z, retrievals=["best"])


def test_intervals_are_percentiles_of_the_same_draws_as_ever() -> None:
    """By hand: hits are drawn from a binomial, differences with their words."""
    rng, n = np.random.default_rng(0), 3_500
    ranks = [rng.integers(1, 4, n), rng.integers(1, 4, n)]
    near, scores = np.zeros((n, 10), np.int64), np.zeros((n, 10), np.float32)
    one, two = (Retrieved(sources=np.arange(n), nearest=near, scores=scores, rank=r, missing=1_500) for r in ranks)
    for oov, of in (("dropped", n), ("wrong", n + 1_500)):
        share = (ranks[0] <= 1).sum() / of
        draws = np.random.default_rng(4).binomial(of, share, 2_000) / of
        found = one.figures(oov, seed=4)
        assert found["precision_at_1"].interval == tuple(np.percentile(draws, (2.5, 97.5)))
        assert (found["precision_at_1"].value, found["precision_at_1"].n) == (share, of)
        assert found["coverage"].value == 0.7
        assert one.row(oov, seed=4)["ci_precision_at_1"] == list(found["precision_at_1"].interval)
    each = (ranks[0] <= 1).astype(float) - (ranks[1] <= 1)
    drawn = each[np.random.default_rng(2).integers(0, n, (500, n))].mean(axis=1)
    apart = paired_difference(one, two, draws=500, seed=2)
    assert apart.interval == tuple(np.percentile(drawn, (2.5, 97.5)))
    assert apart.value == each.mean()
    none = Retrieved(sources=np.arange(0), nearest=near[:0], scores=scores[:0], rank=np.arange(0), missing=0)
    assert not none.figures()["precision_at_1"].known
    assert (none.row()["precision_at_1"], none.row()["ci_precision_at_1"]) == (0, [0, 0])
    assert (paired_difference(none, none).interval, paired_difference(none, none).n) == ((0, 0), 0)


def test_two_methods_that_do_not_differ_are_not_told_apart() -> None:
    source, target, every = turned(2, 0.6)
    train, test = split(every, 0.5, seed=0)
    found = []
    for method in ("procrustes", "refine", "ridge"):
        mapping, _ = learn_mapping(source, target, train, method=method)
        x, z = mapping.source.apply(source.vectors), mapping.target.apply(target.vectors)
        found.append(retrieve(source, target, test, x=x, z=z, retrievals=["nn"])["nn"])
    same = paired_difference(found[0], found[0])
    assert (same.value, same.interval, same.n) == (0, (0, 0), len(test))
    other = paired_difference(found[0], found[1])
    assert other.low <= other.value <= other.high
