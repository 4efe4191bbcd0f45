"""Scripts: how far the scripts of a space lie apart, before and after they are brought together."""

import streamlit as st

from components.separation.cached import ensure_collection
from components.separation.concept_view import concept_view
from components.separation.encode_panel import encode_panel
from components.separation.panel import by_language, download, figures, geometry, maps, pick
from components.separation.sentences import finding
from components.separation.typed import gap_panel, nearest, pick_text, vectors_of
from components.shell import state
from components.shell.bar import bar, drawer
from components.shell.frame import frame, lead
from components.shell.lookup import pick_item
from components.shell.pickers import show_dropped
from components.shell.stage.present import end_of_stage
from isogloss.text.normalize import nfc

with frame("Scripts"):
    collection = bar("Scripts", default=ensure_collection(state.read("collection")))
    typed = nfc(state.read("item").strip())
    with drawer():
        choice = pick(collection)
        texts = pick_text(collection)
    show_dropped()
    item = pick_item(collection, typed)
    headline = st.empty()
    vectors = vectors_of(collection, texts)
    picked = maps(collection, choice, [item] if item else [], typed=texts, vectors=vectors)
    picked = nearest(collection, texts, vectors) or picked
    before, after = figures(collection, choice)
    with headline:
        lead(finding(after, choice.space.name, choice.by, removal=choice.removal, before=before))
    end_of_stage(collection)
    by_language(collection, choice)
    download(collection, choice, after)
    if item:
        picked = concept_view(choice.space, item, choice.by) or picked
    picked = geometry(choice) or picked
    encode_panel()
    gap_panel()
    if picked and picked in collection and picked != item:
        state.walk_to(picked)
        st.rerun()
