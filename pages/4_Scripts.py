"""Scripts: how far the scripts of a space lie apart, before and after they are brought together."""

import streamlit as st

from components.separation.cached import ensure_collection
from components.separation.concept_view import concept_view
from components.separation.encode_panel import encode_panel
from components.separation.panel import by_language, download, figures, geometry, maps, pick
from components.separation.sentences import finding
from components.separation.typed import gap_panel, nearest, pick_text, vectors_of
from components.shell import state
from components.shell.frame import frame, lead
from components.shell.lenses import page_links
from components.shell.lookup import pick_item
from components.shell.pickers import pick_collection, show_dropped
from components.shell.search_box import search_box
from isogloss.text.normalize import nfc

with frame("Scripts"):
    page_links(state.read("collection") or None)
    opens_with = ensure_collection(state.read("collection"))
    narrow, wide = st.columns([1, 4.2], gap="large")
    with narrow:
        collection = pick_collection(opens_with)
        typed = nfc(state.read("item").strip())
        search_box(collection, typed, "Concept or item", placeholder="Ελλάδα · el")
        choice = pick(collection)
        texts = pick_text(collection)
    with wide:
        show_dropped()
        item = pick_item(collection, typed)
        headline = st.empty()
        vectors = vectors_of(collection, texts)
        picked = maps(collection, choice, [item] if item else [], typed=texts, vectors=vectors)
        picked = nearest(collection, texts, vectors) or picked
        before, after = figures(collection, choice)
        with headline:
            lead(finding(after, choice.space.name, choice.by, removal=choice.removal, before=before))
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
