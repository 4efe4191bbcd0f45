"""Lists by CSLS in blocks against the formula over the whole matrix; many ties, duplicates and zero rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from isogloss.errors import InvalidValue
from isogloss.linear import unit_rows
from isogloss.nearest import csls as module
from isogloss.nearest.criterion import CRITERIA, About
from isogloss.nearest.csls import csls_neighbors


def matrices(dim: int) -> st.SearchStrategy[np.ndarray]:
    whole = st.integers(-2, 2).map(np.float32)
    return st.integers(1, 40).flatmap(lambda n: arrays(np.float32, (n, dim), elements=whole))


def whole_matrix(source: np.ndarray, target: np.ndarray, k: int) -> np.ndarray:
    """CSLS of all pairs in double precision."""
    x, z = (unit_rows(v).astype(np.float64) for v in (source, target))
    cosine = x @ z.T
    r_source = -np.sort(-cosine, axis=1)[:, :k].mean(axis=1)
    r_target = -np.sort(-cosine, axis=0)[:k].mean(axis=0)
    return CRITERIA["csls"].score(cosine, About(r_source, r_target))


def check(source: np.ndarray, target: np.ndarray, k: int, neighborhood: int = 10) -> None:
    rows, values = csls_neighbors(source, target, k, neighborhood=neighborhood)
    every = whole_matrix(source, target, neighborhood)
    assert rows.shape == values.shape == (len(source), min(k, len(target)))
    assert all(len(set(row)) == len(row) for row in rows.tolist())
    np.testing.assert_allclose(values, -np.sort(-every, axis=1)[:, : rows.shape[1]], atol=1e-5)
    np.testing.assert_allclose(np.take_along_axis(every, rows, axis=1), values, atol=1e-5)  # of equals, any


@given(matrices(3), matrices(3), st.integers(1, 50), st.integers(1, 12), st.integers(1, 5))
def test_every_list_is_the_formulas(
    source: np.ndarray, target: np.ndarray, k: int, neighborhood: int, block: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_ROWS", block)
        patch.setattr(module, "_COLUMNS", block + 2)
        patch.setattr(module, "_CANDIDATES", 1)
        patch.setattr(module, "_SPARE", 1)
        check(source, target, k, neighborhood)


def test_a_target_far_from_all_comes_in_from_beyond_the_candidates() -> None:
    """Hubs near every source have a high r; what is in nobody's neighborhood has a low one and may win."""
    rng = np.random.default_rng(0)
    centre = rng.normal(size=20)
    source = (centre + 0.5 * rng.normal(size=(300, 20))).astype(np.float32)
    hubs = centre + 0.3 * rng.normal(size=(400, 20))
    target = np.vstack([hubs, rng.normal(size=(400, 20)) + 0.3 * centre]).astype(np.float32)
    rows, _ = csls_neighbors(source, target, 10)
    by_cosine = np.argsort(-(unit_rows(source) @ unit_rows(target).T), axis=1)[:, :48]
    assert any(set(a) - set(b) for a, b in zip(rows.tolist(), by_cosine.tolist(), strict=True))
    check(source, target, 10)


def test_what_cannot_be_listed() -> None:
    eye = np.eye(3, dtype=np.float32)
    for target, k, neighborhood in ((eye[:, :2], 3, 10), (eye, 0, 10), (eye, 3, 0), (eye[0], 3, 10)):
        with pytest.raises(InvalidValue):
            csls_neighbors(eye, target, k, neighborhood=neighborhood)
