"""The interlingua index: both ends, nothing, and what a report of layers says of it and of other measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from isogloss.encoders.layers import Tokens
from isogloss.errors import InvalidValue, IsoglossError
from isogloss.sentences.interlingua import interlingua
from isogloss.sentences.layered import Scope, measure_layers
from isogloss.sentences.measure import SENTENCE_MEASURES
from isogloss.sentences.parallel import ParallelSet
from isogloss.sentences.reports import read_report


def by_hand(vectors: np.ndarray, k: int) -> float:
    n, dim = vectors.shape[1:]
    rows = vectors.reshape(-1, dim).astype(np.float64)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    total = 0.0
    for i in range(len(rows)):
        near = sorted((j for j in range(len(rows)) if j != i), key=lambda j: -float(rows[i] @ rows[j]))[:k]
        total += sum((j % n == i % n) - (j // n == i // n) for j in near) / k
    return total / len(rows)


@pytest.mark.parametrize("spread", [0.1, 1.0, 3.0])
def test_against_the_definition_word_for_word(spread: float) -> None:
    rng = np.random.default_rng(5)
    vectors = rng.normal(size=(1, 9, 6)) + spread * rng.normal(size=(4, 1, 6)) + 0.5 * rng.normal(size=(4, 9, 6))
    found = interlingua(vectors.astype(np.float32))
    assert found.value == pytest.approx(by_hand(vectors, 3), abs=1e-6)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.value <= found.high


def test_nothing_lies_within_the_null_and_meaning_beyond_it() -> None:
    rng = np.random.default_rng(6)
    noise = rng.normal(size=(5, 20, 16)).astype(np.float32)
    nothing = interlingua(noise)
    assert nothing.null is not None
    assert abs(nothing.value - nothing.null.mean) < 0.1
    assert nothing.null.p > 0.01
    meaning = interlingua(noise * 0.3 + rng.normal(size=(1, 20, 16)).astype(np.float32))
    assert meaning.null is not None
    assert (meaning.value > 0.9, meaning.null.p < 0.01) == (True, True)
    assert not interlingua(noise[:1]).known
    with pytest.raises(InvalidValue):
        interlingua(noise[0])


class Planted:
    """A model of two layers: the first knows only which language a text is in, the last only its line."""

    name, n_layers, dim = "planted", 2, 24

    def batches(self, texts: Sequence[str], pooling: object, *, skip: int = 0) -> Any:
        lines = np.random.default_rng(0).normal(size=(20, self.dim))
        spoken = {one: np.random.default_rng(i + 1).normal(size=self.dim) for i, one in enumerate("abc")}
        own = [np.random.default_rng([ord(text[0]), int(text[1:])]).normal(size=self.dim) for text in texts]
        first = [9 * spoken[text[0]] + noise for text, noise in zip(texts, own, strict=True)]
        last = [lines[int(text[1:])] + 0.1 * noise for text, noise in zip(texts, own, strict=True)]
        yield np.arange(len(texts)), np.array([first, last], dtype=np.float32), len(texts)

    def tokens(self, texts: Sequence[str]) -> Tokens:
        ones = np.ones(len(texts), dtype=np.int64)
        return Tokens(ones, ones, ones, 0 * ones)


def test_a_report_holds_them_by_layer() -> None:
    texts = {one: [f"{one}{line}" for line in range(20)] for one in "abc"}
    texts["b"][3] = ""
    model: Any = Planted()
    scope = Scope("a", also=SENTENCE_MEASURES.names, interlingua=True)
    told = measure_layers(ParallelSet("x", texts), model, scope).as_json()
    first, last = told["interlingua"]
    assert (first["value"], last["value"], last["n"]) == (-1.0, 1.0, 19)
    assert last["null_p95"] < 0.5
    row = told["languages"][1]["layers"][1]
    assert set(row["cka"]) == {"value", "n", "low", "high", "null_p95"}
    assert (row["xsim"]["value"], row["mrr"]["value"]) == (0.0, 1.0)
    shown = read_report("x", told)
    assert shown.measures == SENTENCE_MEASURES.names
    assert [one.value for one in shown.interlingua] == [-1.0, 1.0]
    assert shown.rows[0].also["cka"][1].null is not None
    row["cka"]["value"] = float("inf")
    with pytest.raises(InvalidValue):
        read_report("x", told)
    with pytest.raises(IsoglossError):
        Scope("a", also=("nonsense",))
