"""Measures of sentences against closed forms and brute force."""

from __future__ import annotations

import numpy as np
import pytest

from isogloss.linear import unit_rows
from isogloss.sentences.measure import SENTENCE_MEASURES
from isogloss.sentences.measures._margin import margins

N, DIM = 40, 12


def sides(noise: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    base = rng.normal(size=(N, DIM)).astype(np.float32)
    return base, (base + noise * rng.normal(size=base.shape)).astype(np.float32)


@pytest.mark.parametrize("name", SENTENCE_MEASURES.names)
def test_every_measure_says_what_it_is_and_orders_planted_layers(name: str) -> None:
    """A rotation plus growing noise comes back in its order; the floor and IsoScore are of one side alone."""
    one = SENTENCE_MEASURES[name]
    assert one.name == name
    assert one.help
    assert not one.help.endswith(".")
    turn = np.linalg.qr(np.random.default_rng(9).normal(size=(DIM, DIM)))[0].astype(np.float32)
    found = [one.of(a @ turn, b @ turn).value for a, b in (sides(noise) for noise in (0.0, 0.7, 3.0))]
    if name in ("floor", "isoscore"):
        assert all(-1 <= value <= 1 for value in found)
    elif name == "evs":  # two graphs are alike or not
        assert found[0] == pytest.approx(0, abs=1e-9)
        assert min(found[1:]) > 0.1
    elif name == "econd-hm":  # of each side by itself: a noisier round cloud is no less round
        assert min(found) >= 1
    else:
        assert found == sorted(found, reverse=one.of(*sides(0.1)).better == "more")


def test_precision_counts_either_direction_and_ties_find_nothing() -> None:
    pivot = np.float32([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    other = np.float32([[1, 0, 0], [0.6, 0.8, 0], [0.8, 0.6, 0]])  # the last takes the first's place, and finds it
    found = SENTENCE_MEASURES["precision"].of(pivot, other)
    assert found.value == pytest.approx(((2 / 3) + (2 / 3)) / 2)
    assert found.null is not None
    assert found.null.mean == pytest.approx(1 / 3)
    assert SENTENCE_MEASURES["precision"].of(pivot, np.ones_like(pivot)).value == 0.0


def test_cka_is_one_of_a_turned_space_and_noise_is_its_null() -> None:
    cka = SENTENCE_MEASURES["cka"]
    base, _ = sides(0)
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(DIM, DIM)))[0].astype(np.float32)
    assert cka.of(base, base @ turn).value == pytest.approx(1, abs=1e-6)
    noise = np.random.default_rng(2).normal(size=(N, 300)).astype(np.float32)
    found = cka.of(base, noise)
    assert found.null is not None
    assert abs(found.value) < 0.2  # the biased one is some .8 for n < d
    assert abs(found.null.mean) < 0.02
    assert found.null.p > 0.05
    assert cka.of(base, base).null.p == pytest.approx(1 / 201)


def test_cka_against_the_sums_of_song() -> None:
    """tr KL + ΣK ΣL/((n−1)(n−2)) − 2·1ᵀKL1/(n−2), by loops."""
    a, b = sides(1.0)

    def hsic(x: np.ndarray, y: np.ndarray) -> float:
        k, other = x.astype(float) @ x.T.astype(float), y.astype(float) @ y.T.astype(float)
        np.fill_diagonal(k, 0)
        np.fill_diagonal(other, 0)
        one = np.ones(N)
        told = np.trace(k @ other) + (one @ k @ one) * (one @ other @ one) / ((N - 1) * (N - 2))
        return float((told - 2 / (N - 2) * (one @ k @ other @ one)) / (N * (N - 3)))

    wanted = hsic(a, b) / np.sqrt(hsic(a, a) * hsic(b, b))
    assert SENTENCE_MEASURES["cka"].of(a, b).value == pytest.approx(wanted, abs=1e-9)


def test_xsim_by_the_definition() -> None:
    a, b = sides(1.5)
    c = unit_rows(a) @ unit_rows(b).T
    wrong = 0
    for j in range(N):
        scores = []
        for i in range(N):
            there, back = np.sort(c[i])[-4:].mean(), np.sort(c[:, j])[-4:].mean()
            scores.append(c[i, j] / ((there + back) / 2))
        wrong += int(np.argmax(scores)) != j
    assert SENTENCE_MEASURES["xsim"].of(a, b).value == wrong / N
    assert margins(a, b).shape == (N, N)


def test_isoscore_of_a_sphere_and_a_line() -> None:
    rng = np.random.default_rng(0)
    ball, line = rng.normal(size=(20_000, 6)).astype(np.float32), np.outer(rng.normal(size=500), np.ones(6))
    score = SENTENCE_MEASURES["isoscore"]
    assert score.of(ball, ball).value == pytest.approx(1, abs=0.01)
    assert score.of(ball, line.astype(np.float32)).value == pytest.approx(0, abs=1e-6)


def test_the_floor_is_the_mean_of_all_that_does_not_belong_together() -> None:
    a, b = sides(0.5)
    c = unit_rows(a) @ unit_rows(b).T
    wanted = c[~np.eye(N, dtype=bool)].mean()
    assert SENTENCE_MEASURES["floor"].of(a, b).value == pytest.approx(wanted, abs=1e-6)


def test_published_isomorphism_against_what_can_be_counted_by_hand() -> None:
    """Three mutual pairs have the Laplacian eigenvalues 2, 2, 2, 0, 0, 0; a star of six 6, 1, 1, 1, 1, 0."""
    angles = np.array([0, 0.1, 2, 2.1, 4, 4.1])
    pairs = np.column_stack([np.cos(angles), np.sin(angles), np.zeros(6)]).astype(np.float32)
    around = np.column_stack([np.cos(np.arange(5)), np.sin(np.arange(5)), np.ones(5)])
    star = np.vstack([[[0, 0, 1]], around]).astype(np.float32)
    star[1:, :2] = [[np.cos(t), np.sin(t)] for t in 2 * np.pi * np.arange(5) / 5]
    # 90% of 6 needs three of the pairs', 90% of 10 four of the star's: three are compared
    assert SENTENCE_MEASURES["evs"].of(pairs, star).value == pytest.approx((2 - 6) ** 2 + 1 + 1)
    flat, long = np.diag([1.0, 1, 1, 1]).astype(np.float32), np.vstack([np.eye(2)] * 4).astype(np.float32)
    assert SENTENCE_MEASURES["svg"].of(flat, long).value == pytest.approx(2 * np.log(2) ** 2)
    assert SENTENCE_MEASURES["econd-hm"].of(flat, long).value == pytest.approx(1)
    uneven = np.vstack([np.tile([1.0, 0], (9, 1)), [[0, 1.0]]]).astype(np.float32)  # σ 3 and 1: effective rank 1
    assert SENTENCE_MEASURES["econd-hm"].of(uneven, uneven).value == pytest.approx(1)
    wide = np.repeat(np.eye(4), [16, 1, 1, 1], axis=0).astype(np.float32)  # σ 4, 1, 1, 1: effective rank ⌊3.3⌋
    assert SENTENCE_MEASURES["econd-hm"].of(wide, wide).value == pytest.approx(4)
