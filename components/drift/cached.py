"""Rankings that pages read, kept by the spaces and the controls they stand on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

import streamlit as st

from components.shell.cached import derived_of, signed
from isogloss.drift.filters import names
from isogloss.drift.measure import usable
from isogloss.drift.ranking import Ranking, measure_drift
from isogloss.drift.reliability import Reliability, reliability
from isogloss.drift.steps import over_steps
from isogloss.spaces.collection import Collection
from isogloss.types import Mask

_KEPT: WeakKeyDictionary[Ranking, dict[Hashable, Any]] = WeakKeyDictionary()
_MOST = 24
_SEEN: WeakValueDictionary[Hashable, Ranking] = WeakValueDictionary()


def kept(ranking: Ranking, key: Hashable, make: Callable[[], Any]) -> Any:
    """What is made of a ranking, once for all who ask for it by the same key; it goes with the ranking."""
    made = _KEPT.setdefault(ranking, {})
    if (found := made.get(key)) is None:
        found = make()
        for old in list(made)[: max(0, len(made) - _MOST + 1)]:
            made.pop(old, None)
        made[key] = found
    return found


@st.cache_resource(show_spinner=False, max_entries=64)
@signed
def _rank(
    version: str, source: str, target: str, measure: str, min_count: int, panel: bool, _collection: Collection
) -> Ranking:
    store = derived_of(_collection)
    return measure_drift(_collection, source, target, measure=measure, min_count=min_count, panel=panel, store=store)


def _version(collection: Collection) -> str:
    """What a ranking stands on: the spaces, and the content of the controls (a rebuild may change these alone)."""
    controls = collection.controls
    return f"{collection.fingerprint}-{controls.digest if controls else ''}"


def rank_of(
    collection: Collection, source: str, target: str, *, measure: str, min_count: int = 0, panel: bool = False
) -> Ranking:
    """A ranking, kept by the spaces and the controls it stands on; a page asks nine times, and Streamlit reads each key
    through anew.
    """
    key = (_version(collection), source, target, measure, min_count, panel)
    if (found := _SEEN.get(key)) is None:
        _SEEN[key] = found = _rank(*key, collection)
    return found


def opening_rank(collection: Collection, source: str, target: str) -> Ranking:
    """The ranking by the first measure that the spaces allow."""
    return rank_of(collection, source, target, measure=usable(collection.aligned)[0].name)


def names_in(collection: Collection, ranking: Ranking, spaces: Sequence[str]) -> Mask | None:
    """Which items of a ranking are names in any of the spaces; None where nobody knows."""
    found: tuple[Mask | None] = kept(ranking, ("names", *spaces), lambda: (names(collection, spaces, ranking.items),))
    return found[0]


def reliability_of(collection: Collection, source: str, target: str, *, ranking: Ranking) -> Reliability:
    """What the ranking of two spaces stands on."""
    found: Reliability = kept(
        ranking,
        ("reliability", _version(collection), source, target),
        lambda: reliability(collection, source, target, ranking=ranking),
    )
    return found


def rank_steps(collection: Collection, *, measure: str, min_count: int = 0, panel: bool = False) -> Ranking:
    """The ranking over all spaces in order, kept like those of its steps."""
    pairs = list(pairwise(collection.names))
    return _over_steps(_version(collection), measure, min_count, panel, collection, pairs)


@st.cache_resource(show_spinner=False, max_entries=16)
@signed
def _over_steps(
    version: str, measure: str, min_count: int, panel: bool, _collection: Collection, _pairs: list[tuple[str, str]]
) -> Ranking:
    found = [rank_of(_collection, a, b, measure=measure, min_count=min_count, panel=panel) for a, b in _pairs]
    return over_steps(found, _collection.names)
