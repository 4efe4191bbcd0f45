"""MEXA against closed forms, brute force and chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import InvalidValue
from isogloss.sentences.mexa import chance, mexa, of_matrix


def score(matrix: np.ndarray) -> float:
    return of_matrix(np.asarray(matrix, dtype=np.float32)).figure().value


def test_the_closed_forms_of_the_paper() -> None:
    assert score(np.eye(5)) == 1.0
    assert score(np.ones((5, 5))) == 0.0
    assert score([[0.9, 0.1, 0.2], [0.3, 0.5, 0.6], [0.1, 0.2, 0.7]]) == pytest.approx(2 / 3)


def test_chance_is_that_of_random_matrices() -> None:
    rng = np.random.default_rng(0)
    n = 20
    found = np.mean([score(rng.random((n, n))) for _ in range(400)])
    assert found == pytest.approx(chance(n), abs=0.004)
    assert mexa(np.eye(n, dtype=np.float32), np.eye(n, dtype=np.float32)).figure().null.p95 == chance(n)


@given(st.integers(0, 10_000), st.integers(2, 9), st.integers(1, 3))
def test_against_the_definition_word_for_word(seed: int, n: int, digits: int) -> None:
    """Rounded numbers, so that there are ties."""
    c = np.random.default_rng(seed).random((n, n)).round(digits).astype(np.float32)
    found = of_matrix(c)
    for i in range(n):
        others = [c[i, j] for j in range(n) if j != i] + [c[j, i] for j in range(n) if j != i]
        assert bool(found.wins[i]) == all(c[i, i] > one for one in others)
        assert found.forward[i] == 1 + sum(c[i, j] >= c[i, i] for j in range(n) if j != i)
        assert found.backward[i] == 1 + sum(c[j, i] >= c[i, i] for j in range(n) if j != i)
        assert bool(found.tied[i]) == (max(others) == c[i, i])
        assert found.confused_similarity[i] == max(others)
    least = min(found.precision().value, found.precision(back=True).value)
    assert found.figure().value <= least
    assert set(found.failures().tolist()) == set(np.flatnonzero(~found.wins).tolist())


def test_the_interval_and_what_is_no_vector() -> None:
    rng = np.random.default_rng(1)
    base = rng.normal(size=(200, 16)).astype(np.float32)
    one = mexa(base, base + rng.normal(scale=0.9, size=base.shape).astype(np.float32)).figure()
    low, high = one.interval or (0, 0)
    assert low < one.value < high
    assert (one.n, one.better) == (200, "more")
    with pytest.raises(InvalidValue, match="as many rows"):
        mexa(base, base[:5])
    with pytest.raises(InvalidValue, match="NaN"):
        mexa(base, np.full_like(base, np.nan))
