"""Maps that pages read, kept by folder, fingerprint and parameters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import streamlit as st

from components.maps.data import MapData
from components.maps.large import LargeMaps
from components.shell.cached import derived_of, signed
from isogloss.maps.layout import Layout, LayoutParameters, find_layout
from isogloss.maps.linked import find_maps
from isogloss.maps.local import local_layout, whole_share
from isogloss.maps.tiles import Box
from isogloss.spaces.collection import Collection


@st.cache_resource(show_spinner=False, max_entries=8)
@signed
def _maps(
    fingerprint: str, names: tuple[str, ...], how: str, parameters: LayoutParameters, _collection: Collection
) -> MapData:
    found = find_maps(_collection, names, how, parameters=parameters, store=derived_of(_collection))
    if found is None:
        raise LookupError  # not cached: it may be computed meanwhile
    return MapData(_collection, found, how, parameters)


class Around(NamedTuple):
    """What else is drawn around items. must: words that are drawn in any case. size: how many items (default: as
    `local_layout` has it). plain: as `MapData` has it.
    """

    must: tuple[str, ...] = ()
    size: int | None = None
    plain: bool = False


_ALONE = Around()


@st.cache_resource(show_spinner=False, max_entries=128)
@signed
def _local_maps(
    fingerprint: str,
    items: tuple[str, ...],
    names: tuple[str, ...],
    how: str,
    around: Around,
    parameters: LayoutParameters,
    _collection: Collection,
) -> MapData:
    local = local_layout(
        _collection,
        items,
        spaces=names,
        must=around.must,
        size=around.size,
        how=how,
        n_components=parameters.n_components,
        store=derived_of(_collection),
    )
    return MapData(_collection, list(local.maps), how, parameters, local, plain=around.plain)


@st.cache_resource(show_spinner=False, max_entries=16)
@signed
def _layout(fingerprint: str, names: tuple[str, ...], parameters: LayoutParameters, _collection: Collection) -> Layout:
    found = find_layout(_collection, names, parameters, store=derived_of(_collection))
    if found is None:
        raise LookupError  # not cached: it may be drawn meanwhile
    return found


def _layout_of(collection: Collection, names: Sequence[str], parameters: LayoutParameters) -> Layout | None:
    try:
        return _layout(collection.fingerprint, tuple(names), parameters, collection)
    except LookupError:
        return None


@st.cache_resource(show_spinner=False, max_entries=2)
@signed
def large_maps(version: str, _data: MapData) -> LargeMaps:
    """Tiles of large maps, kept by what they were made from."""
    return LargeMaps(_data)


@st.cache_data(show_spinner=False, max_entries=64)
@signed
def view_of(version: str, box: Box | None, chosen: tuple[str, ...], *, kind: str, _data: MapData) -> bytes:
    """What is seen of large maps in a box, as bytes."""
    return large_maps(version, _data).sent(box, chosen, kind)


def maps_of(
    collection: Collection, names: tuple[str, ...], how: str, *, parameters: LayoutParameters
) -> MapData | None:
    """Maps from stored layouts, or None when a layout has yet to be computed."""
    try:
        return _maps(collection.fingerprint, names, how, parameters, collection)
    except LookupError:
        return None


def local_maps(
    collection: Collection,
    items: Sequence[str],
    names: Sequence[str],
    *,
    how: str,
    around: Around = _ALONE,
    parameters: LayoutParameters,
) -> MapData:
    """Maps of what lies around items that the collection holds."""
    return _local_maps(collection.fingerprint, tuple(items), tuple(names), how, around, parameters, collection)


def whole_share_of(data: MapData) -> float | None:
    """What the whole map keeps of what a local one was drawn for, kept with it; None where it has yet to be drawn."""
    if data.whole is None and data.local is not None:
        vars(data)["whole"] = whole_share(data.collection, data.local, find=partial(_layout_of, data.collection))
    return data.whole
