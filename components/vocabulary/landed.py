"""Maps of where new words land: among known tokens in the space they were made by, and in the table of the model."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.maps.cached import local_maps
from components.maps.linked_maps import Stage, linked_maps
from components.maps.local import local_fidelity
from components.parts.spoken import say
from components.shell.frame import note
from isogloss.maps.layout import LayoutParameters
from isogloss.spaces.collection import Collection
from isogloss.vocabulary.growing.grow import Grown

_MOST = 6  # words around which maps are drawn


def shown_landed(collection: Collection, found: Grown) -> None:
    """Side by side, what is hovered in one shown in the other."""
    made = [one.word for one in found.words if one.how == "made"] or [one.word for one in found.words]
    st.subheader(say("Where they land"))
    chosen = st.multiselect(
        say("Around"),
        [one.word for one in found.words],
        made[:3],
        key="nursery-around",
        max_selections=_MOST,
        placeholder=say("Choose options"),
    )
    if not chosen:
        note(say("Choose a word to see what lies around it."))
        return
    drawn = local_maps(collection, chosen, collection.names, how="matched", parameters=LayoutParameters())
    told = local_fidelity(drawn, drawn.local) if drawn.local else ""
    stage = Stage(
        arrangement="side",
        colour="kind",
        chosen=chosen,
        headline=chosen,
        k=5,
        zoom=False,
        caption=told,
        address=False,
        compact=True,
    )
    linked_maps(drawn, stage, key="landed")
    note(escape(told))
    if any(one.how != "made" for one in found.words):
        note(say("A word that the space does not hold is in the table of the model alone, where chance put it."))
