"""What pages read, cached: never by hashing vectors, always by folder, fingerprint and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import streamlit as st

from components.maps.data import MapData
from components.maps.large import LargeMaps
from components.shell.visit import workspace
from isogloss.corpora.concordance import read_texts
from isogloss.drift.ranking import Ranking, rank
from isogloss.drift.steps import over_steps
from isogloss.errors import NotFound, StoreError
from isogloss.maps.layout import LayoutParameters
from isogloss.maps.linked import find_maps
from isogloss.maps.tiles import Box
from isogloss.nearest.neighbors import Neighbor, neighbors
from isogloss.nearest.query import Query
from isogloss.spaces.collection import Collection
from isogloss.spaces.controls import FILE as CONTROLS_FILE
from isogloss.spaces.controls import NOISE_FILE
from isogloss.text.matches import Search
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import read_collection


def collection_names() -> list[str]:
    """The collections at hand. Raises NotFound, with the way to make one, when there is none."""
    names = list(workspace().folders())
    if not names:
        raise NotFound("there is no collection yet", lever="build one with: python -m isogloss build RECIPE.toml")
    return names


def open_collection(name: str) -> Collection:
    """Raises NotFound or StoreError. A collection written anew is read anew."""
    folders = workspace().folders()
    if name not in folders:
        workspace().open(name)
    return _read(str(folders[name]), tuple(_written(folders[name] / file) for file in _PARTS))


_PARTS = ("collection.json", CONTROLS_FILE, NOISE_FILE)  # what may be written anew


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@st.cache_resource(show_spinner=False, max_entries=8)
def _read(folder: str, changed: tuple[int, ...]) -> Collection:
    return read_collection(Path(folder))


def title_of(name: str) -> str:
    """The title of a collection; one that is damaged goes by its name, and says so when it is opened."""
    try:
        return open_collection(name).title
    except StoreError:
        return name


@st.cache_resource(show_spinner=False, max_entries=8)
def _search(fingerprint: str, _collection: Collection) -> Search:
    return Search(_collection.counts)


def search_of(collection: Collection) -> Search:
    return _search(collection.fingerprint, collection)


def derived_of(collection: Collection) -> DerivedStore:
    return workspace().derived(collection.name)


@st.cache_data(show_spinner=False, max_entries=256)
def _neighbors(
    fingerprint: str, query: Query, k: int, criterion: str, source: str | None, _collection: Collection
) -> dict[str, list[Neighbor] | None]:
    return neighbors(_collection, query, k, criterion, source, store=derived_of(_collection))


def neighbors_of(
    collection: Collection, query: Query, k: int, criterion: str = "cosine", source: str | None = None
) -> dict[str, list[Neighbor] | None]:
    return _neighbors(collection.fingerprint, query, k, criterion, source, collection)


@st.cache_resource(show_spinner=False, max_entries=8)
def _maps(
    fingerprint: str, names: tuple[str, ...], how: str, parameters: LayoutParameters, _collection: Collection
) -> MapData:
    found = find_maps(_collection, names, how, parameters, derived_of(_collection))
    if found is None:
        raise LookupError  # not cached: it may be computed meanwhile
    return MapData(_collection, found, how, parameters)


@st.cache_resource(show_spinner=False, max_entries=2)
def large_maps(version: str, _data: MapData) -> LargeMaps:
    """Tiles of large maps, kept by what they were made from."""
    return LargeMaps(_data)


@st.cache_data(show_spinner=False, max_entries=64)
def view_of(version: str, box: Box | None, chosen: tuple[str, ...], kind: str, _data: MapData) -> bytes:
    """What is seen of large maps in a box, as bytes."""
    return large_maps(version, _data).view(box, chosen, kind)


def maps_of(collection: Collection, names: tuple[str, ...], how: str, parameters: LayoutParameters) -> MapData | None:
    """Maps from stored layouts, or None when a layout has yet to be computed."""
    try:
        return _maps(collection.fingerprint, names, how, parameters, collection)
    except LookupError:
        return None


@st.cache_resource(show_spinner=False, max_entries=64)
def _rank(
    version: str, source: str, target: str, measure: str, min_count: int, panel: bool, _collection: Collection
) -> Ranking:
    return rank(_collection, source, target, measure, None, min_count, panel, derived_of(_collection))


def _version(collection: Collection) -> str:
    """What a ranking stands on: the spaces, and the content of the controls (a rebuild may change these alone)."""
    controls = collection.controls
    return f"{collection.fingerprint}-{controls.digest if controls else ''}"


def rank_of(
    collection: Collection, source: str, target: str, measure: str, min_count: int = 0, panel: bool = False
) -> Ranking:
    """A ranking, kept by the spaces and the controls it stands on."""
    return _rank(_version(collection), source, target, measure, min_count, panel, collection)


def rank_steps(collection: Collection, measure: str, min_count: int = 0, panel: bool = False) -> Ranking:
    """The ranking over all spaces in order, kept like those of its steps."""
    pairs = list(pairwise(collection.names))
    return _over_steps(_version(collection), measure, min_count, panel, collection, pairs)


@st.cache_resource(show_spinner=False, max_entries=16)
def _over_steps(
    version: str, measure: str, min_count: int, panel: bool, _collection: Collection, _pairs: list[tuple[str, str]]
) -> Ranking:
    found = [rank_of(_collection, a, b, measure, min_count, panel) for a, b in _pairs]
    return over_steps(found, _collection.names)


@st.cache_resource(show_spinner="reading the corpus …", max_entries=2)
def texts_of(path: str, changed: int, version: str, _corpus: Mapping[str, Any]) -> pa.Table:
    """A corpus with the space of each document, kept by file and time."""
    return read_texts(Path(path), _corpus)


def has_scripts(name: str) -> bool:
    """Whether a collection at hand says the script or the concept of its items."""
    try:
        return any({"script", "concept"} & set(space.columns.column_names) for space in open_collection(name).spaces)
    except (NotFound, StoreError):
        return False
