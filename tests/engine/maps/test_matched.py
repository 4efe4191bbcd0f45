"""Layouts matched: a planted turn, mirror, scale and shift are found; an unrelated layout is said to be one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.errors import InvalidValue
from isogloss.maps.matched import match_layouts
from tests.kit.tiers import cases


@given(st.integers(0, 10_000), st.integers(2, 3), st.booleans())
@settings(max_examples=cases(500))
def test_a_planted_similarity_is_undone(seed: int, dims: int, mirror: bool) -> None:
    rng = np.random.default_rng(seed)
    target = rng.normal(size=(40, dims)).astype(np.float32)
    turned = np.linalg.qr(rng.normal(size=(dims, dims)))[0]
    if mirror:
        turned[:, 0] *= -1
    source = (target @ turned * rng.uniform(0.1, 9) + rng.normal(size=dims) * 20).astype(np.float32)
    rows = sorted(rng.choice(40, 12, replace=False).tolist())
    found = match_layouts(source, target, rows, target_rows=rows)
    np.testing.assert_allclose(found.coordinates, target, atol=1e-3)  # the rows that were not matched, too
    assert found.residual < 1e-6
    assert found.n == 12


def test_unrelated_layouts_leave_most_unmatched() -> None:
    rng = np.random.default_rng(1)
    found = match_layouts(
        rng.normal(size=(2_000, 2)), rng.normal(size=(2_000, 2)), list(range(2_000)), target_rows=list(range(2_000))
    )
    assert found.residual > 0.99


def test_noise_of_a_known_share_is_the_residual() -> None:
    rng = np.random.default_rng(2)
    target = rng.normal(size=(20_000, 2))
    noise = rng.normal(size=target.shape)
    rows = list(range(len(target)))
    found = match_layouts(target + noise, target, rows, target_rows=rows)
    assert abs(found.residual - 0.5) < 0.02  # 1 − r², r² = 1/(1 + 1)


@given(st.integers(0, 10_000), st.floats(0, 5), st.floats(0.01, 100))
@settings(max_examples=cases(200))
def test_what_fits_badly_is_as_large_as_what_it_is_matched_to(seed: int, noise: float, size: float) -> None:
    rng = np.random.default_rng(seed)
    target = rng.normal(size=(60, 2)) * [3, 1]
    source = (target + noise * rng.normal(size=target.shape)) * size
    rows = list(range(60))
    there, back = (
        match_layouts(source, target, rows, target_rows=rows),
        match_layouts(target, source, rows, target_rows=rows),
    )
    assert there.coordinates.var(axis=0).sum() == pytest.approx(target.var(axis=0).sum(), rel=1e-4)
    assert there.residual == pytest.approx(back.residual, abs=1e-9)


@pytest.mark.parametrize("rows", [[], [3]])
def test_too_little_to_match_on(rows: list[int]) -> None:
    rng = np.random.default_rng(3)
    source, target = rng.normal(size=(5, 2)).astype(np.float32), rng.normal(size=(5, 2)).astype(np.float32)
    found = match_layouts(source, target, rows, target_rows=rows)
    assert found.residual == 1.0
    if rows:
        np.testing.assert_allclose(found.coordinates[3], target[3], atol=1e-6)
    else:
        np.testing.assert_array_equal(found.coordinates, source)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InvalidValue):
        match_layouts(np.zeros((3, 2), np.float32), np.zeros((3, 3), np.float32), [0], target_rows=[0])
    with pytest.raises(InvalidValue):
        match_layouts(np.zeros((3, 2), np.float32), np.zeros((3, 2), np.float32), [0, 1], target_rows=[0])
