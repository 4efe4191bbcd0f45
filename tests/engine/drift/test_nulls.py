"""Nulls in bands, p-values and their adjustment, against definitions written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.drift.nulls import adjust, make_null

finite = st.floats(0, 2, allow_nan=False)


@given(st.lists(st.tuples(st.integers(1, 5000), finite), min_size=30, max_size=300), st.integers(0, 99))
def test_p_is_the_share_of_the_bands_null_at_least_as_far(null: list[tuple[int, float]], seed: int) -> None:
    counts, distances = np.array([c for c, _ in null]), np.array([d for _, d in null])
    made = make_null(counts, distances, least=10)
    rng = np.random.default_rng(seed)
    asked, far = rng.integers(1, 6000, size=20), rng.random(20) * 2
    p = made.p_values(asked, far)
    for c, d, value in zip(asked, far, p, strict=True):
        below = [e for e in made.edges if e <= c]
        if not below:
            assert np.isnan(value)
            continue
        low = max(below)
        above = [e for e in made.edges if e > c]
        band = distances[(counts >= low) & (counts < (min(above) if above else np.inf))]
        assert len(band) >= 10
        assert value == pytest.approx((1 + (band >= d).sum()) / (1 + len(band)))


@given(st.lists(st.tuples(st.integers(1, 5000), finite), min_size=1, max_size=200))
def test_bands_hold_enough_and_lose_only_the_rarest(null: list[tuple[int, float]]) -> None:
    counts, distances = np.array([c for c, _ in null]), np.array([d for _, d in null])
    made = make_null(counts, distances, least=25)
    assert all(len(v) >= 25 for v in made.values)
    assert list(made.edges) == sorted(set(made.edges.tolist()))
    used = sum(map(len, made.values))
    assert used == ((counts >= made.edges[0]).sum() if len(made.edges) else 0)
    assert len(null) - used < 25


def test_a_band_with_too_few_is_joined_to_the_rarer_one() -> None:
    counts = np.array([100] * 50 + [1000] * 3)
    made = make_null(counts, np.concatenate([np.full(50, 0.5), np.full(3, 0.01)]), least=20)
    assert (len(made.values), len(made.values[0])) == (1, 53)
    assert made.p_values(np.array([1000]), np.array([0.1]))[0] > 0.9  # the rarer words' noise counts here too


def test_quantiles_are_the_bands() -> None:
    counts = np.array([64] * 101 + [512] * 101)
    distances = np.concatenate([np.linspace(0, 1, 101), np.linspace(0, 0.1, 101)])
    made = make_null(counts, distances, least=50)
    assert made.quantile(np.array([70, 600, 3]), 0.95) == pytest.approx([0.95, 0.095, np.nan], nan_ok=True)


def test_unknown_distances_are_neither_null_nor_tested() -> None:
    made = make_null(np.array([50] * 40), np.array([0.1] * 30 + [np.nan] * 10), least=30)
    assert len(made.values[0]) == 30
    assert np.isnan(made.p_values(np.array([60]), np.array([np.nan]))[0])


@given(st.lists(st.one_of(st.just(float("nan")), st.floats(0.0001, 1)), max_size=60))
def test_benjamini_hochberg_rejects_what_its_definition_rejects(values: list[float]) -> None:
    p = np.array(values)
    q = adjust(p)
    known = np.sort(p[np.isfinite(p)])
    for level in (0.05, 0.2):
        passing = [value for rank, value in enumerate(known, 1) if value <= level * rank / len(known) + 1e-12]
        cut = max(passing, default=-1.0)
        np.testing.assert_array_equal(q[np.isfinite(p)] <= level + 1e-12, p[np.isfinite(p)] <= cut)
    assert np.isnan(q[np.isnan(p)]).all()


def test_uniform_p_values_are_seldom_called_significant() -> None:
    rng = np.random.default_rng(0)
    assert sum(bool((adjust(rng.random(500)) < 0.05).any()) for _ in range(200)) <= 20
