"""Drift: how far words moved between two spaces, and whether that is more than noise."""

import html

import streamlit as st

from components.drift.cached import reliability_of
from components.drift.evidence import evidence, flips
from components.drift.panel import pick_drift, pick_filters, ranking_of
from components.drift.sentences import Between, card, figures, finding, verdict
from components.drift.table import picture_and_table
from components.shell import state
from components.shell.frame import frame, lead, note
from components.shell.lenses import page_links
from components.shell.lookup import pick_item
from components.shell.pickers import pick_collection, show_dropped
from components.shell.search_box import search_box
from isogloss.drift.filters import part
from isogloss.errors import InvalidValue
from isogloss.text.normalize import nfc

with frame("Drift"):
    page_links(state.read("collection") or None)
    narrow, wide = st.columns([1, 4.2], gap="large")
    with narrow:
        collection = pick_collection()
        typed = nfc(state.read("item").strip())
        search_box(collection, typed, "Word", placeholder="climate")
        if len(collection) < 2:
            raise InvalidValue(f"{collection.title} has one space", "choose a collection with two or more")
        choice = pick_drift(collection)
        ranking = ranking_of(collection, choice)
        passed, show = pick_filters(collection, choice, ranking)
    with wide:
        show_dropped()
        item = pick_item(collection, typed)
        controls = collection.controls
        size = int(controls.facts["panel_size"]) if choice.panel and controls else None
        at = choice.at(ranking, item)
        if item in ranking:
            between = Between(at.source, at.target, not collection.ordered)
            lead(verdict(ranking, item, between))
            note(html.escape(figures(ranking, item, between)))
        else:
            between = Between(choice.source, choice.target, not collection.ordered)
            lead(finding(ranking, between, least=choice.least, panel_size=size))
        st.html(card(reliability_of(collection, choice.source, choice.target, ranking=ranking), collection))
        if item and item not in ranking:
            note("The word is not in both spaces, or too rare: it has no drift here.")
        if len(ranking):
            picked = picture_and_table(
                ranking, passed & part(ranking, show, choice.least), choice, item=item, show=show
            )
            if picked and picked != item:
                state.walk_to(picked)
                st.rerun()
        if choice.panel and len(ranking) and not choice.in_order:
            flips(collection, choice, ranking)
        if item:
            evidence(collection, item, at)
