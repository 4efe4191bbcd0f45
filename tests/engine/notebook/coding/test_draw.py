"""Draws: their probabilities, their seeds, what cannot be drawn."""

from __future__ import annotations

from collections import Counter

import pytest

from isogloss.errors import InvalidValue
from isogloss.notebook.coding.draw import NOT_GIVEN, draw

ROWS = [{"id": f"c{i}", "script": "Latn" if i % 10 else None, "view": {"page": "Drift"}} for i in range(100)]


def test_each_case_has_its_probability_and_its_stratum() -> None:
    found = draw(ROWS, 20, by="Script", seed=3)
    assert len({row["id"] for row in found.rows}) == 20
    assert Counter(row["stratum"] for row in found.rows) == {"Latn": 10, NOT_GIVEN: 10}
    assert {row["stratum"]: row["probability"] for row in found.rows} == {"Latn": 10 / 90, NOT_GIVEN: 1.0}
    assert sum(1 / row["probability"] for row in found.rows) == pytest.approx(found.of)
    assert all(row["view"] == {"page": "Drift"} and row["draw"] == found.key for row in found.rows)
    assert [row["stratum"] for row in found.rows] != sorted(row["stratum"] for row in found.rows)


def test_a_seed_gives_the_same_draw_again() -> None:
    assert draw(ROWS, 20, seed=3) == draw(ROWS, 20, seed=3)
    other = draw(ROWS, 20, seed=4)
    assert other.key != draw(ROWS, 20, seed=3).key
    assert {row["id"] for row in other.rows} != {row["id"] for row in draw(ROWS, 20, seed=3).rows}


def test_every_row_is_as_likely_as_it_says() -> None:
    came = Counter(row["id"] for seed in range(400) for row in draw(ROWS, 25, seed=seed).rows)
    assert all(0.25 * 400 - 45 < came[row["id"]] < 0.25 * 400 + 45 for row in ROWS)


def test_what_cannot_be_drawn_is_said() -> None:
    with pytest.raises(InvalidValue, match="101 of 100 rows cannot be drawn: choose n between 1 and 100"):
        draw(ROWS, 101)
    with pytest.raises(InvalidValue, match="50 rows are less than the 100 values of 'id'"):
        draw(ROWS, 50, by="id")
    with pytest.raises(InvalidValue, match="has no column 'scirpt'"):
        draw(ROWS, 50, by="scirpt")
    with pytest.raises(InvalidValue, match="the id 'c1' stands in several rows"):
        draw([ROWS[1], ROWS[1]], 1)
    assert {row["id"] for row in draw([{"word": "a"}, {"word": "b"}], 2).rows} == {"row-1", "row-2"}
