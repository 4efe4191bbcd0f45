"""Where parts meet: damaged folders on the command line, odd items, queries that leave nothing to find."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from isogloss.cli.main import main
from isogloss.nearest.neighbors import neighbors
from isogloss.nearest.query import Query, parse
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space
from isogloss.text.matches import Search
from isogloss.workspace.store import Workspace


@pytest.mark.parametrize(
    "header", ['{"schema": 1}', "{", '{"schema": 1, "title": "t", "spaces": [{}], "alignment": {}}']
)
def test_a_damaged_collection_is_one_line_on_the_command_line(
    header: str, workspace: Workspace, unaligned: Collection, capsys: pytest.CaptureFixture[str]
) -> None:
    folder: Path = workspace.save(unaligned)
    (folder / "collection.json").write_text(header)
    assert main(["neighbors", "apart", "w1"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert "apart" in err


@pytest.mark.parametrize("item", ["a\nb", "a\tb", "a b", " a", "a, b", "💬", "x" * 10_000])
def test_an_odd_item_is_found_by_typing_it(item: str) -> None:
    assert item in [match.item for match in Search({item: 1, "other": 2, "a": 3})(item)]
    assert parse(item, {item})[0].items in ([item], [item.strip()])


def test_a_missing_count_is_a_count_of_nothing() -> None:
    space = Space("s", ("a", "b"), np.eye(2), pa.table({"count": pa.array([5, None])}))
    assert space.counts is not None
    assert space.counts.tolist() == [5, 0]
    assert Collection("c", (space,)).counts == {"a": 5, "b": 0}


@pytest.mark.parametrize("criterion", ["cosine", "csls"])
def test_an_item_alone_in_its_space_has_no_neighbors(criterion: str) -> None:
    alone = Collection("c", (Space("s", ("a",), np.ones((1, 2))),))
    assert neighbors(alone, Query((("a", 1),)), criterion=criterion) == {"s": []}


@pytest.mark.parametrize("criterion", ["cosine", "csls"])
def test_a_sum_that_cancels_has_neighbors_of_no_likeness(aligned: Collection, criterion: str) -> None:
    found = neighbors(aligned, Query((("w1", 1), ("w1", -1))), k=3, criterion=criterion)["p0"]
    assert found is not None
    assert len(found) == 3
    assert all(np.isfinite(n.similarity) for n in found)
    assert "w1" not in [n.item for n in found]


def test_more_neighbors_than_items(aligned: Collection) -> None:
    for criterion in ("cosine", "csls"):
        found = neighbors(aligned, Query((("w1", 1),)), k=1000, criterion=criterion)["p0"]
        assert found is not None
        assert {n.item for n in found} == set(aligned["p0"].items) - {"w1"}


def test_a_sum_taken_from_one_space_hides_its_words_everywhere(aligned: Collection) -> None:
    query = Query((("w1", 1), ("w2", 1)))
    for found in neighbors(aligned, query, k=60, source="p1").values():
        assert found is not None
        assert not {"w1", "w2"} & {n.item for n in found}


@pytest.mark.parametrize("item", ["привет", "مرحبا", "हिन्दी", "气候变化", "régime"])
def test_every_script_is_asked_and_answered(scripts: Collection, item: str) -> None:
    own = neighbors(scripts, Query(((item, 1),)), k=5)
    assert all(found and item not in [n.item for n in found] for found in own.values())
    across = neighbors(scripts, Query(((item, 1),)), k=5, source="one")["two"]
    assert across is not None
    assert item in [n.item for n in across]


def test_equal_spaces_of_two_names_are_two_spaces() -> None:
    """With a source the item itself is found in the other space, even when the two are copies."""
    vectors = np.random.default_rng(1).normal(size=(20, 4))
    items = tuple(f"w{i}" for i in range(20))
    pair = Collection("c", (Space("a", items, vectors), Space("b", items, vectors)), alignment=Alignment("declared"))
    cosine = pair["a"].unit.astype(float) @ pair["b"].unit.T.astype(float)
    r = np.sort(cosine, axis=1)[:, -10:].mean(axis=1)
    for criterion, exact in (("cosine", cosine[3]), ("csls", 2 * cosine[3] - r[3] - r)):
        found = neighbors(pair, Query((("w3", 1),)), k=20, criterion=criterion, source="a")["b"]
        assert found is not None
        assert found[0].item == "w3"
        np.testing.assert_allclose([n.similarity for n in found], np.sort(exact)[::-1], atol=1e-5)
