from __future__ import annotations

import numpy as np
import pytest

from isogloss.errors import InvalidValue, NotAligned, NotFound
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space


def flat(name: str, dim: int = 2, items: tuple[str, ...] = ("a",)) -> Space:
    return Space(name, items, np.ones((len(items), dim)))


def test_spaces_by_name_and_order(aligned: Collection) -> None:
    assert aligned.names == ["p0", "p1", "p2", "p3"]
    assert aligned["p2"] is aligned.spaces[2]
    assert len(aligned) == 4


def test_an_unknown_space_names_the_nearest(aligned: Collection) -> None:
    periods = Collection("c", (flat("1946-1969"), flat("1970-1989")))
    with pytest.raises(NotFound, match="no space '1946-1970'") as caught:
        periods["1946-1970"]
    assert caught.value.matches[0] == "1946-1969"
    with pytest.raises(NotFound) as caught:
        aligned["zzz"]
    assert caught.value.matches == aligned.names  # nothing is near: all are named


@pytest.mark.parametrize("spaces", [(), (flat("x"), flat("x"))])
def test_no_space_or_two_of_one_name(spaces: tuple[Space, ...]):
    with pytest.raises(InvalidValue, match="'c' has spaces"):
        Collection("c", spaces)


def test_aligned_spaces_share_their_dimensions():
    with pytest.raises(InvalidValue, match=r"\[2, 3\] dimensions"):
        Collection("c", (flat("x"), flat("y", 3)), alignment=Alignment("declared"))
    assert not Collection("c", (flat("x"), flat("y", 3))).aligned


def test_aligned_or_not(aligned: Collection, unaligned: Collection):
    assert aligned.aligned
    aligned.require_aligned("this")
    assert Collection("c", (flat("x"),)).aligned  # one space is aligned with itself
    assert not unaligned.aligned
    with pytest.raises(NotAligned, match=r"a path needs shared coordinates.*'apart'.*align them"):
        unaligned.require_aligned("a path")


def test_counts_over_all_spaces(aligned: Collection) -> None:
    assert next(iter(aligned.counts)) == "w0"  # the first item of the first space
    assert aligned.counts["only3"] == 10
    assert aligned.counts["w0"] == 3 * 600 + 610
    assert Collection("c", (flat("x"), flat("y"))).counts == {"a": 0}


def test_membership_and_required_items(aligned: Collection) -> None:
    assert "only3" in aligned
    assert "nothing" not in aligned
    aligned.require_item("only3")
    aligned.require_item("only3", ["p0", "p3"])
    with pytest.raises(NotFound, match="'only3' is not in space 'p0'"):
        aligned.require_item("only3", ["p0"])
    with pytest.raises(NotFound, match="'onyl3' is not in collection 'four': nearest are only3"):
        aligned.require_item("onyl3")
    with pytest.raises(NotFound, match="nothing is near it"):
        aligned.require_item("ΩΩΩ")


def test_fingerprint_follows_spaces_names_and_order():
    x, y, z = flat("x"), flat("y", items=("b",)), flat("z")
    prints = [Collection("c", spaces).fingerprint for spaces in [(x, y), (y, x), (z, y), (x,)]]
    assert len(set(prints)) == 4
    assert Collection("d", (x, y)).fingerprint == prints[0]
