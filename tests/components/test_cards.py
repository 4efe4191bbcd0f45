"""The data that cards.js draws."""

import numpy as np
import pytest

from components.neighbors.sentences import verdict
from components.parts.cards import domino_data, lists_data
from components.parts.facts import facts_html
from components.parts.palette import ramp, space_colours
from isogloss.nearest.neighbors import Neighbor, domino, neighbors
from isogloss.nearest.query import Query
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from tests.kit.collections import scripts_collection


@pytest.fixture
def collection() -> Collection:
    one = Space("a", ("x", "p", "q"), np.eye(3, dtype=np.float32))
    two = Space("b", ("x", "p", "r"), np.eye(3, dtype=np.float32))
    return Collection("c", (one, two), alignment=Alignment("declared"))


def test_a_domino_puts_shared_on_top_lost_left_gained_right(collection: Collection) -> None:
    lists = {"a": [Neighbor("p", 0.9), Neighbor("q", 0.8)], "b": [Neighbor("r", 0.7), Neighbor("p", 0.6)]}
    data = domino_data(
        domino(collection, Query((("x", 1),)), lists, source="a", target="b"), {"a": "#111", "b": "#222"}
    )
    assert [r["item"] for r in data["shared"]] == ["p"]
    assert data["shared"][0]["bars"] == [[0.9, "#111"], [0.6, "#222"]]
    assert [r["item"] for r in data["lost"]] == ["q"]
    assert "absent from b" in data["lost"][0]["mark"]
    assert [r["item"] for r in data["gained"]] == ["r"]
    assert data["lost_note"] == "lost: 1 of 2"


def test_lists_mark_what_comes_and_goes(collection: Collection) -> None:
    lists = {"a": [Neighbor("p", 0.9), Neighbor("q", 0.8)], "b": [Neighbor("r", 0.7), Neighbor("p", 0.6)]}
    first, second = lists_data(collection, Query((("x", 1),)), lists, colours={"a": "#111", "b": "#222"})["columns"]
    assert [r["item"] for r in first["groups"][0]["rows"]] == ["p"]
    assert first["groups"][1]["rows"][0]["mark"] == "last"
    assert second["groups"][1]["rows"][0]["mark"] == "new"


def test_a_missing_item_is_a_state_with_its_own_words(collection: Collection) -> None:
    query = Query((("q", 1),))
    lists = neighbors(collection, query, k=2)
    column = lists_data(collection, query, lists, colours={"a": "#111", "b": "#222"})["columns"][1]
    assert column["note"] == "missing or too rare here"
    assert "q: not in this space" in column["groups"][0]["empty"]
    assert "no vector of its own" in verdict(
        collection, query, domino(collection, query, lists, source="a", target="b")
    )


def test_the_sentence_says_what_the_lists_hold(collection: Collection) -> None:
    query = Query((("x", 1),))
    lists = {"a": [Neighbor("q", 0.9)], "b": [Neighbor("r", 0.8)]}
    text = verdict(collection, query, domino(collection, query, lists, source="a", target="b"))
    assert "keeps none of its 1 nearest neighbors" in text
    assert text.index(">q<") < text.index(">r<")


def test_titles_and_facts_are_escaped() -> None:
    one = Space("<i>", ("x",), np.ones((1, 2), dtype=np.float32))
    assert "<i>" not in facts_html(Collection("c", (one,), metadata={"licence": "<script>"}))
    assert "<script>" not in facts_html(Collection("c", (one,), metadata={"licence": "<script>"}))


def test_periods_have_an_ordered_ramp_and_categories_do_not() -> None:
    assert list(space_colours(["a", "b", "c"], ordered=True).values()) == ramp(3)
    assert list(space_colours(["a", "b", "c"], ordered=False).values()) != ramp(3)
    assert len(space_colours([str(i) for i in range(30)], ordered=False)) == 30
    assert scripts_collection().ordered is False
