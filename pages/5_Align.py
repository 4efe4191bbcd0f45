"""Align: two spaces brought together by anchors, and how good that is, word by word."""

from functools import partial

import streamlit as st

from components.align.cached import reached, trial_of
from components.align.case import case_of_words
from components.align.diagnostics import before_results, diagnostics
from components.align.errors import errors, examples
from components.align.keep import keep as keep_pair
from components.align.map import joint_map
from components.align.panel import pick_alignment
from components.align.rows import arrow
from components.align.table import finding, pick_cell, picture, results
from components.align.view import output_of, results_of, whole_view
from components.notebook.keep import keep_rows
from components.notebook.tools import tools
from components.parts.spoken import later, say
from components.shell import state
from components.shell.bar import drawer, quiet_bar
from components.shell.frame import frame, lead, note, shown_errors
from components.shell.jobs import others_after
from components.shell.pickers import pick_said, show_dropped

VIEWS = (later("Errors"), later("Diagnostics"), "Map", "Keep")

with frame("Align"), others_after():
    quiet_bar("Align")
    asked = None
    with drawer():
        looked = st.container()
        with shown_errors():
            asked = pick_alignment()
    with shown_errors():
        told = st.container()
        if asked is None:
            note(say("Choose two spaces and anchors, then methods."))
        else:
            top = st.container()
            trial = trial_of(asked.setup)
            outcomes = reached(asked, trial)
            if outcomes:
                with looked:
                    cell = pick_cell(outcomes, trial)
                with top:
                    lead(finding(asked, outcomes, trial, cell=cell))
                    picture(outcomes, trial, cell=cell)
                    if missed := examples(asked, trial, outcomes, cell=cell):
                        note(missed)
                    before_results(asked, trial, outcomes, cell=cell)
                at, way = whole_view(asked, cell), arrow(trial, cell.direction)
                keep = partial(keep_rows, "Align", run=output_of(asked, trial, outcomes), **at | {"direction": way})
                results(asked, trial, outcomes, cell=cell, keep=partial(keep, key="results"))
                tools("Align", shown=partial(results_of, asked, outcomes, cell), **at)
                case_of_words(asked, trial, outcomes, cell=cell)
                state.check_bound({"view": list(VIEWS)}, {"view": VIEWS[0]})
                view = pick_said(st.segmented_control, say("Look at"), VIEWS, key="view", default=VIEWS[0])
                with shown_errors():
                    if view == "Diagnostics":
                        diagnostics(asked, trial, outcomes, cell=cell)
                    elif view == "Map":
                        joint_map(asked, trial, outcomes, method=cell.method)
                    elif view == "Keep":
                        keep_pair(asked, trial, outcomes, method=cell.method)
                    else:
                        errors(asked, trial, outcomes, cell=cell, keep=partial(keep, key="errors"))
        with told:
            show_dropped()
