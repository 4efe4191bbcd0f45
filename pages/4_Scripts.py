"""Scripts: how far the scripts of a space lie apart, before and after they are brought together."""

import html

import streamlit as st

from components.notebook.tools import tools
from components.separation.cached import ensure_collection
from components.separation.concept_view import concept_view
from components.separation.encode_panel import encode_panel
from components.separation.panel import by_language, download, figures, geometry, headline, maps, pick, unread_line
from components.separation.typed import examples, gap_panel, nearest, pick_text, vectors_of
from components.shell import state
from components.shell.bar import bar, drawer
from components.shell.frame import frame, lead, note
from components.shell.lookup import pick_item
from components.shell.pickers import show_dropped
from components.shell.stage.present import end_of_stage
from isogloss.text.normalize import nfc

with frame("Scripts"):
    collection = bar("Scripts", make=lambda: ensure_collection(state.read("collection")))
    typed = nfc(state.read("item").strip())
    with drawer():
        choice = pick(collection)
        texts = pick_text(collection)
    show_dropped()
    item = pick_item(collection, typed)
    lead(headline(collection, choice, item))
    vectors = vectors_of(collection, texts)
    picked, trust = maps(collection, choice, [item] if item else [], typed=texts, vectors=vectors)
    end_of_stage(collection)
    tools("Scripts", collection=collection.name, stage=choice.space.name, by=choice.by, removal=choice.removal)
    picked = nearest(collection, texts, vectors) or picked
    examples(collection, item, texts)
    unread_line(choice)
    if trust:
        note(html.escape(trust))
    _, after = figures(collection, choice)
    by_language(collection, choice)
    download(collection, choice, after)
    if item:
        picked = concept_view(collection, choice.space, item, choice.by) or picked
    picked = geometry(choice) or picked
    encode_panel()
    gap_panel()
    if picked and picked in collection and picked != item:
        state.walk_to(picked)
        st.rerun()
