"""Filters of a ranking."""

from __future__ import annotations

import pyarrow as pa
import pytest

from isogloss.drift.filters import listed, matching, names
from isogloss.errors import InvalidValue
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from tests.kit.spaces import random_space


def test_a_pattern_is_found_anywhere_in_any_script() -> None:
    items = ["peace", "non-aligned", "socialism", "мир", "气候变化", "a$b"]
    assert matching(items, "^non-|ism$").tolist() == [False, True, True, False, False, False]
    assert matching(items, "气候").tolist()[4]
    assert matching(items, r"\p{Cyrillic}").tolist()[3]


@pytest.mark.parametrize("pattern", ["(", "(?=a)", r"(a)\1", "[", "x" * 501])
def test_what_re2_does_not_know_is_said(pattern: str) -> None:
    with pytest.raises(InvalidValue, match="pattern"):
        matching(["a"], pattern)


def test_a_pattern_that_would_hang_others_is_linear_here() -> None:
    assert matching(["a" * 30_000 + "!"], "^(a+)+$").tolist() == [False]


def test_a_list_by_line_comma_semicolon_or_tab() -> None:
    items = ["re\u0301gime".encode().decode(), "peace", "war", "cold war"]
    text = "peace;\nwar,\tcold war\n\n"
    assert listed(["régime", "peace", "war", "cold war", ""], text + "re\u0301gime").tolist() == [True] * 4 + [False]
    assert not listed(items, "").any()


def test_names_have_capitals_inside_sentences() -> None:
    def space(name: str, shares: list[float | None]) -> Space:
        columns = pa.table({"capital_share": pa.array(shares, pa.float64())})
        base = random_space(name, 3, 4)
        return Space(name, base.items, base.vectors, columns)

    collection = Collection("c", (space("a", [0.1, None, 0.4]), space("b", [0.9, 0.2, 0.5])))
    found = names(collection, ["a", "b"], ["w0", "w1", "w2"])
    assert found is not None
    assert found.tolist() == [True, False, False]
    assert names(Collection("c", (random_space("a", 3, 4),)), ["a"], ["w0"]) is None
