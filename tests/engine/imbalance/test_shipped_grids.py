"""The shipped grids: their intervals are those of their seeds, and the layers on Sentences are those of the grid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from isogloss.imbalance.kept import SHIPPED, check
from isogloss.imbalance.recipe import read_imbalance
from isogloss.sentences.reports import SHIPPED as LAYERS
from isogloss.sentences.reports import read_report

GRIDS = sorted(path.stem for path in SHIPPED.glob("*.json"))
T = {1: 12.706205, 2: 4.302653}  # 97.5 % of Student's t by degrees of freedom


def grid(name: str) -> Any:
    return json.loads((SHIPPED / f"{name}.json").read_text("utf-8"))


def holds(one: Any, seeds: list[float], least: float) -> None:
    mean, half = np.mean(seeds), T[len(seeds) - 1] * np.std(seeds, ddof=1) / len(seeds) ** 0.5
    assert one["value"] == pytest.approx(mean, abs=2e-6)
    assert one["low"] == pytest.approx(max(least, mean - half), abs=2e-5)
    assert one["high"] == pytest.approx(min(1.0, mean + half), abs=2e-5)


@pytest.mark.parametrize("name", GRIDS)
def test_intervals_are_those_of_the_seeds_and_without_anchors_counts_find_nothing(name: str) -> None:
    told = grid(name)
    check(told)
    recipe = read_imbalance(SHIPPED / f"{name}.toml")
    asked = recipe.grid
    assert recipe.name == name
    assert {(row["share"], row["anchors"]) for row in told["grid"]} == {
        (s, a) for s in asked.shares for a in asked.anchors
    }
    for row in told["grid"]:
        for measure, seeds in row["seeds"].items():
            holds(row[measure], seeds, 0.0 if "precision" in measure else -1.0)
        if not row["anchors"]:
            assert row["count_cosine"]["value"] == row["count_precision_at_1"]["value"] == 0.0


def test_each_small_transformer_is_told_layer_by_layer() -> None:
    told = grid("un-small-transformer")
    recipe = read_imbalance(SHIPPED / "un-small-transformer.toml")
    asked, words = recipe.transformer, recipe.corpus.vocabulary
    parameters = (2 * words + 1 + asked.length) * asked.dim + asked.layers * 12 * asked.dim**2  # less norms and biases
    assert 2e6 < parameters < 5e6
    for row in told["grid"]:
        small = row["transformer"]
        for measure, least in (("cosine", -1.0), ("precision_at_1", 0.0)):
            for layer, one in enumerate(small[measure]):
                holds(one, [seed[layer] for seed in small["seeds"][measure]], least)
        path: Path = LAYERS / f"{small['report']}.json"
        report = read_report(small["report"], json.loads(path.read_text("utf-8")))
        assert (report.n, report.layers, report.pivot) == (300, (0, 1, 2), "original")
        assert report.measures == ("precision",)
        assert "texts" not in report.told
        clone, shuffled = report.told["languages"]
        # The clone's sentences look for theirs as they do in the grid, by the model of the first seed.
        found = [one["precision_backward"] for one in clone["layers"]]
        assert found == pytest.approx(small["seeds"]["precision_at_1"][0], abs=0.01)
        if not row["anchors"]:
            assert max(one["mexa"] for one in shuffled["layers"]) < 0.02
