"""What CONTRIBUTING.md says of the house is so."""

from __future__ import annotations

import re

import pytest

from isogloss.places import ROOT
from tests.engine.test_architecture import ALLOWED

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`((?:isogloss|components|pages|tests|scripts|docs|assets|benchmarks)/[\w./]*)`", TEXT)))
QUESTIONS = (
    "the false-discovery correction",
    "how CSV corpora are read",
    "who may upload on a public server",
    "the vecmap method",
    "where an alignment's result is kept",
    "the file formats",
    "the words of the drift verdict",
    "the interval of a similarity",
    "turning maps onto each other",
    "how a percentage is written",
    "the search box",
    "the tokeniser of builds",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_is_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_newcomer_is_led_to_a_place_that_is_there(question: str) -> None:
    (row,) = [line for line in TEXT.splitlines() if line.startswith(f"| {question} |")]
    found = re.findall(r"`([\w./]+)`", row)
    assert found
    assert (ROOT / found[0]).exists()


def test_every_room_has_its_line_with_the_arrows_that_the_test_holds() -> None:
    rows = dict(re.findall(r"^\| `isogloss/(\w+)/` \|.*\| ([^|]+) \|$", TEXT, re.M))
    told = {room: {below.strip() for below in arrows.split(",")} - {"–"} for room, arrows in rows.items()}
    assert told.pop("cli") == {"all"}
    assert told == ALLOWED
