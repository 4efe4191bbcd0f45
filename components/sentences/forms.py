"""Measuring a model for the views beside the map of layers."""

from __future__ import annotations

import streamlit as st

from components.shell import state
from components.shell.frame import note, shown_errors
from components.shell.intake import pick_files
from components.shell.jobs import command, key_of, offer
from isogloss.sentences.kept import RETRIEVAL, ROMANISED, STS
from isogloss.sentences.sets import SETS
from isogloss.workspace.access import model_name, read_only

_COMMANDS = {RETRIEVAL: "retrieve", STS: "sts", ROMANISED: "romanised-gap"}
_SAID = {
    RETRIEVAL: "Every language against every other, over the lines that all of them hold.",
    STS: "A table with the columns sentence1, sentence2, score, and language where there are several.",
    ROMANISED: "A set, or a table with the columns language, text, english, and romanised where people wrote it.",
}


def measure_run(kind: str) -> None:
    """The form of one kind, run as a job; its name is that of the kept run."""
    if read_only():
        return
    with st.expander("Measure a model"), shown_errors():
        note(_SAID[kind])
        left, middle, right = st.columns(3)
        model = left.text_input(
            "Model", key=f"{kind}-model", max_chars=400, placeholder="the shipped encoder", help="A folder or a name."
        ).strip()
        layer = middle.text_input(
            "Layer", key=f"{kind}-layer", max_chars=4, help="Empty: the model as a whole."
        ).strip()
        prefix = right.text_input("Prefix", key=f"{kind}-prefix", max_chars=60, placeholder="query: ")
        mine = "my own"
        which = mine if kind == STS else st.selectbox("Sentences", [*SETS, mine], key=f"{kind}-set")
        files = [str(one.path) for one in pick_files("Sentences", f"{kind}-files")] if which == mine else [which]
        left, right = st.columns(2)
        languages = left.text_input("Languages, by commas", key=f"{kind}-languages", max_chars=2_000).strip() or None
        name = right.text_input("Name of the run", f"my-{kind}", key=f"{kind}-name", max_chars=64).strip()
        if not files:
            note("Give sentences.")
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
        if offer(key_of(kind, asked), asked, "It goes on where it was when it is stopped.", label="Measure"):
            state.turn_to("run", name)
