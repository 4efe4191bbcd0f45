"""Pairs: what translating, switching or polishing did to texts, pair by pair, and where it went wrong."""

from functools import partial

import streamlit as st

from components.notebook.keep import keep_made
from components.notebook.tools import tools
from components.rewriting.panel import ALL, pick_by, pick_checked, pick_pairs, pick_profile, shown
from components.rewriting.task import CHECK, TASKS, pick_task
from components.shell.bar import drawer, quiet_bar
from components.shell.frame import frame, shown_errors
from components.shell.pickers import show_dropped

with frame("Pairs"):
    quiet_bar("Pairs")
    opened = picked = None
    with drawer():
        task = pick_task()
        if task == CHECK:
            profile = pick_profile()
        with shown_errors():
            if task == CHECK:
                opened = pick_pairs(profile)
                by = pick_by(opened)
            else:
                picked = TASKS[task].pick()
    dropped = st.container()
    with shown_errors():
        if opened is not None:
            under = partial(tools, "Pairs", profile=profile, by=by or ALL)
            shown(opened, profile, pick_checked(opened, profile, by), by=by, under=under, keep=keep_made)
        elif picked is not None:
            TASKS[task].show(picked, partial(tools, "Pairs", key=task, task=task))
    with dropped:
        show_dropped()
