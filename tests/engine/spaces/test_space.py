from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import InvalidValue, NotFound
from isogloss.spaces.space import Space

EYE = np.eye(3, dtype=np.float32)
ITEMS = ("a", "b", "c")


def test_rows_and_membership():
    space = Space("s", ITEMS, EYE)
    assert [space[i] for i in ITEMS] == [0, 1, 2]
    assert (len(space), space.dim) == (3, 3)
    assert "a" in space
    assert "z" not in space
    assert 5 not in space
    with pytest.raises(NotFound, match=r"'z'.*'s'"):
        space["z"]


def test_frozen_and_read_only():
    given_vectors = EYE.copy()
    space = Space("s", ITEMS, given_vectors)
    with pytest.raises(dataclasses.FrozenInstanceError):
        space.name = "t"
    for array in (space.vectors, space.unit):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 9
    given_vectors[0, 1] = 0.5  # the caller's own array stays the caller's to write
    assert given_vectors.flags.writeable


def test_vectors_become_float32():
    assert Space("s", ITEMS, EYE.astype(np.float64)).vectors.dtype == np.float32
    assert Space("s", ITEMS, EYE.astype(np.float16)).vectors.dtype == np.float32
    assert Space("s", ITEMS, EYE.astype(np.float16)).unit.dtype == np.float32


@pytest.mark.parametrize("vectors", [EYE[:2], EYE[0], np.zeros((3, 2, 2))])
def test_shapes_that_disagree(vectors: np.ndarray):
    with pytest.raises(InvalidValue, match=r"'s'.*shape"):
        Space("s", ITEMS, vectors)


def test_columns_of_another_length():
    with pytest.raises(InvalidValue, match="columns of 2 rows"):
        Space("s", ITEMS, EYE, pa.table({"count": [1, 2]}))


def test_an_item_twice():
    with pytest.raises(InvalidValue, match="'a' twice"):
        Space("s", ("a", "b", "a"), EYE)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_vector_not_finite_is_named(bad: float):
    vectors = EYE.copy()
    vectors[1, 2] = bad
    with pytest.raises(InvalidValue, match=r"'b' \(row 1"):
        Space("s", ITEMS, vectors)


def test_unit_rows_and_the_zero_vector():
    unit = Space("s", ITEMS, np.array([[3, 4], [0, 0], [-2, 0]])).unit
    assert unit.tolist() == [pytest.approx([0.6, 0.8]), [0, 0], [-1, 0]]


def test_columns():
    columns = pa.table({"count": [5, 2, 1], "language": ["en", None, "fr"], "capital_share": [0.5, None, 0.0]})
    space = Space("s", ITEMS, EYE, columns)
    assert space.counts.tolist() == [5, 2, 1]
    assert space.column("language").tolist() == ["en", None, "fr"]
    assert np.isnan(space.column("capital_share")[1])
    assert space.column("nothing") is None
    assert space.per_million is None
    assert Space("s", ITEMS, EYE).counts is None


def test_fingerprint_is_the_content():
    columns = pa.table({"count": [5, 2, 1]})
    one = Space("s", ITEMS, EYE, columns)
    assert one.fingerprint == Space("other name", ITEMS, EYE.copy(), columns, {"from": "elsewhere"}).fingerprint
    moved = EYE.copy()
    moved[0, 0] = np.nextafter(np.float32(1), np.float32(2))
    different = [
        Space("s", ("a", "b", "d"), EYE, columns),
        Space("s", ITEMS, moved, columns),
        Space("s", ITEMS, EYE, pa.table({"count": [5, 2, 2]})),
        Space("s", ITEMS, EYE, pa.table({"uses": [5, 2, 1]})),
        Space("s", ITEMS, EYE),
    ]
    assert len({one.fingerprint, *(space.fingerprint for space in different)}) == 6


def test_fingerprint_tells_items_apart_whatever_they_hold():
    vectors = EYE[:2]
    assert Space("s", ("a\nb", "c"), vectors).fingerprint != Space("s", ("a", "b\nc"), vectors).fingerprint


@given(st.lists(st.text(), unique=True, min_size=1, max_size=8))
def test_any_items_find_their_rows(items: list[str]):
    space = Space("s", tuple(items), np.ones((len(items), 2)))
    assert [space[item] for item in items] == list(range(len(items)))
