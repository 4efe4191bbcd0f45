"""Two heads over banks that are not paired."""

from __future__ import annotations

import numpy as np
import pytest

from isogloss.errors import InvalidValue
from isogloss.heads.unpaired import Banks, head_of, parameters, teach_unpaired


def test_the_parameters_are_those_of_the_paper() -> None:
    assert parameters(head_of(384), head_of(512)) == 1_743_104


def _world(seed: int, *, related: bool) -> tuple[Banks, np.ndarray, np.ndarray]:
    """Meanings seen by two encoders; a test of held-out texts and images of one meaning each."""
    rng = np.random.default_rng(seed)
    left, right = rng.normal(size=(12, 24)), rng.normal(size=(12, 32))
    meanings = rng.normal(size=(600, 12))

    def seen(rows: np.ndarray, by: np.ndarray) -> np.ndarray:
        return (rows @ by + 0.02 * rng.normal(size=(len(rows), by.shape[1]))).astype(np.float32)

    banks = Banks(
        text_bridge=seen(meanings[:400], left),
        other_bridge=seen(meanings[:400] if related else rng.permutation(meanings[:400]), right),
        text_bank=seen(rng.permutation(meanings[:500]), left),
        other_bank=seen(rng.permutation(meanings[:500]), right),
    )
    return banks, seen(meanings[500:], left), seen(meanings[500:], right)


def _recall(seed: int, *, related: bool) -> float:
    banks, texts, others = _world(seed, related=related)
    heads = teach_unpaired(banks, epochs=30, batch=100, out=32, seed=seed)
    return float((np.argmax(heads.texts(texts) @ heads.others(others).T, axis=1) == np.arange(100)).mean())


def test_planted_banks_find_each_other_and_unrelated_ones_are_at_chance() -> None:
    assert _recall(0, related=True) >= 0.9
    assert _recall(0, related=False) <= 0.1


def test_banks_that_do_not_fit_are_refused() -> None:
    rows = np.ones((4, 3), np.float32)
    with pytest.raises(InvalidValue, match="bridge has 4 and 3"):
        Banks(text_bridge=rows, other_bridge=rows[:3], text_bank=rows, other_bank=rows)
    with pytest.raises(InvalidValue, match="a bank of shape"):
        Banks(text_bridge=rows, other_bridge=rows, text_bank=rows[:, :2], other_bank=rows)
