"""Measuring a model for the views beside the map of layers."""

from __future__ import annotations

import streamlit as st

from components.parts.spoken import later, say
from components.shell import state
from components.shell.frame import note, shown_errors
from components.shell.intake import pick_files
from components.shell.jobs import command, key_of, offer
from isogloss.sentences.kept import RETRIEVAL, ROMANISED, STS
from isogloss.sentences.sets import SETS
from isogloss.workspace.access import model_name, read_only

_COMMANDS = {RETRIEVAL: "retrieve", STS: "sts", ROMANISED: "romanised-gap"}
_SAID = {
    RETRIEVAL: later("Every language against every other, over the lines that all of them hold."),
    STS: later("A table with the columns sentence1, sentence2, score, and language where there are several."),
    ROMANISED: later(
        "A set, or a table with the columns language, text, english, and romanised where people wrote it."
    ),
}

MINE = "my own"


def set_said(name: str) -> str:
    """Sets go by their names, which commands take too; one's own by a word."""
    return say("my own") if name == MINE else name


def measure_run(kind: str) -> None:
    """The form of one kind, run as a job; its name is that of the kept run."""
    if read_only():
        return
    with st.expander(say("Measure a model")), shown_errors():
        note(say(_SAID[kind]))
        left, middle, right = st.columns(3)
        model = left.text_input(
            say("Model"),
            key=f"{kind}-model",
            max_chars=400,
            placeholder=say("the shipped encoder"),
            help=say("A folder or a name."),
        ).strip()
        layer = middle.text_input(
            say("Layer"), key=f"{kind}-layer", max_chars=4, help=say("Empty: the model as a whole.")
        ).strip()
        prefix = right.text_input(say("Prefix"), key=f"{kind}-prefix", max_chars=60, placeholder="query: ")
        sets = [*SETS, MINE]
        which = MINE if kind == STS else st.selectbox(say("Sentences"), sets, key=f"{kind}-set", format_func=set_said)
        files = [str(one.path) for one in pick_files(say("Sentences"), f"{kind}-files")] if which == MINE else [which]
        left, right = st.columns(2)
        languages = (
            left.text_input(say("Languages, by commas"), key=f"{kind}-languages", max_chars=2_000).strip() or None
        )
        name = right.text_input(say("Name of the run"), f"my-{kind}", key=f"{kind}-name", max_chars=64).strip()
        if not files:
            note(say("Give sentences."))
            return
        several = {"language": languages} if kind == STS else {"languages": languages}
        asked = command(
            _COMMANDS[kind],
            files[:1] if kind == STS else files,
            model=model_name(model) if model else None,
            layer=layer or None,
            prefix=prefix or None,
            keep=name,
            **several,
        )
        if offer(key_of(kind, asked), asked, say("It goes on where it was when it is stopped."), label=say("Measure")):
            state.turn_to("run", name)
