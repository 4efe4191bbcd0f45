"""Principal angles against planted ones; the TCM loss and InfoNCE against closed forms and differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import subspace_angles

from isogloss.encoders.contrastive import Bags, TokenTrainer, bag_means, info_nce
from isogloss.separation.angles import mean_angles, mean_relations, principal_angles, principal_basis, similarity_order
from tests.kit.tcm import tcm_loss


def test_planted_angles_are_recovered() -> None:
    q = np.linalg.qr(np.random.default_rng(0).normal(size=(20, 20)))[0]
    planted = np.array([0.0, 0.3, 1.2])
    other = np.stack([np.cos(t) * q[:, i] + np.sin(t) * q[:, 10 + i] for i, t in enumerate(planted)], axis=1)
    assert principal_angles(q[:, :3], other) == pytest.approx(planted, abs=1e-7)


@pytest.mark.parametrize(("wide", "narrow", "dim"), [(5, 3, 20), (3, 5, 20), (12, 12, 20), (15, 9, 20), (20, 4, 20)])
def test_angles_are_those_of_scipy(wide: int, narrow: int, dim: int) -> None:
    rng = np.random.default_rng(wide * narrow)
    a, b = (np.linalg.qr(rng.normal(size=(dim, r)))[0] for r in (wide, narrow))
    b[:, 0] = a[:, 0] + 1e-6 * b[:, 0]  # nearly the same direction: where the cosine alone says nothing
    b = np.linalg.qr(b)[0]
    assert principal_angles(a, b) == pytest.approx(subspace_angles(a, b)[::-1], abs=1e-9)


def test_the_basis_holds_ninety_percent_of_the_centred_variance() -> None:
    rng = np.random.default_rng(1)
    rows = (rng.normal(size=(500, 6)) * [10, 5, 1, 0.1, 0.1, 0.1] + 50).astype(np.float32)
    basis = principal_basis(rows)
    assert basis.shape == (6, 2)
    assert basis.T @ basis == pytest.approx(np.eye(2), abs=1e-8)
    assert np.abs(basis[:2]).max(axis=0) == pytest.approx([1, 1], abs=0.01)
    assert principal_basis(np.ones((5, 3), dtype=np.float32)).shape == (3, 0)


def test_mean_angles_between_groups_survive_a_rotation() -> None:
    rng = np.random.default_rng(2)
    x = np.concatenate([rng.normal(size=(80, 8)) * s for s in ([9, 3, 1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 9, 3, 0, 0])])
    x = x.astype(np.float32)
    codes = np.repeat([0, 1], 80)
    turn = np.linalg.qr(rng.normal(size=(8, 8)))[0].astype(np.float32)
    found = mean_angles(x, codes, 3)
    assert found[0, 1] > 1.2
    assert found[0, 0] == 0
    assert np.isnan(found[2]).all()
    assert mean_angles(x @ turn, codes, 3)[0, 1] == pytest.approx(found[0, 1], abs=1e-3)
    cosine, apart = mean_relations(x + 5, codes, 3)
    assert cosine[0, 1] > 0.9
    assert apart[0, 1] == pytest.approx(mean_relations(x @ turn, codes, 3)[1][0, 1], abs=0.2)


def test_near_groups_stand_together() -> None:
    distances = np.array([[0, 9, 1, 9], [9, 0, 9, 1], [1, 9, 0, 9], [9, 1, 9, 0]], dtype=float)
    order = similarity_order(distances)
    assert abs(order.index(0) - order.index(2)) == 1
    assert abs(order.index(1) - order.index(3)) == 1
    assert similarity_order(np.zeros((2, 2))) == [0, 1]


@pytest.mark.parametrize("b", [2, 4, 9])
def test_tcm_has_its_closed_forms(b: int) -> None:
    eye = np.eye(b, dtype=np.float32)
    assert tcm_loss(eye, eye) == pytest.approx(0.5 * np.log(1 + (2 * b - 2) / np.e), abs=1e-6)
    same = np.tile(eye[:1], (b, 1))
    assert tcm_loss(same, same) == pytest.approx(0.5 * np.log(2 * b - 1), abs=1e-6)


@pytest.mark.parametrize("among", [False, True])
def test_info_nce_gradients_are_differences_of_the_loss(among: bool) -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(6, 4)), rng.normal(size=(6, 4))
    _, gx, gy = info_nce(x, y, 5.0, among=among)
    for side, gradient in ((0, gx), (1, gy)):
        for i, j in ((0, 0), (3, 2), (5, 3)):
            moved = [x.copy(), y.copy()]
            moved[side][i, j] += 1e-5
            up = info_nce(moved[0], moved[1], 5.0, among=among)[0]
            moved[side][i, j] -= 2e-5
            assert (up - info_nce(moved[0], moved[1], 5.0, among=among)[0]) / 2e-5 == pytest.approx(
                gradient[i, j], abs=1e-4
            )


@pytest.mark.parametrize("b", [2, 5, 9])
def test_info_nce_among_its_own_side_has_its_closed_forms(b: int) -> None:
    """n orthonormal pairs: every one of the 2n − 2 others has cosine 0; collapsed, all 2n − 1 are alike."""
    eye = np.eye(b, dtype=np.float32)
    loss, gx, _ = info_nce(eye, eye, 3.0, among=True)
    assert loss == pytest.approx(np.log(1 + (2 * b - 2) * np.exp(-3.0)), abs=1e-6)
    same = np.ones((b, 4), dtype=np.float32)
    loss, gx, gy = info_nce(same, same, 3.0, among=True)
    assert loss == pytest.approx(np.log(2 * b - 1), abs=1e-6)
    assert max(np.abs(gx).max(), np.abs(gy).max()) < 1e-6


@pytest.mark.long
def test_training_brings_pairs_together_and_leaves_other_tokens_alone() -> None:
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(40, 16)).astype(np.float32)
    rest = vectors[20:].copy()
    one = Bags(np.arange(10, dtype=np.int32), np.arange(11))
    two = Bags(np.arange(10, 20, dtype=np.int32), np.arange(11))
    losses: list[float] = []
    trainer = TokenTrainer(vectors)
    trainer.run(iter([(one, two)] * 400), 400, rate=0.02, scale=10.0, progress=lambda step, loss: losses.append(loss))
    assert losses[-1] < 0.05 < losses[0]
    assert np.array_equal(vectors[20:], rest)
    near = bag_means(vectors, one) @ bag_means(vectors, two).T
    assert (near.argmax(axis=1) == np.arange(10)).all()
