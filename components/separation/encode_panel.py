"""Any encoder: a visitor's texts become a space, in a process that can be watched and stopped."""

from __future__ import annotations

import hashlib
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from components.shell.frame import note, shown_errors
from components.shell.intake import kept
from components.shell.jobs import offer
from components.shell.lenses import lens, link
from isogloss.corpora.documents import read_texts
from isogloss.encoders.static import STAGES
from isogloss.errors import InvalidValue
from isogloss.workspace.access import model_name
from isogloss.workspace.store import check_name

_OTHER = "another model"
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
        chosen = left.selectbox(
            "Model",
            [STAGES[-1], *STAGES[:-1], _OTHER],
            key="encode-model",
            format_func=lambda one: one if one == _OTHER else f"ours, stage {one}",
        )
        into = middle.text_input("Collection", "my-texts", key="encode-into", max_chars=64).strip()
        space = right.text_input("Space", "texts", key="encode-space", max_chars=64).strip()
        column = None
        named = chosen
        if chosen == _OTHER:
            named = st.text_input(
                "Name or folder of a sentence-transformers model",
                key="encode-name",
                max_chars=400,
                placeholder="sentence-transformers/all-MiniLM-L6-v2",
                help=(
                    "A name is looked for in the local cache, then fetched. Weights as safetensors; no code of the"
                    " model is run."
                ),
            )
        if file is not None and not file.name.lower().endswith(".txt"):
            column = st.text_input("Text column", "text", key="encode-column", max_chars=120).strip() or None
        with shown_errors():
            if file is None and not pasted.strip():
                return
            if chosen == _OTHER and not (named or "").strip():
                note("Name the model.")
                return
            _offer(_kept(file, pasted), column, str(named), into, space)


def _kept(file: Any, pasted: str) -> Path:
    if file is None:
        return kept(pasted.encode("utf-8"), "pasted.txt").path
    return kept(file.getbuffer(), file.name).path


def _offer(path: Path, column: str | None, model: str, into: str, space: str) -> None:
    check_name(into)
    if not space:
        raise InvalidValue("the space has no name", "name it, for instance after its texts")
    if model not in STAGES:
        model = model_name(model)
    texts = read_texts(path, column)
    arguments = ["encode", str(path), f"--into={into}", f"--space={space}", f"--model={model}"]
    arguments += [f"--column={column}"] if column else []
    key = "encode-" + hashlib.sha256("\x1f".join(arguments).encode()).hexdigest()[:16]
    if st.session_state.get("encoded") == key:
        note(f"{len(texts):,} texts are in the collection <b>{escape(into)}</b> now, space {escape(space)}.")
        for title in ("Neighbors", "Map", "Scripts"):
            link(title, lens(title).its, collection=into)
    if offer(key, arguments, f"{len(texts):,} texts to encode.", "Encode", "encode"):
        st.session_state["encoded"] = key
        st.rerun()
