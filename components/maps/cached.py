"""Maps that pages read, kept by folder, fingerprint and parameters."""

from __future__ import annotations

import streamlit as st

from components.maps.data import MapData
from components.maps.large import LargeMaps
from components.shell.cached import derived_of
from isogloss.maps.layout import LayoutParameters
from isogloss.maps.linked import find_maps
from isogloss.maps.tiles import Box
from isogloss.spaces.collection import Collection


@st.cache_resource(show_spinner=False, max_entries=8)
def _maps(
    fingerprint: str, names: tuple[str, ...], how: str, parameters: LayoutParameters, _collection: Collection
) -> MapData:
    found = find_maps(_collection, names, how, parameters=parameters, store=derived_of(_collection))
    if found is None:
        raise LookupError  # not cached: it may be computed meanwhile
    return MapData(_collection, found, how, parameters)


@st.cache_resource(show_spinner=False, max_entries=2)
def large_maps(version: str, _data: MapData) -> LargeMaps:
    """Tiles of large maps, kept by what they were made from."""
    return LargeMaps(_data)


@st.cache_data(show_spinner=False, max_entries=64)
def view_of(version: str, box: Box | None, chosen: tuple[str, ...], *, kind: str, _data: MapData) -> bytes:
    """What is seen of large maps in a box, as bytes."""
    return large_maps(version, _data).view(box, chosen, kind)


def maps_of(
    collection: Collection, names: tuple[str, ...], how: str, *, parameters: LayoutParameters
) -> MapData | None:
    """Maps from stored layouts, or None when a layout has yet to be computed."""
    try:
        return _maps(collection.fingerprint, names, how, parameters, collection)
    except LookupError:
        return None
