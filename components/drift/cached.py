"""Rankings that pages read, kept by the spaces and the controls they stand on."""

from __future__ import annotations

from itertools import pairwise

import streamlit as st

from components.shell.cached import derived_of
from isogloss.drift.ranking import Ranking, measure_drift
from isogloss.drift.steps import over_steps
from isogloss.spaces.collection import Collection


@st.cache_resource(show_spinner=False, max_entries=64)
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
    """A ranking, kept by the spaces and the controls it stands on."""
    return _rank(_version(collection), source, target, measure, min_count, panel, collection)


def rank_steps(collection: Collection, *, measure: str, min_count: int = 0, panel: bool = False) -> Ranking:
    """The ranking over all spaces in order, kept like those of its steps."""
    pairs = list(pairwise(collection.names))
    return _over_steps(_version(collection), measure, min_count, panel, collection, pairs)


@st.cache_resource(show_spinner=False, max_entries=16)
def _over_steps(
    version: str, measure: str, min_count: int, panel: bool, _collection: Collection, _pairs: list[tuple[str, str]]
) -> Ranking:
    found = [rank_of(_collection, a, b, measure=measure, min_count=min_count, panel=panel) for a, b in _pairs]
    return over_steps(found, _collection.names)
