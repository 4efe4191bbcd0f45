"""Directions of rewriting: closed forms, a planted direction, what length and chance would give, intent kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import InvalidValue, NotFound
from isogloss.progress import Progress, silent
from isogloss.rewriting.moving.directions import between, directions, resultant, without_length
from isogloss.rewriting.moving.intent import ranks
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import PROFILES
from isogloss.rewriting.profiles.rewrite import measured
from isogloss.types import Vectors
from tests.kit.tiers import cases


class Known:
    """An encoder of texts whose vectors are given."""

    name, dim = "known", 16

    def __init__(self, vectors: dict[str, Vectors]) -> None:
        self._vectors = vectors

    def pieces(self, text: str) -> list[str]:
        return text.split()

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        return np.array([self._vectors[text] for text in texts], dtype=np.float32)


def drawn(n: int, dim: int, seed: int) -> Vectors:
    return np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32)


def texts(n: int, sign: str = "a") -> list[str]:
    return [f"{sign} text {i:04}" for i in range(n)]


def test_all_directions_equal_give_one_and_random_ones_one_over_root_n() -> None:
    source = drawn(200, 16, 0)
    same = resultant(directions(source, source + np.float32([1, *[0] * 15])))
    assert same.value == pytest.approx(1.0, abs=1e-5)
    assert same.null is not None
    assert same.null.p < 0.01
    scale = [resultant(directions(source, drawn(200, 16, seed)), draws=50).value for seed in range(1, 30)]
    # of normal sources and targets u is uniform: E R̄² = 1/n
    assert np.mean(np.square(scale)) == pytest.approx(1 / 200, rel=0.2)
    opposite = directions(np.ones((2, 3), np.float32), np.float32([[2, 1, 1], [0, 1, 1]]))
    assert np.linalg.norm(opposite.mean) == pytest.approx(0.0, abs=1e-6)


def test_a_planted_direction_is_found() -> None:
    rng = np.random.default_rng(5)
    planted = rng.normal(size=16)
    planted /= np.linalg.norm(planted)
    source = drawn(400, 16, 1)
    target = source + (2 * planted + rng.normal(scale=0.3, size=(400, 16))).astype(np.float32)
    found = directions(source, target)
    assert found.mean @ planted / np.linalg.norm(found.mean) >= 0.99
    figure = resultant(found)
    assert figure.interval is not None
    low, high = figure.interval
    assert low < figure.value < high < 1


def test_random_edits_stay_in_the_null() -> None:
    inside = 0
    for run in range(100):
        source = drawn(60, 16, 1000 + run)
        moved = resultant(directions(source, source + drawn(60, 16, 5000 + run)), seed=run, draws=200)
        assert moved.null is not None
        inside += moved.null.p >= 0.05
    assert inside >= 95
    # a directed edit of a third of a step leaves it
    source = drawn(60, 16, 7)
    away = resultant(directions(source, source + drawn(60, 16, 8) + np.float32(0.7)))
    assert away.null is not None
    assert away.null.p < 0.01


def test_what_goes_with_length_alone_is_taken_out_and_nothing_else() -> None:
    rng = np.random.default_rng(3)
    source, lengths = drawn(300, 16, 2), rng.uniform(0.2, 2.0, size=300)
    along = np.eye(16)[0]
    target = source + (lengths[:, None] * along * 3 + rng.normal(scale=0.3, size=(300, 16))).astype(np.float32)
    found = directions(source, target)
    left = without_length(found, lengths)
    assert resultant(found).value > 0.8
    assert left.null is not None
    assert left.value < 0.25
    planted = directions(source, source + (2 * along + rng.normal(scale=0.3, size=(300, 16))).astype(np.float32))
    assert without_length(planted, lengths).value == pytest.approx(resultant(planted).value, abs=0.02)
    assert np.isnan(without_length(planted, np.full(300, 0.7)).value)  # all longer alike: not to be told apart
    assert without_length(planted, np.zeros(300)).value == pytest.approx(resultant(planted).value)


def test_groups_have_directions_of_their_own_and_their_cosine_is_known() -> None:
    rng = np.random.default_rng(9)
    source = drawn(300, 16, 4)
    angle = np.radians(60)
    axes = np.zeros((2, 16))
    axes[0, 0], axes[1, 0], axes[1, 1] = 1, np.cos(angle), np.sin(angle)
    group = np.arange(300) % 2
    target = source + (3 * axes[group] + rng.normal(scale=0.2, size=(300, 16))).astype(np.float32)
    pairs = Pairs("p", texts(300), texts(300, "b"), {"principle": [f"g{g}" for g in group]})
    found = measured(pairs, source, target, groups=pairs.groups("principle"))
    (cosine,) = found.extra["between"]
    assert cosine["value"] == pytest.approx(0.5, abs=0.03)
    assert cosine["low"] <= cosine["value"] <= cosine["high"]
    together = found.figures["direction_by_group"]
    assert together.null is not None
    assert together.null.p < 0.01
    assert set(found.by) == {"g0", "g1"}
    assert found.by["g0"]["direction"].n == 150
    mixed = Pairs("p", texts(300), texts(300, "b"), {"principle": [f"g{g}" for g in rng.permutation(group)]})
    other = measured(mixed, source, target, groups=mixed.groups("principle")).figures["direction_by_group"]
    assert other.null is not None
    assert other.null.p > 0.05


def test_each_rewriting_finds_its_own_original_or_is_named() -> None:
    source = np.eye(16, dtype=np.float32)[:5]
    target = source + np.float32(0.1)
    target[3] = target[4]
    vectors = dict(zip([*"abcde", *"vwxyz"], [*source, *target], strict=True))
    found = PROFILES["rewrite"].check(Pairs("p", list("abcde"), list("vwxyz")), encoder=Known(vectors))
    assert found.figures["intent_p_at_1"].value == 0.8
    (lost,) = found.failures
    assert (lost.row, lost.kind, lost.span) == (3, "lost", "e")
    assert found.figures["intent_mrr"].value == pytest.approx((4 + 1 / found.rows["rank"][3]) / 5)
    assert {len(values) for values in found.rows.values()} == {5}


def test_an_original_that_is_there_twice_is_one() -> None:
    source = np.float32([[1, 0], [1, 0], [0, 1]])
    rank, _, _ = ranks(["a", "a", "b"], source, source)
    assert rank.tolist() == [1, 1, 1]
    rank, _, _ = ranks(["a", "c", "b"], source, source)  # different texts, as near: before it
    assert rank.tolist() == [2, 2, 1]


def test_a_copy_moves_nowhere_and_is_said() -> None:
    some = Pairs("p", texts(4), texts(4))
    found = measured(some, drawn(4, 16, 1), drawn(4, 16, 1), groups={})
    assert np.isnan(found.figures["direction"].value)
    assert found.extra["pairs_not_moved"] == 4
    assert [one.kind for one in found.failures] == ["unchanged"] * 4
    assert found.figures["intent_mrr"].value == 1


def test_what_cannot_be_looked_at_is_said() -> None:
    with pytest.raises(InvalidValue, match="name a model"):
        PROFILES["rewrite"].check(Pairs("p", texts(4), texts(4)))
    with pytest.raises(InvalidValue, match="holds 2 pairs"):
        PROFILES["rewrite"].check(Pairs("p", texts(2), texts(2)), encoder=Known({}))
    with pytest.raises(NotFound, match="'kind'"):
        PROFILES["rewrite"].check(Pairs("p", texts(4), texts(4), {"king": texts(4)}), by="kind", encoder=Known({}))


@given(st.integers(3, 30), st.integers(0, 10_000))
def test_turning_and_scaling_the_space_changes_no_direction(n: int, seed: int) -> None:
    source, target = drawn(n, 6, seed), drawn(n, 6, seed + 1)
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(6, 6)))
    here = resultant(directions(source, target), draws=50).value
    there = resultant(
        directions((3 * source @ turn).astype(np.float32), (3 * target @ turn).astype(np.float32)), draws=50
    )
    assert there.value == pytest.approx(here, abs=1e-4)
    assert 0 <= here <= 1


def test_equal_groups_have_a_cosine_of_one() -> None:
    source = drawn(50, 8, cases(1) + 1)
    one = directions(source, source + np.float32([1, *[0] * 7]))
    (found,) = between({"a": one, "b": one})
    assert found["value"] == pytest.approx(1.0)
