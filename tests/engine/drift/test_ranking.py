"""What a ranking says of one item and of all, and how it shows itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from isogloss.drift.ranking import Ranking, measure_drift
from isogloss.drift.verdict import finding_of, flips_between
from isogloss.errors import InvalidValue, NotFound
from isogloss.spaces.collection import Collection
from isogloss.spaces.controls import Controls
from isogloss.workspace.store import Workspace

PAIR = ("1946-1969", "2007-2024")


@pytest.fixture(scope="module")
def debates() -> Collection:
    return Workspace().open("un-debates")


@pytest.fixture(scope="module")
def ranking(debates: Collection) -> Ranking:
    return measure_drift(debates, *PAIR)


def test_a_verdict_carries_everything_that_is_known_of_an_item(ranking: Ranking) -> None:
    found, row = ranking["neutrality"], ranking.rows["neutrality"]
    assert found.item == "neutrality"
    assert found.moved is True
    assert found.q == ranking.q[row]
    assert found.distance.value == ranking.distance[row]
    assert found.distance.interval == (ranking.low[row], ranking.high[row])
    assert found.distance.n == ranking.smaller_count[row]
    assert found.distance.null is not None
    assert (found.distance.null.p95, found.distance.null.p) == (ranking.null_high[row], ranking.p[row])
    assert "cosine distance" in found.distance.how
    with pytest.raises(NotFound, match="neutrality"):
        ranking["neutralty"]


def test_what_was_not_tested_has_no_verdict(aligned: Collection) -> None:
    found = measure_drift(aligned, "p0", "p3")["w3"]
    assert found.moved is None
    assert found.distance.null is None
    assert found.distance.interval is None
    assert np.isnan(found.q)


def test_the_top_is_the_order_with_nulls_for_what_is_unknown(ranking: Ranking, aligned: Collection) -> None:
    table = ranking.top(5)
    names = "item distance low high null_p95 p q moved verdict agree count_source count_target".split()
    assert table.column_names == names
    assert table["item"].to_pylist() == [ranking.items[row] for row in ranking.order[:5]]
    assert table["moved"].to_pylist() == [True] * 5
    assert len(ranking.top(10**6)) == len(ranking)
    bare = replace(measure_drift(aligned, "p0", "p3"), count_source=None, count_target=None).top(2)
    assert all(bare[name].null_count == 2 for name in names[2:] if name not in ("verdict", "agree"))
    assert bare["verdict"].to_pylist() == ["not tested"] * 2
    assert table["verdict"].to_pylist() == ["moved farther than noise"] * 5
    assert table["agree"].to_pylist() == ["4 of 4", "2 of 4", "4 of 4", "4 of 4", "4 of 4"]
    assert bare.schema.field("moved").type == pa.bool_()
    with pytest.raises(InvalidValue, match="0 most changed"):
        ranking.top(0)


def test_a_ranking_shows_itself_in_two_lines_and_escapes_what_a_user_wrote(ranking: Ranking) -> None:
    first, second = repr(ranking).splitlines()
    assert first == "<cosine drift from 1946-1969 to 2007-2024: 4,547 items, 2,857 of 4,547 moved farther than noise>"
    assert second.startswith("most changed: chains 0.91, ethiopian 0.90")
    hostile = replace(ranking, items=("<img src=x onerror=alert(1)>", *ranking.items[1:]), distance=-ranking.distance)
    hostile = replace(hostile, distance=np.where(np.arange(len(ranking)) == 0, 9.0, ranking.distance))
    assert "&lt;img" in hostile._repr_html_()
    assert "<img" not in hostile._repr_html_()
    nothing = replace(ranking, **{name: getattr(ranking, name)[:0] for name in _arrays(ranking)}, items=())
    assert "0 items, not tested" in repr(nothing)
    assert "<table>" in nothing._repr_html_()


def _arrays(ranking: Ranking) -> list[str]:
    return [name for name, value in vars(ranking).items() if isinstance(value, np.ndarray) and name in _FIELDS]


_FIELDS = Ranking.__dataclass_fields__


def test_the_finding_counts(ranking: Ranking) -> None:
    found = finding_of(ranking, 0.5)
    assert (found.n, found.tested, found.moved) == (4547, 4547, 2857)
    assert found.far == sum(ranking.significant[r] and ranking.distance[r] >= 0.5 for r in range(len(ranking)))
    assert found.below == (ranking.p < 0.05).sum()
    assert found.by_chance == pytest.approx(4547 * 0.05)
    assert found.most == found.farthest == ("chains", "ethiopian", "stabilization")
    assert finding_of(replace(ranking, distance=np.full(len(ranking), np.nan))).farthest == ()


def test_places_are_those_of_the_order(ranking: Ranking) -> None:
    assert ranking.places[ranking.order].tolist() == list(range(1, len(ranking) + 1))
    assert (np.diff(ranking.unusual[ranking.order_as_frequent]) <= 0).all()


def test_flips_are_counted_from_either_side(ranking: Ranking) -> None:
    other = replace(ranking, q=np.where(np.arange(len(ranking)) % 2 == 0, 0.9, ranking.q))
    found = flips_between(ranking, other)
    even = {item for row, item in enumerate(ranking.items) if row % 2 == 0 and ranking.significant[row]}
    assert set(found.lost) == even
    assert found.won == ()
    assert found.n == len(ranking)
    assert flips_between(other, ranking).won == tuple(item for item in found.lost)


def test_controls_that_are_older_than_a_measure_test_nothing(debates: Collection) -> None:
    assert debates.controls is not None
    names = [name for name in debates.controls.table.column_names if not name.startswith("jaccard_")]
    older = replace(debates, controls=Controls(debates.controls.table.select(names), debates.controls.facts))
    assert older.controls is not None
    assert older.controls.measures == ("cosine", "local", "gonen")
    found = measure_drift(older, *PAIR, measure="jaccard")
    assert found.built_before
    assert not found.tested.any()
    np.testing.assert_array_equal(found.distance, measure_drift(debates, *PAIR, measure="jaccard").distance)
    assert found["climate"].moved is None
    assert not measure_drift(older, *PAIR, measure="cosine").built_before


def test_a_panel_that_is_older_than_a_measure_knows_nothing_of_it(debates: Collection) -> None:
    assert debates.controls is not None
    table = debates.controls.table
    panel = table.set_column(table.column_names.index("panel"), "panel", pa.array([True] * len(table)))
    names = [name for name in panel.column_names if not name.startswith("jaccard_")]
    older = replace(debates, controls=Controls(panel.select(names), {"panel": "author"}))
    found = measure_drift(older, *PAIR, measure="jaccard", panel=True)
    assert found.built_before
    assert len(found) > 4_000
    assert np.isnan(found.distance).all()
    assert "nan" not in found._repr_html_()
