"""References to spaces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from isogloss.spaces.reference import Reference


@given(st.text(st.characters(blacklist_characters="/"), min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_a_reference_is_read_as_it_was_written(collection: str, space: str) -> None:
    one = Reference(collection, space)
    assert Reference.parse(str(one)) == one
