"""Layouts: the share kept against a direct count, repeatable, stored, and safe on tiny spaces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from isogloss.errors import InvalidValue, NotAligned
from isogloss.maps.layout import LayoutParameters, compute_layout, find_layout, kept_neighbors, layout_key, make_layout
from isogloss.maps.optimizer import gradient_tables
from isogloss.nearest.exact import self_neighbors
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.derived import DerivedStore
from tests.kit.spaces import random_space


def literal_kept(space: Space, coordinates: np.ndarray, k: int) -> list[int]:
    """Neighbors by a plain loop over all pairs, in the space and on the map."""
    out = []
    for i in range(len(space)):
        cosine = [(-float(space.unit[i] @ space.unit[j]), j) for j in range(len(space)) if j != i]
        flat = [(float(((coordinates[i] - coordinates[j]) ** 2).sum()), j) for j in range(len(space)) if j != i]
        out.append(len({j for _, j in sorted(cosine)[:k]} & {j for _, j in sorted(flat)[:k]}))
    return out


@pytest.mark.parametrize("dims", [2, 3])
def test_the_share_kept_against_a_direct_count(dims: int) -> None:
    space = random_space("s", n=90, dim=8)
    coordinates = np.random.default_rng(1).normal(size=(90, dims)).astype(np.float32)
    kept = kept_neighbors(self_neighbors(space, 10)[0], coordinates, 10)
    assert kept.tolist() == literal_kept(space, coordinates, 10)


def test_a_map_that_is_the_space_keeps_everything() -> None:
    angle = np.sort(np.random.default_rng(0).uniform(0, 3, 50))
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    space = Space("s", tuple(map(str, range(50))), circle)
    assert kept_neighbors(self_neighbors(space, 5)[0], circle, 5).mean() == pytest.approx(5, abs=0.1)


def test_a_layout_keeps_more_than_chance_and_states_it(aligned: Collection) -> None:
    layout = make_layout(aligned, aligned.names, LayoutParameters(), store=DerivedStore())
    assert len(layout.coordinates) == sum(map(len, aligned.spaces))
    joint = Space("j", tuple(map(str, range(len(layout.kept)))), np.concatenate([s.vectors for s in aligned.spaces]))
    assert layout.kept.tolist() == literal_kept(joint, layout.coordinates, 10)
    assert layout.kept_share == pytest.approx(np.mean(layout.kept) / 10)
    assert layout.kept_share > 3 * layout.k / (len(layout.kept) - 1)


def test_the_same_picture_every_time(aligned: Collection, tmp_path: Path) -> None:
    parameters, store = LayoutParameters(), DerivedStore(tmp_path)
    one = make_layout(aligned, ["p0"], parameters, store=store)
    two = make_layout(aligned, ["p0"], parameters, store=DerivedStore())
    np.testing.assert_array_equal(one.coordinates, two.coordinates)
    found = find_layout(aligned, ["p0"], parameters, store=store)
    assert found is not None
    np.testing.assert_array_equal(one.coordinates, found.coordinates)
    assert find_layout(aligned, ["p1"], parameters, store=store) is None
    spaces = [aligned["p0"]]
    keys = {
        layout_key(spaces, p)
        for p in (parameters, LayoutParameters(3), LayoutParameters(seed=2), LayoutParameters(min_dist=0.2))
    }
    assert len(keys) == 4


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 16, 17])
@pytest.mark.parametrize("dims", [2, 3])
def test_tiny_spaces(n: int, dims: int) -> None:
    coordinates, kept, k = compute_layout(random_space("s", n=n, dim=5), LayoutParameters(dims))
    assert coordinates.shape == (n, dims)
    assert np.isfinite(coordinates).all()
    assert k == min(10, n - 1)
    assert (kept <= k).all()


@pytest.mark.parametrize("dim", [1, 2])
def test_narrow_spaces_and_equal_vectors(dim: int) -> None:
    for vectors in (np.ones((12, dim)), np.zeros((12, dim)), np.random.default_rng(0).normal(size=(12, dim))):
        space = Space("s", tuple(map(str, range(12))), vectors.astype(np.float32))
        for dims in (2, 3):
            coordinates, _, _ = compute_layout(space, LayoutParameters(dims))
            assert coordinates.shape == (12, dims)
            assert np.isfinite(coordinates).all()


def test_what_cannot_be_drawn(unaligned: Collection) -> None:
    with pytest.raises(NotAligned):
        make_layout(unaligned, unaligned.names, LayoutParameters(), store=DerivedStore())
    with pytest.raises(InvalidValue, match="4 dimensions"):
        LayoutParameters(4)
    make_layout(unaligned, ["right"], LayoutParameters(), store=DerivedStore())


def test_the_gradient_tables_against_their_formulas() -> None:
    a, b = 1.577, 0.895
    attraction, repulsion, low = gradient_tables(a, b)
    for square in (1e-8, 1e-3, 0.5, 1.0, 7.3, 400.0):
        at = (int(np.array([square], dtype=np.float32).view(np.int32)[0]) >> 15) - low
        assert attraction[at] == pytest.approx(-2 * a * b * square ** (b - 1) / (1 + a * square**b), rel=4e-3)
        assert repulsion[at] == pytest.approx(2 * b / ((0.001 + square) * (1 + a * square**b)), rel=4e-3)


def test_planted_clusters_come_apart() -> None:
    rng = np.random.default_rng(0)
    centres = np.eye(3, 20) * 5
    vectors = np.repeat(centres, 60, axis=0) + 0.5 * rng.normal(size=(180, 20))
    space = Space("s", tuple(map(str, range(180))), vectors.astype(np.float32))
    for dims in (2, 3):
        coordinates, _, _ = compute_layout(space, LayoutParameters(dims))
        flat = ((coordinates[:, None] - coordinates[None]) ** 2).sum(axis=2)
        np.fill_diagonal(flat, np.inf)
        same = flat.argmin(axis=1) // 60 == np.arange(180) // 60
        assert same.mean() == 1
