"""Rates of planted populations, and that no picked case enters one."""

from __future__ import annotations

import numpy as np
import pytest

from isogloss.errors import InvalidValue
from isogloss.notebook.coding.draw import draw
from isogloss.notebook.coding.rates import horvitz_thompson
from tests.kit.tiers import cases


def test_it_is_the_weighted_sum_over_the_population() -> None:
    rows = [
        {"id": "a", "probability": 0.5, "stratum": "x"},
        {"id": "b", "probability": 0.5, "stratum": "x"},
        {"id": "c", "probability": 0.1, "stratum": "y"},
    ]
    found = horvitz_thompson(rows, {"a": True, "b": False, "c": True})
    assert found.population == pytest.approx(14)
    assert found.figure.value == pytest.approx((1 / 0.5 + 1 / 0.1) / 14)
    assert found.figure.n == found.tally.read == 3


def test_picked_cases_never_enter_and_are_counted() -> None:
    drawn = [{"id": f"d{i}", "probability": 0.2, "stratum": "", "how": "drawn at random"} for i in range(10)]
    picked = [{"id": f"p{i}", "how": "picked", "probability": 1.0} for i in range(5)]
    by_rule = [{"id": "r", "how": "found by a rule", "probability": None}, {"id": "s"}]
    hits = {row["id"]: row["id"][0] != "d" or row["id"] == "d0" for row in [*drawn, *picked, *by_rule]}
    found = horvitz_thompson([*drawn, *picked, *by_rule, drawn[0]], hits)
    assert found.figure.value == pytest.approx(0.1)
    assert (found.tally.read, found.tally.skipped) == (10, {"picked": 7, "drawn_twice": 1})
    assert "7 picked cases are left out" in found.figure.how
    nothing = horvitz_thompson(picked, hits)
    assert not nothing.figure.known
    assert "no drawn case is coded" in nothing.figure.how


def test_cases_without_a_code_are_spoken_for_by_their_stratum() -> None:
    rows = [{"id": f"{s}{i}", "probability": p, "stratum": s} for s, p in (("x", 0.5), ("y", 0.1)) for i in range(10)]
    hits = {row["id"]: row["stratum"] == "x" for row in rows[2:]}
    found = horvitz_thompson(rows, hits)
    assert found.figure.value == pytest.approx(20 / 120)
    assert found.tally.skipped == {"not_coded": 2}
    silent = horvitz_thompson(rows, {row["id"]: True for row in rows[:10]})
    assert "no case is coded of y" in silent.figure.how
    whole = horvitz_thompson([{"id": "a", "probability": 1.0}, {"id": "b", "probability": 1}], {"a": True, "b": False})
    assert whole.figure.interval == (0.5, 0.5)


@pytest.mark.parametrize("probability", [0, -1, 1.5, float("nan"), "often"])
def test_what_is_no_probability_is_refused(probability: object) -> None:
    with pytest.raises(InvalidValue, match="its probability is"):
        horvitz_thompson([{"id": "a", "probability": probability}], {"a": True})


@pytest.mark.parametrize("by", [None, "script"])
def test_the_interval_covers_the_true_rate_of_a_planted_population(by: str | None) -> None:
    n = cases(1000, 20)
    covered = 0
    for seed in range(n):
        rng = np.random.default_rng(seed)
        scripts = rng.choice(["Latn", "Cyrl", "Arab"], size=3000, p=[0.8, 0.15, 0.05])
        at = {"Latn": 0.05, "Cyrl": 0.3, "Arab": 0.7}
        rows = [
            {"id": f"c{i}", "script": script, "bad": bool(rng.random() < at[script])}
            for i, script in enumerate(scripts)
        ]
        truth = np.mean([row["bad"] for row in rows])
        drawn = draw(rows, 150, by=by, seed=seed)
        found = horvitz_thompson(drawn.rows, {row["id"]: row["bad"] for row in drawn.rows}).figure
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= truth <= found.high
    assert 0.90 * n <= covered <= 0.99 * n + (n < 100)
