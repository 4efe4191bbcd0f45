"""Points in a polygon against a winding count of another kind."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.errors import InvalidValue
from isogloss.maps.polygon import inside
from tests.kit.tiers import cases


def by_crossing(x: float, y: float, corners: list[tuple[float, float]]) -> bool:
    """The textbook loop, one point at a time, with fractions instead of slopes."""
    odd = False
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (y0 <= y < y1) or (y1 <= y < y0):
            share = (y - y0) / (y1 - y0)
            odd ^= x < x0 + share * (x1 - x0)
    return odd


number = st.integers(-50, 50).map(float)


@given(st.lists(st.tuples(number, number), min_size=3, max_size=12), st.integers(0, 1_000))
@settings(max_examples=cases(1000))
def test_any_outline(corners: list[tuple[float, float]], seed: int) -> None:
    points = np.random.default_rng(seed).uniform(-60, 60, size=(40, 2))
    assert inside(points, corners).tolist() == [by_crossing(x, y, corners) for x, y in points]


def test_a_circle_holds_its_share_of_a_square() -> None:
    angle = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    points = np.random.default_rng(1).uniform(-1, 1, size=(200_000, 2))
    share = inside(points, np.stack([np.cos(angle), np.sin(angle)], axis=1)).mean()
    assert abs(share - np.pi / 4) < 0.005


@pytest.mark.parametrize(
    "corners", [[], [[0, 0], [1, 1]], [[0, 0], [1, 1], [np.nan, 0]], [[0, 0, 0]] * 4, [[0, 0]] * 6_000]
)
def test_what_is_no_outline_is_refused(corners: list[list[float]]) -> None:
    with pytest.raises(InvalidValue):
        inside([[0, 0]], corners)
