"""Drift: how far words moved between two spaces, and whether that is more than noise."""

import html
from functools import partial

import streamlit as st

from components.drift.cached import reliability_of
from components.drift.evidence import evidence, flips
from components.drift.panel import pick_drift, pick_filters, pictured, ranking_of
from components.drift.sentences import Between, beside, card, figures, finding, tested_against, verdict, warnings
from components.drift.table import picture, table
from components.drift.words import verdicts
from components.notebook.keep import keep_rows
from components.notebook.tools import tools
from components.parts.figure_tools import figure_tools
from components.parts.spoken import say
from components.shell import state
from components.shell.bar import bar, drawer
from components.shell.frame import frame, lead, note
from components.shell.lenses import link
from components.shell.lookup import pick_item
from components.shell.pickers import show_dropped
from components.shell.stage.present import end_of_stage
from isogloss.drift.filters import part, words_of
from isogloss.errors import InvalidValue
from isogloss.text.normalize import nfc

with frame("Drift"):
    collection = bar("Drift")
    typed = nfc(state.read("item").strip())
    if len(collection) < 2:
        raise InvalidValue(
            say("{collection} has one space", collection=collection.title), say("choose a collection with two or more")
        )
    with drawer():
        choice = pick_drift(collection)
        ranking = ranking_of(collection, choice)
        passed, show = pick_filters(collection, choice, ranking)
    show_dropped()
    keep = partial(keep_rows, "Drift", key="ranking", collection=collection.name, measure=choice.measure)
    if len(several := words_of(typed)) > 1:
        found, picked = verdicts(collection, ranking, several, choice, keep=keep)
        if picked:
            state.walk_to(picked)
            st.rerun()
        if found:
            link("Neighbors", say("Their neighbors"), collection=collection.name, item=typed)
            st.stop()
        typed = ""
    item = pick_item(collection, typed)
    controls = collection.controls
    size = int(controls.facts["panel_size"]) if choice.panel and controls else None
    at = choice.at(ranking, item)
    if item in ranking:
        between = Between(at.source, at.target, not collection.ordered)
        lead(verdict(ranking, item, between))
    else:
        between = Between(choice.source, choice.target, not collection.ordered)
        lead(finding(ranking, between, least=choice.least, panel_size=size, named=passed))
    if item and item not in ranking:
        note(say("The word is not in both spaces, or too rare: it has no drift here."))
    picked = None
    if len(ranking):
        shown = passed & part(ranking, show, choice.least)
        picked, brushed = picture(ranking, shown, choice, item=item)
        end_of_stage(collection)
        tools("Drift", collection=collection.name, item=item * (item in ranking), measure=choice.measure)
        told = pictured(len(ranking), at, collection, ranking.measure)
        figure_tools("picture", ("drift", item, at.source, at.target, choice.measure), told)
    if said := figures(ranking, item, between) if item in ranking else beside(ranking):
        note(html.escape(said))
    reliability = reliability_of(collection, choice.source, choice.target, ranking=ranking)
    with st.expander(tested_against(reliability, collection)):
        st.html(card(reliability, collection))
    if warned := warnings(reliability):
        st.html(warned)
    if item:
        evidence(collection, item, at)
    if len(ranking):
        picked = table(ranking, shown, choice, brushed=brushed, show=show, keep=keep) or picked
    if picked and picked != item:
        state.walk_to(picked)
        st.rerun()
    if choice.panel and len(ranking) and not choice.in_order:
        flips(collection, choice, ranking)
