"""The titles on a linked map, coloured by section; of a chosen section the others are grey."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import streamlit as st

from components.atlas.pick import EVERY
from components.maps.data import MapData
from components.maps.linked_maps import Stage, linked_maps
from components.parts.spoken import Spoken, say
from components.shell.visit import workspace
from isogloss.atlas.survey import Survey
from isogloss.maps.layout import LayoutParameters, make_layout
from isogloss.maps.linked import find_maps
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space

_SHOWN = "chosen"


def draw(found: Survey, section: str, title: str) -> str | None:
    """The map; a title that was clicked. title: of a paper whose neighbors are shown."""
    data = _maps(found.space.fingerprint, section, found)
    chosen = [title] if title in found.space else []
    colour = _SHOWN if section != EVERY else "section"
    stage = Stage(
        arrangement="side",
        colour=colour if colour in data.colours else data.colours[0],
        chosen=chosen,
        k=found.purity.k,
        zoom=False,
        caption=kept_line(data),
        title=say("Atlas"),
    )
    return linked_maps(data, stage, key="atlas-maps").picked


def kept_line(data: MapData) -> str:
    """How far the map can be trusted."""
    return say(
        "The map keeps {share:.0%} of each title's {k} true neighbors (n = {n:,}; random places would keep"
        " {chance:.1%}; more is better).",
        share=data.kept_share,
        k=data.k,
        n=len(data),
        chance=data.chance_share,
    )


def map_line(found: Survey, section: str) -> str:
    return kept_line(_maps(found.space.fingerprint, section, found))


@st.cache_resource(max_entries=32, show_spinner=Spoken("Drawing the map…"))
def _maps(fingerprint: str, section: str, _found: Survey) -> MapData:
    space, parameters, store = _found.space, LayoutParameters(), workspace().derived("atlas")
    plain = Collection("atlas", (space,), "Atlas", Alignment("none"))
    make_layout(plain, [space.name], parameters, store=store)
    maps = find_maps(plain, [space.name], "matched", parameters=parameters, store=store) or []
    if section != EVERY:
        at = _found.titles.sections.index(section)
        marks = [section if held else None for held in _found.titles.held[:, at]]
        columns = space.columns.append_column(_SHOWN, pa.array(marks, pa.string()))
        marked = Space(space.name, space.items, space.vectors, columns, space.metadata)
        plain, maps = Collection("atlas", (marked,), "Atlas"), [replace(one, space=marked) for one in maps]
    return MapData(plain, maps, "matched", parameters)
