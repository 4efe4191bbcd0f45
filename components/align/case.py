"""What taking dictionary words in lower case does to a result: both figures, side by side."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from components.align.cached import reach_quickly, trial_of
from components.align.panel import Asked
from components.align.rows import Outcomes
from components.align.table import Cell
from components.parts.spoken import commas, count, say
from components.shell.frame import note
from isogloss.alignment.anchors.dictionary import CASES
from isogloss.alignment.method import METHODS
from isogloss.alignment.trial import Outcome, Trial

_NAMED = 3


def case_of_words(asked: Asked, trial: Trial, outcomes: Outcomes, *, cell: Cell) -> None:
    """Say how many words were taken in lower case, and what the other policy reaches; nothing where it is the same."""
    other = next(case for case in CASES if case != asked.setup.case)
    turned = trial_of(replace(asked.setup, case=other))
    lower = trial if asked.setup.case == "lower" else turned
    words = list(dict.fromkeys(word for one in lower.spelt.values() for word in one.lowered))
    if not words:
        return
    told = st.container()
    theirs = reach_quickly(asked, turned, cell.method)
    if theirs is None and METHODS[cell.method].quick and st.button(say("Compare the case of words"), key="case-both"):
        theirs = reach_quickly(asked, turned, cell.method, asked_for=True)
    both = {asked.setup.case: outcomes[cell.method], other: theirs}
    some = commas(escape(word[:40]) for word in words[:_NAMED])
    with told:
        note(
            count(
                "{n:,} dictionary word ({words}) is in the spaces in lower case only. Taken so: {lower}; words as they"
                " are written: {exact}.",
                "{n:,} dictionary words ({words}) are in the spaces in lower case only. Taken so: {lower}; words as"
                " they are written: {exact}.",
                len(words),
                words=some,
                lower=_reached(both["lower"], cell),
                exact=_reached(both["exact"], cell),
            )
        )


def _reached(outcome: Outcome | None, cell: Cell) -> str:
    if outcome is None:
        return say("not run yet")
    first = outcome.found[cell.direction][cell.retrieval].figures()["precision_at_1"]
    trained = outcome.diagnostics["n_train"]
    value = f"P@1 {first.value:.1%}" if first.n else say("no P@1")
    return say("{value} of {n:,} test words after {trained:,} training pairs", value=value, n=first.n, trained=trained)
