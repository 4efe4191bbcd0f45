"""The losses against their closed forms, their gradients against finite differences."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from isogloss.errors import InvalidValue
from isogloss.heads.losses import info_nce, nt_xent, ranking, soft_retrieval, translit_contrast, uclip_loss
from isogloss.heads.ridge import ridge_map


def _value(loss: Any, x: np.ndarray, y: np.ndarray) -> float:
    return float(loss(torch.tensor(x, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)))


@pytest.mark.parametrize("n", [2, 4, 7])
def test_orthonormal_and_collapsed_pairs_give_the_closed_forms(n: int) -> None:
    basis, same = np.eye(n, n + 1), np.tile(np.eye(1, n + 1), (n, 1))
    assert _value(nt_xent, basis, basis) == pytest.approx(math.log(1 + (2 * n - 2) * math.exp(-1 / 0.07)), abs=1e-12)
    assert _value(nt_xent, 3 * same, same) == pytest.approx(math.log(2 * n - 1))
    assert _value(translit_contrast, basis, basis) == pytest.approx(0.5 * math.log(1 + (2 * n - 2) / math.e))
    assert _value(translit_contrast, same, same) == pytest.approx(0.5 * math.log(2 * n - 1))
    assert _value(ranking, 2 * basis, basis) == pytest.approx(math.log(1 + (n - 1) * math.exp(-20)))
    assert _value(ranking, same, same) == pytest.approx(math.log(n))
    assert _value(info_nce, same, same) == pytest.approx(math.log(n))


def test_the_numbers_of_the_paper_come_out_to_six_digits() -> None:
    basis, same = np.eye(4), np.tile(np.eye(1, 4), (4, 1))
    assert _value(translit_contrast, basis, basis) == pytest.approx(0.582711, abs=5e-7)
    assert _value(translit_contrast, same, same) == pytest.approx(0.972955, abs=5e-7)


def test_raw_dot_products_know_lengths_and_cosines_do_not() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 5, 3))
    assert _value(nt_xent, 7 * x, y) == pytest.approx(_value(nt_xent, x, y))
    assert _value(translit_contrast, 7 * x, y) != pytest.approx(_value(translit_contrast, x, y))


@pytest.mark.parametrize(
    "loss",
    [
        partial(nt_xent, temperature=0.5),
        partial(ranking, scale=2.0),
        translit_contrast,
        partial(info_nce, temperature=0.5),
    ],
)
def test_gradients_are_those_of_finite_differences(loss: Any) -> None:
    rng = np.random.default_rng(1)
    x, y = (torch.tensor(one, dtype=torch.float64, requires_grad=True) for one in rng.normal(size=(2, 4, 3)))
    assert torch.autograd.gradcheck(loss, (x, y))


def test_uclip_is_both_contrasts_and_a_tenth_of_half_the_distances() -> None:
    rng = np.random.default_rng(2)
    f, e, c, i = (torch.tensor(one, dtype=torch.float64, requires_grad=True) for one in rng.normal(size=(4, 5, 3)))
    apart = (f - e).norm(dim=1).mean() + (c - i).norm(dim=1).mean()
    expected = info_nce(f, i) + info_nce(e, c) + 0.05 * apart
    assert uclip_loss(f, e, c, i).item() == pytest.approx(expected.item())
    assert torch.autograd.gradcheck(partial(uclip_loss, temperature=0.5), (f, e, c, i))
    same = torch.ones(3, 2, dtype=torch.float64)
    assert float(uclip_loss(same, same, same, same)) == pytest.approx(2 * math.log(3), abs=1e-6)


def test_soft_retrieval_finds_the_row_that_is_there() -> None:
    bank = torch.eye(3)
    assert torch.allclose(soft_retrieval(4 * bank[1:2], bank), bank[1:2], atol=1e-6)
    middle = soft_retrieval(torch.ones(1, 3), bank)
    assert torch.allclose(middle, torch.full((1, 3), 3**-0.5))


def test_a_planted_map_comes_back_from_ridge() -> None:
    rng = np.random.default_rng(3)
    x, w = rng.normal(size=(300, 24)), rng.normal(size=(24, 10))
    assert np.abs(ridge_map(x, x @ w, 1e-9) - w).max() < 1e-6
    assert np.abs(ridge_map(x, x @ w, 0) - w).max() < 1e-6
    shrunk = ridge_map(x, x @ w, 5.0)  # the gradient of ‖XW − Z‖² + λ‖W‖² is 0 there
    assert np.abs(x.T @ (x @ shrunk - x @ w) + 5.0 * shrunk).max() < 1e-8
    with pytest.raises(InvalidValue, match="leave directions"):
        ridge_map(x[:5], x[:5] @ w, 0)
    with pytest.raises(InvalidValue, match="a target for each"):
        ridge_map(x, w)
    with pytest.raises(InvalidValue, match="strength"):
        ridge_map(x, x @ w, float("nan"))
