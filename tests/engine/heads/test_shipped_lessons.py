"""The shipped lessons: figures only, each with its recipe; figures agree with each other where that can be reckoned."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from isogloss.figure import Figure
from isogloss.heads.beyond.judged import LESS, TITLES
from isogloss.heads.beyond.judged import said_of as change_said
from isogloss.heads.judged import said_of
from isogloss.heads.kept import SHIPPED, check
from isogloss.heads.recipe import read_teach
from isogloss.heads.unpaired import parameters_of

LESSONS = sorted(path.stem for path in SHIPPED.glob("*.json"))


def lesson(name: str) -> Any:
    return json.loads((SHIPPED / f"{name}.json").read_text("utf-8"))


def figure(one: Any, better: Any = "more") -> Figure:
    ends = [math.nan if one[key] is None else one[key] for key in ("low", "high")]
    return Figure(value=one["value"], n=one["n"], better=better, low=ends[0], high=ends[1])


def alike(one: str, other: str) -> bool:
    """The same words, and figures that were rounded twice."""
    words = [re.sub(r"-?\d+\.\d+", "", said) for said in (one, other)]
    figures = [[float(x) for x in re.findall(r"-?\d+\.\d+", said)] for said in (one, other)]
    return words[0] == words[1] and figures[0] == pytest.approx(figures[1], abs=0.0011)


def listed(told: Any) -> list[Any]:
    if isinstance(told, dict):
        return [one for key, value in told.items() for one in ([value] if key == "listed" else listed(value))]
    return [one for value in told for one in listed(value)] if isinstance(told, list) else []


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_is_small_holds_no_texts_and_has_its_recipe(name: str) -> None:
    told = lesson(name)
    check(told)
    assert (SHIPPED / f"{name}.json").stat().st_size < 200_000
    assert not any(listed(told))
    recipe = read_teach(SHIPPED / f"{name}.toml")
    assert recipe.name == name == told["head"]["name"]
    assert list(told["held_out_languages"]) == list(recipe.training.held_out_languages)
    assert set(told.get("measures", {})) >= {
        key for key in ("retrieval", "similarity", "sts") if getattr(recipe.measures, key)
    }
    assert {"before", "after", "control", "gain", "held_out_languages"} <= set(told)
    assert not Path(told["head"]["saved"]).is_absolute()


@pytest.mark.parametrize("name", LESSONS)
def test_what_a_lesson_says_follows_from_its_figures(name: str) -> None:
    told = lesson(name)
    held = told["held_out_languages"]
    for arm in ("before", "after", "control"):
        values = [row[arm]["value"] for row in held.values()]
        assert told[arm]["value"] == pytest.approx(np.mean(values), abs=2e-6), arm
        assert told[arm]["n"] == sum(row[arm]["n"] for row in held.values())
    for row in (told, *held.values(), *told["languages"].values()):
        assert row["gain"]["value"] == pytest.approx(row["after"]["value"] - row["before"]["value"], abs=2e-6)
        assert row["gain"]["low"] <= row["gain"]["value"] <= row["gain"]["high"]
        assert set(row["gain"]) == {"value", "n", "low", "high", "null"}
    if "no epoch" not in told["said"]:
        assert alike(told["said"], said_of(figure(told["gain"])))
    for key, one in told.get("measures", {}).items():
        better = "less" if key in LESS else "more"
        assert one["gain"]["value"] == pytest.approx(one["after"]["value"] - one["before"]["value"], abs=2e-6)
        assert one["control_gain"]["value"] == pytest.approx(one["control"]["value"] - one["before"]["value"], abs=2e-6)
        assert alike(one["said"], change_said(figure(one["gain"], better), TITLES[key]))


def test_two_heads_find_in_languages_of_no_bank_and_from_either_side() -> None:
    told = lesson("e5-two-heads")
    assert list(told["held_out_languages"]) == ["fr", "fi"]
    assert told["head"]["parameters"] == parameters_of(384, 384)
    assert told["gain"]["low"] > 0.1 > 0.05 > told["control_gain"]["high"]
    for key in ("back", "retrieval", "retrieval_back"):
        one = told["measures"][key]
        assert one["gain"]["low"] > 0.1, key
        assert one["control_gain"]["low"] <= 0.0, key


def test_a_head_and_low_rank_adapters_carry_over_and_are_judged_on_lines_too() -> None:
    for name, parameters in (("e5-head", 384 * 384), ("e5-lora", 6 * 8 * (4 * 2 * 384 + 2 * (384 + 1536)))):
        told = lesson(name)
        assert told["head"]["parameters"] == parameters, name
        assert told["gain"]["low"] > 0 >= told["control_gain"]["low"], name
        assert {"retrieval", "retrieval_back", "separation"} <= set(told["measures"]), name
