"""What is known of an alignment before it is tested, against planted rotations and exact refits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.alignment import diagnostics
from isogloss.alignment.diagnostics import (
    band_residuals,
    condition,
    divergence_of,
    divergence_row,
    eigenvalue_divergence,
    leave_one_out,
    orthogonality,
    relation_of,
    relation_row,
    relational_similarity,
    singular_values,
    suspicious,
)
from isogloss.errors import InvalidValue
from isogloss.figure import Figure
from isogloss.linear import orthogonal, unit
from tests.kit.tiers import cases

DIM = 10


def pair(seed: int, n: int = 300, noise: float = 0.0, dim: int = DIM) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = unit(rng.normal(size=(n, dim)) * np.linspace(2, 0.5, dim))
    turn, _ = np.linalg.qr(rng.normal(size=(dim, dim)))
    return x, unit(x @ turn + noise * rng.normal(size=x.shape))


def reference(figure: Figure) -> float:
    """What an eigenvalue divergence is between other words of one side."""
    assert figure.null is not None
    return figure.null.mean


def refitted(x: np.ndarray, z: np.ndarray) -> np.ndarray:
    rows = np.arange(len(x))
    return np.array([np.linalg.norm(x[i] @ orthogonal(x[rows != i], z[rows != i]) - z[i]) for i in rows])


@pytest.mark.parametrize("noise", [0.05, 0.2, 0.5])
def test_leaving_one_out_is_refitting_without_it(noise: float) -> None:
    x, z = pair(1, 300, noise)
    np.testing.assert_allclose(leave_one_out(x, z), refitted(x, z), rtol=0.004)
    inside = np.linalg.norm(x @ orthogonal(x, z) - z, axis=1)
    assert (leave_one_out(x, z) >= inside - 1e-9).all()  # what was fitted on it flatters an anchor
    few = pair(2, 15, noise)
    np.testing.assert_allclose(leave_one_out(*few), refitted(*few), rtol=1e-6)


@pytest.mark.parametrize("noise", [0.05, 0.2])
@pytest.mark.parametrize("n", [20, 45, 61])
def test_few_anchors_are_not_flattered_either(n: int, noise: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 30 dimensions: fewer and more anchors, refitted in groups, and just above two anchors to a dimension."""
    monkeypatch.setattr(diagnostics, "_WORK", 0)
    shares = []
    for seed in range(cases(50)):
        x, z = pair(seed, n, noise, 30)
        inside = np.linalg.norm(x @ orthogonal(x, z) - z, axis=1)
        exact, found = refitted(x, z), leave_one_out(x, z)
        shares.append([inside.mean() / exact.mean(), found.mean() / exact.mean()])
    flattered, told = np.mean(shares, axis=0)
    assert flattered < 0.8
    assert abs(told - 1) < 0.08


def test_anchors_that_hardly_belong_together_are_not_told_as_farther_than_they_are() -> None:
    for seed in range(cases(50)):
        x, z = pair(seed, 120, 2.0, 30)
        exact, found = refitted(x, z), leave_one_out(x, z)
        assert np.median(abs(found / exact - 1)) < 0.05
        assert found.mean() == pytest.approx(exact.mean(), rel=0.04)
        assert (found <= np.linalg.norm(x, axis=1) + np.linalg.norm(z, axis=1) + 1e-9).all()


def test_directions_that_no_other_anchor_decides_count_with_their_mean() -> None:
    x, z = pair(4, 6, 0.1)
    rng = np.random.default_rng(0)
    rows, squares = np.arange(6), []
    u, _, vt = np.linalg.svd(x[rows != 2].T @ z[rows != 2])
    for _ in range(4_000):
        free, _ = np.linalg.qr(rng.normal(size=(DIM - 5, DIM - 5)))
        free *= rng.choice([-1, 1], DIM - 5)  # so that every turn is as likely as any other
        w = u[:, :5] @ vt[:5] + u[:, 5:] @ free @ vt[5:]
        np.testing.assert_allclose(w.T @ w, np.eye(DIM), atol=1e-9)
        squares.append(((x[2] @ w - z[2]) ** 2).sum())
    assert leave_one_out(x, z)[2] == pytest.approx(np.sqrt(np.mean(squares)), rel=0.02)


@given(st.integers(0, 10_000), st.sampled_from([6, 15, 60]))
def test_turning_either_side_changes_nothing(seed: int, n: int) -> None:
    x, z = pair(seed, n, 0.3)
    rng = np.random.default_rng(seed + 1)
    one, two = (np.linalg.qr(rng.normal(size=(DIM, DIM)))[0] for _ in range(2))
    np.testing.assert_allclose(leave_one_out(x @ one, z @ two), leave_one_out(x, z), atol=1e-6)
    a, b = relational_similarity(x @ one, z @ two), relational_similarity(x, z)
    assert a.null is not None
    assert b.null is not None
    np.testing.assert_allclose([a.value, a.low, a.high, a.null.p95], [b.value, b.low, b.high, b.null.p95], atol=1e-6)
    if n > 6:
        a, b = eigenvalue_divergence(x @ one, z @ two), eigenvalue_divergence(x, z)
        np.testing.assert_allclose([a.value, reference(a)], [b.value, reference(b)], atol=1e-6)


def test_wrong_anchors_are_suspicious_and_right_ones_rarely() -> None:
    found, right = [], []
    for seed in range(cases(50)):
        x, z = pair(seed, 500, 0.1)
        z[:10] = z[[*range(1, 10), 0]]  # ten translations of other words
        wrong = suspicious(leave_one_out(x, z))
        found.append(wrong[:10].mean())
        right.append(wrong[10:].mean())
    assert np.mean(found) > 0.9
    assert np.mean(right) < 0.03


@given(st.integers(0, 10_000))
@pytest.mark.long
def test_a_rotated_copy_is_the_same_space(seed: int) -> None:
    x, z = pair(seed, 120)
    assert leave_one_out(x, z).max() < 1e-6
    assert not suspicious(leave_one_out(x, z)).any()
    relation = relational_similarity(x, z)
    assert (relation.value, relation.low, relation.high) == pytest.approx((1, 1, 1))
    assert eigenvalue_divergence(x, z).value == pytest.approx(0, abs=1e-6)


@pytest.mark.long
def test_likeness_falls_with_noise_and_is_none_when_shuffled() -> None:
    some = [pair(3, 200, noise) for noise in (0.1, 0.4, 1.0)]
    relations = [relational_similarity(x, z) for x, z in some]
    assert relations[0].value > relations[1].value > relations[2].value
    assert all(one.low < one.value < one.high for one in relations)
    assert relations[0].low > relations[0].null.p95
    divergences = [eigenvalue_divergence(x, z).value for x, z in some]
    assert divergences[0] < divergences[2]
    x, z = some[0]
    values = [relational_similarity(x, z[np.random.default_rng(s).permutation(len(z))]) for s in range(cases(400))]
    assert np.mean([one.value > one.null.p95 for one in values]) <= 0.05 + 3 * np.sqrt(0.05 / len(values))
    assert abs(values[0].value) < 0.05


def test_the_interval_holds_the_likeness_of_the_spaces_and_the_value_is_the_plain_correlation() -> None:
    x, z = pair(5, 60 * cases(600, 12), 0.4)
    upper = np.triu_indices(700, 1)
    whole = np.corrcoef((x[:700] @ x[:700].T)[upper], (z[:700] @ z[:700].T)[upper])[0, 1]
    found = [relational_similarity(x[at : at + 60], z[at : at + 60]) for at in range(0, len(x), 60)]
    held = [one.low <= whole <= one.high for one in found]
    assert np.mean(held) >= 0.95 - 4 * np.sqrt(0.05 * 0.95 / len(held)) - 0.05
    assert np.mean([one.high - one.low for one in found]) < 0.2
    pairs = np.triu_indices(60, 1)
    plain = np.corrcoef((x[:60] @ x[:60].T)[pairs], (z[:60] @ z[:60].T)[pairs])[0, 1]
    assert found[0].value == pytest.approx(plain)
    some = relational_similarity(x, z, most=50)
    assert (some.n, relational_similarity(x, z, most=50)) == (50, some)


def test_a_space_of_another_shape_diverges_more_than_samples_of_one() -> None:
    rng = np.random.default_rng(0)
    x = unit(rng.normal(size=(400, DIM)))
    centres = rng.normal(size=(8, DIM)) * 4
    z = unit(centres[rng.integers(0, 8, 400)] + rng.normal(size=(400, DIM)) * 0.1)
    found = eigenvalue_divergence(x, z)
    same = eigenvalue_divergence(x, unit(rng.normal(size=(400, DIM))))
    assert found.value > 2 * same.value
    assert same.value < 3 * reference(same)
    assert found.n == 400


@pytest.mark.parametrize("n", [20, 22, 60, 200])
def test_other_words_of_one_kind_diverge_as_the_reference_says(n: int) -> None:
    """The graphs of value and reference are of one size: where nothing but the kind is shared, both are the same."""
    values, references = [], []
    for seed in range(cases(400, 40)):
        found = eigenvalue_divergence(pair(seed, n)[0], pair(seed + 10_000, n)[0])
        values.append(found.value)
        references.append(reference(found))
    assert np.mean(references) > 0.1
    assert 0.6 < np.mean(values) / np.mean(references) < 1.6


def test_equal_cosines_do_not_make_a_turned_copy_another_space() -> None:
    grid = np.stack(np.meshgrid(*[[-1.0, 0, 1]] * 4), axis=-1).reshape(-1, 4)
    for seed in range(cases(50)):
        turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(4, 4)))
        assert eigenvalue_divergence(grid, grid @ turn).value == pytest.approx(0, abs=1e-9)


def test_the_eigenvalues_are_those_of_the_graph() -> None:
    """Nearest neighbors on a path of five points: 0–1, 1–0 or 2 by row, 2–1, 3–2 by row, 4–3."""
    angles = np.array([0, 1, 2, 3, 4]) * 0.2
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    path = 2 - 2 * np.cos(np.pi * np.arange(5)[::-1] / 5)
    np.testing.assert_allclose(diagnostics._eigenvalues(rows, 1), path, atol=1e-9)
    one, two = np.array([5.0, 4.0, 0.9, 0.1]), np.array([4.0, 3.0, 2.0, 1.0])
    assert diagnostics._divergence(one, two) == pytest.approx(2)  # 9 of 10 is reached by two, 9 of 10 by three


def test_bands_hold_every_anchor_once() -> None:
    rng = np.random.default_rng(0)
    residual, rank = rng.random(200), rng.integers(0, 30_000, 200)
    bands = band_residuals(residual, rank, (1_000, 5_000, 20_000))
    assert sum(one.n for one in bands.values()) == 200
    assert sum(one.n * one.value for one in bands.values()) == pytest.approx(residual.sum())
    assert all(one.low <= one.value <= one.high for one in bands.values())
    assert list(band_residuals(residual, np.zeros(200, np.int64), (5, 10))) == ["1–5"]
    assert list(bands) == ["1–1,000", "1,001–5,000", "5,001–20,000", "20,001 and beyond"]
    assert [one.n for one in bands.values()] == np.histogram(rank, [0, 1_000, 5_000, 20_000, 30_000])[0].tolist()
    assert bands == band_residuals(residual, rank, (1_000, 5_000, 20_000))
    (whole,) = band_residuals(residual, np.zeros(200, np.int64), ()).values()
    rng = np.random.default_rng(0)
    means = [residual[rng.integers(0, 200, 200)].mean() for _ in range(1_000)]
    assert whole.interval == tuple(np.percentile(means, (2.5, 97.5)))
    assert whole.high - whole.low == pytest.approx(2 * 1.96 * residual.std() / np.sqrt(whole.n), rel=0.15)


def test_what_is_kept_of_likeness_is_figures_again() -> None:
    """The rows that outcomes hold, with the keys that they always had."""
    x, z = pair(1, 60, 0.3)
    relation, divergence = relational_similarity(x, z), eigenvalue_divergence(x, z)
    assert list(relation_row(relation)) == ["value", "low", "high", "null_high", "n"]
    assert list(divergence_row(divergence)) == ["value", "reference", "n"]
    again = relation_of(relation_row(relation))
    assert (again.value, again.interval, again.n, again.better) == (relation.value, relation.interval, 60, "more")
    assert again.null is not None
    assert relation.null is not None
    assert again.null.p95 == relation.null.p95
    assert relation.null.p == pytest.approx(1 / 201)
    again = divergence_of(divergence_row(divergence))
    assert (again.value, reference(again), again.better) == (divergence.value, reference(divergence), "less")


def test_a_map_is_told_by_its_singular_values() -> None:
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(DIM, DIM)))[0]
    assert singular_values(turn) == pytest.approx((1, 1))
    assert orthogonality(turn) == pytest.approx(0, abs=1e-9)
    assert condition(turn) == pytest.approx(1)
    stretched = turn @ np.diag(np.linspace(0.5, 3, DIM))
    assert singular_values(stretched) == pytest.approx((0.5, 3))
    assert orthogonality(2 * turn) == pytest.approx(3 * np.sqrt(DIM))
    assert condition(stretched) == pytest.approx(6)
    assert condition(np.diag([1.0, 0.0])) == float("inf")
    assert condition(np.zeros((2, 2))) == float("inf")
    for bad in (np.ones(3), np.ones((0, 0)), np.array([[np.nan]])):
        with pytest.raises(InvalidValue, match="a map of shape"):
            condition(bad)


def test_what_cannot_be_told_is_said() -> None:
    x, z = pair(0, 20)
    for one, two in ((x, z[:5]), (x[:2], z[:2]), (x[0], z[0])):
        with pytest.raises(InvalidValue, match="anchors of shapes"):
            leave_one_out(one, two)
    with pytest.raises(InvalidValue, match="not finite"):
        relational_similarity(np.full_like(x, np.nan), z)
    with pytest.raises(InvalidValue, match="too few"):
        eigenvalue_divergence(x[:7], z[:7])
    for function in (leave_one_out, relational_similarity, eigenvalue_divergence):
        with pytest.raises(InvalidValue, match="anchors of shapes"):
            function(x[:2], z[:2])
        with pytest.raises(InvalidValue, match="not finite"):
            function(x, np.full_like(z, np.inf))
    for residual in (np.empty(0), np.array([1.0, np.nan])):
        with pytest.raises(InvalidValue, match="not finite"):
            suspicious(residual)
    with pytest.raises(InvalidValue, match="3 residuals and 2 ranks"):
        band_residuals(np.ones(3), np.arange(2), (5,))
    with pytest.raises(InvalidValue, match="bands end at 5, 5"):
        band_residuals(np.ones(3), np.arange(3), (5, 5))


def test_what_says_nothing_decides_nothing() -> None:
    x, z = pair(0, 20)
    same = relational_similarity(np.ones_like(x), z)
    assert (same.value, same.low, same.high, same.null) == (0, -1, 1, None)
    assert relation_row(same)["null_high"] == 0
    three = relational_similarity(x[:3], z[:3])
    assert (three.low, three.high) == (-1, 1)
    assert leave_one_out(np.zeros_like(x), np.zeros_like(z)).max() == 0
    np.testing.assert_allclose(leave_one_out(x * 0, z), 1)
    x, z = pair(0, 60)
    np.testing.assert_allclose(leave_one_out(x * 0, z), 1)
    x[0] = z[0] = 0
    assert leave_one_out(x, z)[0] == 0
    flat = np.diag([1.0] * 5 + [0.0] * 5)  # sixty anchors that leave half of the directions open
    assert leave_one_out(x @ flat, x @ flat).max() < 1e-9
