"""Any encoder: a visitor's texts become a space, in a process that can be watched and stopped."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from components.shell.frame import note, shown_errors
from components.shell.intake import kept
from components.shell.jobs import command, key_of, made, offer, remember_made
from components.shell.lenses import lens, link
from isogloss.corpora.documents import read_texts
from isogloss.encoders.encoder import ENCODERS, offered_models
from isogloss.errors import InvalidValue
from isogloss.workspace.access import model_name
from isogloss.workspace.store import check_name

_TYPES = ["txt", "csv", "tsv", "jsonl", "parquet"]


def encode_panel() -> None:
    """Texts, a model, a name; then the space is there on every page."""
    with st.expander("Your own texts, with this or any other encoder"):
        note(
            "One text a line, or a table with a text column. The vectors become a space of a collection of yours, which"
            " every page can show; a text that was encoded before by the same model is not encoded again."
        )
        file = st.file_uploader("Texts", type=_TYPES, key="encode-file")
        pasted = st.text_area("or paste them here", key="encode-text", max_chars=200_000, height=90)
        left, middle, right = st.columns(3)
        ours = offered_models()
        others = {name: ENCODERS[name].title for name in ENCODERS if ENCODERS[name].asks}
        chosen = left.selectbox("Model", [*ours, *others], key="encode-model", format_func=(ours | others).__getitem__)
        into = middle.text_input("Collection", "my-texts", key="encode-into", max_chars=64).strip()
        space = right.text_input("Space", "texts", key="encode-space", max_chars=64).strip()
        column, named = None, chosen
        if chosen in others:
            kind = ENCODERS[chosen]
            named = st.text_input(
                kind.asks, key="encode-name", max_chars=400, placeholder=kind.example, help=kind.help
            ).strip()
        if file is not None and not file.name.lower().endswith(".txt"):
            column = st.text_input("Text column", "text", key="encode-column", max_chars=120).strip() or None
        with shown_errors():
            if file is None and not pasted.strip():
                return
            if not named:
                note("Name the model.")
                return
            model = model_name(named) if chosen in others else named
            _offer(_kept(file, pasted), column, model=model, into=into, space=space)


def _kept(file: Any, pasted: str) -> Path:
    if file is None:
        return kept(pasted.encode("utf-8"), "pasted.txt").path
    return kept(file.getbuffer(), file.name).path


def _offer(path: Path, column: str | None, *, model: str, into: str, space: str) -> None:
    check_name(into)
    if not space:
        raise InvalidValue("the space has no name", "name it, for instance after its texts")
    texts = read_texts(path, column)
    arguments = encode_command(path, column, model=model, into=into, space=space)
    key = key_of("encode", arguments)
    if made(key):
        note(f"{len(texts):,} texts are in the collection <b>{escape(into)}</b> now, space {escape(space)}.")
        for title in ("Neighbors", "Map", "Scripts"):
            link(title, lens(title).its, collection=into)
    if offer(key, arguments, f"{len(texts):,} texts to encode.", label="Encode", button="encode"):
        remember_made(key)
        st.rerun()


def encode_command(path: Path, column: str | None, *, model: str, into: str, space: str) -> list[str]:
    """What encodes the texts of a file."""
    return command("encode", [path], into=into, space=space, model=model, column=column or None)
