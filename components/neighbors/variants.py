"""Other spellings of the word in view: proposed, merged for this view, or as lines for a recipe."""

from __future__ import annotations

from html import escape

import pyarrow as pa
import streamlit as st

from components.parts.spoken import say
from components.shell import state
from components.shell.frame import note
from isogloss.corpora.proposing.recipe_text import variants_text
from isogloss.nearest.variants import Variant, variants
from isogloss.spaces.collection import Collection


@st.cache_data(show_spinner=False, max_entries=64)
def _variants(fingerprint: str, space: str, item: str, _collection: Collection) -> list[Variant]:
    return variants(_collection[space], item)


def variants_panel(collection: Collection, item: str) -> None:
    """Folded; looked for when it is asked for, in the space where the word is used most."""
    if not st.toggle(say("Other spellings"), key="spellings", bind="query-params"):
        return
    held = [space for space in collection.spaces if item in space]
    space = max(held, key=lambda one: 0 if one.counts is None else int(one.counts[one[item]]))
    found = _variants(space.fingerprint, space.name, item, collection)
    if not found:
        note(say("In {space} nothing else is written and used like it.", space=escape(space.name)))
        return
    note(
        say(
            "Written like it, and used like it, in {space}: fewest different letters first, forms that differ by an"
            " ending last. Whether two are one word is for you to say.",
            space=escape(space.name),
        )
    )
    table = pa.table(
        {
            "word": [one.item for one in found],
            "letters apart": [one.edits for one in found],
            "cosine": [round(one.similarity, 3) for one in found],
            "uses": pa.array([one.count for one in found], pa.int64()),
            "ending only": [one.inflected for one in found],
        }
    )
    chosen = st.dataframe(
        table,
        hide_index=True,
        column_config={
            "word": say("word"),
            "letters apart": say("letters apart"),
            "cosine": say("cosine"),
            "uses": say("uses"),
            "ending only": say("ending only"),
        },
        key="variants",
        on_select="rerun",
        selection_mode="multi-row",
        alt=say("What may be other spellings of the word"),
    )
    rows = chosen["selection"]["rows"]
    picked = [found[row].item for row in rows if row < len(found)]
    if not picked:
        note(say("Choose some, to see them as one word here, or to merge them in the recipe."))
        return
    if st.button(
        say("Merge them for this view"), help=say("The query is the sum of their vectors."), key="variants-merge"
    ):
        state.walk_to(" + ".join([item, *picked]))
        st.rerun()
    note(say("In the recipe of the collection, before it is built again:"))
    st.code(variants_text(dict.fromkeys(picked, item)), language=None, wrap_lines=True)
