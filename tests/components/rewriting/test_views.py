"""Pictures of the profiles: every pair is drawn once, what is hostile is text, the region is where it is said."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.rewriting.views.markers import heat
from components.rewriting.views.mined import scatter
from components.rewriting.views.rewrite import arrows
from isogloss.rewriting.given.marked import marked_pairs
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import PROFILES
from isogloss.rewriting.profiles.rewrite import measured

HOSTILE = "<img src=x onerror=alert(1)>"


def pairs() -> Pairs:
    return Pairs("p", [f"{HOSTILE} {i}" for i in range(12)], [f"b{i}" for i in range(12)], {"by": [HOSTILE, "two"] * 6})


def test_every_pair_is_an_arrow_in_its_groups_colour() -> None:
    rng = np.random.default_rng(0)
    source, target = (rng.normal(size=(12, 5)).astype(np.float32) for _ in range(2))
    checked = measured(pairs(), source, target, groups=pairs().groups("by"))
    found = arrows(pairs(), checked)
    points = [trace for trace in found.data if trace.mode == "markers"]
    assert [len(trace.x) for trace in points] == [6, 6]
    assert "<img" not in found.to_json().replace("\\u003c", "<")
    lines = [trace for trace in found.data if trace.mode == "lines"]
    assert len(lines[0].x) == 18
    assert lines[0].x[1] == points[0].x[0]


def test_the_suspicious_region_is_shaded_where_pairs_are_suspicious() -> None:
    columns = {"margin": ["1.0"] * 9 + ["2", "2", "2"], "score": [str(0.5 + i / 100) for i in range(11)] + ["0.1"]}
    some = Pairs("p", [f"text {c * 5}" for c in "abcdefghijkl"], [f"wort {c * 5}" for c in "mnopqrstuvwx"], columns)
    checked = PROFILES["mined"].check(some)
    assert [(one.row, one.kind) for one in checked.failures] == [(11, "high_margin_low_similarity")]
    found = scatter(some, checked)
    assert sum(len(trace.x) for trace in found.data) == 12
    (shape,) = found.layout.shapes
    assert shape.x0 <= 0.1 < shape.x1
    assert shape.y0 <= 2 <= shape.y1


def test_markers_are_counted_by_language() -> None:
    checked = PROFILES["markers"].check(marked_pairs(), by="language")
    (found,) = heat(checked).data
    assert np.array(found.text).astype(int).sum() == 17
    assert found.z.shape == (5, 7)


def _page() -> None:
    from components.rewriting.views.markers import draw
    from isogloss.rewriting.given.marked import marked_pairs
    from isogloss.rewriting.profile import PROFILES

    draw(marked_pairs(), PROFILES["markers"].check(marked_pairs()))


@pytest.mark.filterwarnings("ignore")
def test_a_view_draws_itself() -> None:
    app = AppTest.from_function(_page).run(timeout=30)
    assert not app.exception
