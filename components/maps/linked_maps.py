"""The one map component of every page: two mounts, the bytes of the maps and a small spec of what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from components.maps.cached import view_of
from components.maps.data import MapData
from components.maps.large import box_of
from components.maps.words import map_words
from components.parts.sent import sent
from components.parts.spoken import later
from components.shell.stage.present import presenting

MOST_MAPS, MOST_STOPS = 4, 16  # seen at once; gone through, one at a time
SEQUENCE = later("in sequence")
ARRANGEMENTS = {later("side by side"): "side", SEQUENCE: "morph", later("together"): "together"}

_FOLDER = "linked_maps"
_HEAVY, _HELD = 1_000_000, 2  # bytes that are not sent again to a browser that has them; sets that it surely keeps
_FIRST = Lock()
_SERVED = ComponentManifest(
    name="isogloss", version="1", components=[ComponentConfig(name, _FOLDER) for name in ("linked_maps", "map_store")]
)


def _serve() -> None:
    """Tell Streamlit to serve the scripts as files: inline, all of them would travel with every change.

    What an installed package declares in its pyproject.toml, without making one of the project.
    """
    manager = get_bidi_component_manager()
    if any(manager.get_component_asset_root(f"isogloss.{one.name}") is None for one in _SERVED.components):
        manager.register_from_manifest(_SERVED, Path(__file__).parent)


@cache
def _mounts() -> tuple[Any, Any]:
    """The mounts of the bytes and of the maps; made when a page first draws maps."""
    store = st.components.v2.component(
        "isogloss.map_store", html="<span></span>", js="map_store.js", isolate_styles=False
    )
    maps = st.components.v2.component(
        "isogloss.linked_maps",
        html='<div class="lm"></div>',
        css="linked_maps.css",
        js="linked_maps.js",
        isolate_styles=False,
    )
    return store, maps


def mounts() -> tuple[Any, Any]:
    """The same, with their scripts served: the second visitor of a fresh server must not find half of them."""
    with _FIRST:
        _serve()
        return _mounts()


@dataclass(frozen=True)
class Asked:
    """What a visitor asked of the maps in this run. picked: an item. points: of the selection that stands."""

    picked: str | None
    points: list[int]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """How maps are shown.

    arrangement: together, side or morph. colour: the column that colours. chosen: items whose neighbors are always
    shown. k: how many. headline: words that the sentence above names; each is labelled wherever it lies. address:
    whether this set of maps keeps its view in the address; one on a page may. compact: without bars and selection, and
    with the list only of what is pointed at. moment: the map that a morph opens on, and goes to when it is another.
    """

    arrangement: str
    colour: str
    chosen: Sequence[str] = ()
    headline: Sequence[str] = ()
    k: int = 8
    zoom: bool = True
    caption: str = ""
    title: str = ""
    address: bool = True
    compact: bool = False
    moment: int | None = None


def _news(data: MapData, lacks: object) -> bytes:
    """The bytes of maps, or none where this browser was sent so many and does not say that it lacks them: Streamlit
    reads them through twice a run, whether they travel or not.
    """
    held: list[str] = st.session_state.get("_maps-held", [])
    st.session_state["_maps-held"] = [*(one for one in held if one != data.version), data.version][-_HELD:]
    return b"" if data.version in held and lacks != data.version and len(data.sent) >= _HEAVY else data.sent


def linked_maps(data: MapData, stage: Stage, *, key: str = "maps") -> Asked:
    """Draw maps that answer each other; large ones come a view at a time (large.py)."""
    chosen = stage.chosen
    store, maps = mounts()
    state = st.session_state.get(key) or {}
    asked = state.get("asked")
    with st.container(key=f"hidden-{key}"):
        if data.large:
            store(data=view_of(data.version, None, tuple(chosen), kind="", _data=data), key=f"{key}-store")
            wanted = box_of(state.get("wanted"))
            if wanted is not None and state["wanted"].get("version") == data.version:
                store(
                    data=view_of(data.version, wanted, tuple(chosen), kind=":detail", _data=data), key=f"{key}-detail"
                )
        else:
            store(data=_news(data, state.get("lacks")), key=f"{key}-store")
        if isinstance(asked, dict) and asked.get("version") == data.version:
            store(data=data.distance_bytes(asked.get("id")), key=f"{key}-distance")
    spec: dict[str, Any] = {
        "version": data.version,
        "arrangement": stage.arrangement,
        "colour": stage.colour,
        "chosen": [data.ids[item] for item in chosen if item in data.ids],
        "k": stage.k,
        "zoom": stage.zoom,
        "caption": stage.caption,
        "title": stage.title,
        "name": "-".join([data.collection.name, *(data.local.asked if data.local else ()), stage.arrangement]),
        "address": stage.address,
        "compact": stage.compact,
        "directed": len(data.maps) > 1 and (data.collection.ordered or len(data.maps) == 2),
    }
    if words := map_words():
        spec["words"] = words
    if presenting():
        spec["large"] = True
    if stage.moment is not None:
        spec["moment"] = stage.moment
    if stage.headline:
        spec["headline"] = [data.ids[item] for item in stage.headline if item in data.ids]
    with st.container(key=f"place-{key}"):
        result = maps(
            data=sent(spec),
            key=key,
            on_picked_change=lambda: None,
            on_asked_change=lambda: None,
            on_selected_change=lambda: None,
            on_wanted_change=lambda: None,
            on_lacks_change=lambda: None,
        )
    picked = result.picked
    item = data.item(picked.get("id")) if isinstance(picked, dict) and picked.get("version") == data.version else None
    return Asked(item, data.selected(result.selected))
