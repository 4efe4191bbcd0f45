"""Permutations that are looked at together, against one labelling after the other by the measures themselves."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.resampling import Shuffle, null_of
from isogloss.separation import report
from isogloss.separation.groups import distinct, groups_of, halves
from isogloss.separation.measures import (
    eta_squared,
    first_finds,
    group_sums,
    most_alike,
    nearest_others,
    pair_neighbors,
    paired_hits,
    pooled_hits,
    same_group,
    silhouettes,
)
from isogloss.separation.probe import probe_guesses, rescaled
from isogloss.separation.report import measure_separation
from isogloss.separation.sums import sums_of_groups
from isogloss.spaces.space import Space
from tests.kit.tiers import cases


def labelled(seed: int, n: int = 120, groups: int = 5, meanings: int = 14) -> Space:
    """Rows of groups and meanings drawn at random: some meanings unknown, several of one group alike, names twice."""
    rng = np.random.default_rng(seed)
    codes, concepts = rng.integers(0, groups, n), rng.integers(-1, meanings, n)
    x = rng.normal(size=(meanings + 1, 6))[concepts] + rng.normal(size=(groups, 6))[codes] + rng.normal(size=(n, 6))
    columns = {
        "script": [f"S{g}" for g in codes],
        "concept": [None if c < 0 else f"c{c}" for c in concepts],
        "text": [f"t{i % 90}" for i in range(n)],
    }
    return Space("labelled", tuple(map(str, range(n))), x.astype(np.float32), pa.table(columns))


def mean(values: np.ndarray) -> float:
    known = np.isfinite(values)
    return float(values[known].mean()) if known.any() else float("nan")


def one_after_the_other(space: Space, permutations: int) -> dict[str, list[float]]:
    """Every figure under every permutation, each computed anew; the same numbers are drawn in the same order."""
    groups = groups_of(space)
    fit = halves(groups)
    rows = np.flatnonzero(~fit)
    x, codes, meanings = space.vectors[rows], groups.codes[rows], groups.meanings[rows]
    kept = distinct(groups, ~fit)[rows]
    guess = probe_guesses(space.vectors, groups.codes, fit)[rows]
    own_codes, own = codes[kept], meanings[kept]
    near, wide = nearest_others(x, report.K), nearest_others(x[kept], most_alike(own_codes, own))
    pairs = pair_neighbors(x[kept], own_codes, len(groups.names))
    rng = np.random.default_rng(0)
    drawn: dict[str, list[float]] = {name: [] for name in report.FIGURES}
    for turn in range(permutations):
        shuffled = np.empty_like(own)
        shuffled[np.argsort(own_codes, kind="stable")] = own[np.lexsort((rng.random(len(own)), own_codes))]
        other = np.empty_like(codes)
        other[np.argsort(meanings, kind="stable")] = codes[np.lexsort((rng.random(len(codes)), meanings))]
        drawn["pooled_precision_at_1"].append(mean(pooled_hits(wide, shuffled, own_codes)))
        drawn["eta_squared"].append(eta_squared(x, other))
        drawn["purity_at_10"].append(mean(same_group(near, other)))
        drawn["probe"].append(rescaled(float((guess == other).mean()), len(np.unique(codes))))
        if turn < permutations // 4:
            right, asked = paired_hits(pairs, own_codes, shuffled)
            drawn["paired_precision_at_1"].append(right.sum() / asked.sum())
            drawn["silhouette"].append(mean(silhouettes(x, other)))
    return drawn


@pytest.mark.long
@settings(max_examples=cases(200), deadline=None)
@given(st.integers(0, 10_000))
def test_nulls_are_those_of_one_permutation_after_the_other(seed: int) -> None:
    space = labelled(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "_LABELS", 7 * len(space))  # in several rounds, the quarter of the dearer two among them
        found = measure_separation(space, permutations=40)
    for name, draws in one_after_the_other(space, 40).items():
        expected = null_of(draws, found[name].value)
        null = found[name].null
        assert (expected is None) == (null is None)
        if expected is not None and null is not None:
            assert (null.mean, null.p95, null.p) == pytest.approx((expected.mean, expected.p95, expected.p), abs=1e-12)


@settings(max_examples=cases(300), deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 2, 9, 400]), st.booleans())
def test_a_shuffle_is_the_order_of_what_was_drawn_within_each_group(seed: int, groups: int, coarse: bool) -> None:
    rng = np.random.default_rng(seed)
    codes, values = rng.integers(-1, groups, 300), rng.integers(0, 1000, 300)
    drawn = rng.integers(0, 8, 300) / 8 if coarse else rng.random(300)  # many equal ones: the order of the rows decides

    class Drawn:
        def random(self, n: int) -> np.ndarray:
            return drawn[:n]

    expected = np.empty_like(values)
    expected[np.argsort(codes, kind="stable")] = values[np.lexsort((drawn, codes))]
    assert np.array_equal(Shuffle(codes)(values, Drawn()), expected)  # type: ignore[arg-type]


def test_numbers_that_differ_below_the_bits_at_hand_are_told_apart() -> None:
    codes = np.array([0, 0, 1 << 30])  # so many groups that the drawn numbers are left with few bits
    drawn = np.array([0.5 + 2.0**-53, 0.5, 0.1])
    assert Shuffle(codes)._order(drawn).tolist() == [1, 0, 2]


@settings(max_examples=cases(200), deadline=None)
@given(st.integers(0, 10_000))
def test_finds_under_many_labellings_are_those_of_each(seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes, meanings = rng.integers(0, 3, 40), rng.integers(-1, 4, 40)
    near = nearest_others(rng.normal(size=(40, 3)).astype(np.float32), most_alike(codes, meanings))
    in_group = Shuffle(codes)
    labels = np.stack([in_group(meanings, rng) for _ in range(6)], axis=1)
    found = first_finds(near, codes, labels)
    for turn in range(6):
        assert np.array_equal(found[:, turn], np.nan_to_num(pooled_hits(near, labels[:, turn], codes)) == 1)


@settings(max_examples=cases(100), deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_compiled_sums_are_the_others_to_the_last_bit(seed: int, weighted: bool) -> None:
    rng = np.random.default_rng(seed)
    x, codes = rng.normal(size=(70, 9)).astype(np.float32), rng.integers(0, 4, 70)
    codes[0] = 3
    weights = rng.integers(0, 4, 70).astype(np.float64) if weighted else None
    assert np.array_equal(sums_of_groups(x, codes, 4, weights), group_sums(x, codes, weights))
