"""Tiles hold every point once at every level; boxes give the rows that a plain comparison gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.maps.tiles import SIZE, Tiles
from tests.kit.tiers import cases


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    rng = np.random.default_rng(1)
    return np.concatenate([rng.normal(size=(9_000, 2)), rng.normal(5, 0.01, size=(1_000, 2))]).astype(np.float32)


@pytest.mark.parametrize("z", [0, 1, 2, 3])
def test_a_level_holds_every_point_once(points: np.ndarray, z: int) -> None:
    tiles = Tiles(points)
    whole = np.vstack([np.hstack([tiles.tile(z, x, y) for x in range(2**z)]) for y in range(2**z)])
    assert whole.sum() == len(points)
    x0, y0, x1, y1 = tiles.box
    n = SIZE * 2**z
    direct = np.histogram2d(points[:, 1], points[:, 0], bins=n, range=[[y0, y1], [x0, x1]])[0]
    assert np.abs(whole - direct).sum() <= 4  # a point within rounding of an edge may go either way


@given(st.integers(0, 10_000))
@settings(max_examples=cases(300))
def test_a_box_gives_its_rows(points: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    tiles = Tiles(points)
    (x0, x1), (y0, y1) = np.sort(rng.uniform(-5, 7, size=(2, 2)), axis=1)
    direct = (points[:, 0] >= x0) & (points[:, 0] <= x1) & (points[:, 1] >= y0) & (points[:, 1] <= y1)
    assert tiles.rows((x0, y0, x1, y1)).tolist() == np.flatnonzero(direct).tolist()


def test_a_mosaic_covers_its_box_with_few_tiles(points: np.ndarray) -> None:
    tiles = Tiles(points)
    for box in [tiles.box, (-0.3, -0.3, 0.3, 0.3), (4.99, 4.99, 5.01, 5.01), (90.0, 90.0, 91.0, 91.0)]:
        counts, covered = tiles.mosaic(box)
        assert max(counts.shape) <= 5 * SIZE
        if box[0] < 80:
            x0, y0, x1, y1 = (max(box[0], tiles.box[0]), max(box[1], tiles.box[1]), box[2], box[3])
            assert covered[0] <= x0 + 1e-9
            assert covered[1] <= y0 + 1e-9
            assert covered[2] >= min(x1, tiles.box[2]) - 1e-9
            assert covered[3] >= min(y1, tiles.box[3]) - 1e-9
            assert abs(int(counts.sum()) - len(tiles.rows(covered))) <= 4
        else:
            assert counts.sum() <= len(points)


def test_no_points_and_one_point() -> None:
    assert Tiles(np.empty((0, 2), np.float32)).tile(0, 0, 0).sum() == 0
    one = Tiles(np.float32([[2, 3]]))
    assert one.tile(0, 0, 0).sum() == 1
    assert one.rows((2, 3, 2, 3)).tolist() == [0]
    assert one.tile(3, 9, 0).sum() == 0
