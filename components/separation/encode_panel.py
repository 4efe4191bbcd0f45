"""Any encoder: a visitor's texts become a space, in a process that can be watched and stopped."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa
import streamlit as st

from components.parts.spoken import Spoken, count, say
from components.shell.brought import pick_part, show_read
from components.shell.frame import note, shown_errors
from components.shell.intake import Brought, kept, uploaded
from components.shell.jobs import command, key_of, made, offer, remember_made
from components.shell.lenses import lens, link
from isogloss.encoders.encoder import ENCODERS, offered_models
from isogloss.encoders.texts import take_texts, text_column, text_columns_of
from isogloss.errors import InvalidValue
from isogloss.tables.columns import text_of
from isogloss.tables.table import look_at_kind, take_table
from isogloss.workspace.access import model_name
from isogloss.workspace.store import check_name


def encode_panel() -> None:
    """Texts, a model, a name; then the space is there on every page."""
    with st.expander(say("Your own texts, with this or any other encoder")):
        note(
            say(
                "One text a line, or a table with a text column. The vectors become a space of a collection of yours,"
                " which every page can show; a text that was encoded before by the same model is not encoded again."
            )
        )
        file = uploaded(say("Texts"), "encode-file")
        pasted = st.text_area(say("or paste them here"), key="encode-text", max_chars=200_000, height=90)
        left, middle, right = st.columns(3)
        ours = offered_models()
        others = {name: ENCODERS[name].title for name in ENCODERS if ENCODERS[name].asks}
        chosen = left.selectbox(
            say("Model"), [*ours, *others], key="encode-model", format_func=(ours | others).__getitem__
        )
        into = middle.text_input(say("Collection"), "my-texts", key="encode-into", max_chars=64).strip()
        space = right.text_input(say("Space"), "texts", key="encode-space", max_chars=64).strip()
        named = chosen
        if chosen in others:
            kind = ENCODERS[chosen]
            named = st.text_input(
                kind.asks, key="encode-name", max_chars=400, placeholder=kind.example, help=kind.help
            ).strip()
        with shown_errors():
            if file is None and not pasted.strip():
                return
            if not named:
                note(say("Name the model."))
                return
            model = model_name(named) if chosen in others else named
            brought = _kept(file, pasted)
            part = pick_part(brought, "encode-part")
            column = _column(brought, part)
            _offer(brought.path, column, part=part, model=model, into=into, space=space)


def _kept(file: Any, pasted: str) -> Brought:
    if file is None:
        return kept(pasted.encode("utf-8"), "pasted.txt")
    return kept(file.getbuffer(), file.name)


@st.cache_resource(show_spinner=Spoken("reading the texts …"), max_entries=2)
def _table(path: str, part: str | None) -> pa.Table:
    return take_table(Path(path), part=part, plain=False).table


def _column(brought: Brought, part: str | None) -> str | None:
    """The column of texts, chosen where a table has several; None for lines of text."""
    if look_at_kind(brought.path, part) == "plain":
        return None
    table = _table(str(brought.path), part)
    names = text_columns_of(table)
    if len(names) < 2:
        return names[0] if names else None
    try:
        proposed = text_column(table, brought.path)
    except InvalidValue:
        proposed = names[0]
    column = st.selectbox(
        say("Text column"), names, index=names.index(proposed), key=f"encode-column-{brought.path.name}"
    )
    first = [shown for value in table[column].slice(0, 20).to_pylist() if (shown := (text_of(value) or "").strip())]
    if first:
        note(say("Its first: {texts}.", texts=escape(", ".join(one[:60] for one in first[:3]))))
    return column


def _offer(path: Path, column: str | None, *, part: str | None, model: str, into: str, space: str) -> None:
    check_name(into)
    if not space:
        raise InvalidValue(say("the space has no name"), say("name it, for instance after its texts"))
    read = take_texts(path, column, part=part)
    texts = read.texts
    show_read(read.read, read.told)
    arguments = encode_command(path, column, part=part, model=model, into=into, space=space)
    key = key_of("encode", arguments)
    if made(key, into):
        note(
            count(
                "{n:,} text is in the collection <b>{collection}</b> now, space {space}.",
                "{n:,} texts are in the collection <b>{collection}</b> now, space {space}.",
                len(texts),
                collection=escape(into),
                space=escape(space),
            )
        )
        for title in ("Neighbors", "Map", "Scripts"):
            link(title, say(lens(title).its), collection=into)
    if offer(
        key,
        arguments,
        count("{n:,} text to encode.", "{n:,} texts to encode.", len(texts)),
        label=say("Encode"),
        button="encode",
    ):
        remember_made(key)
        st.rerun()


def encode_command(
    path: Path, column: str | None, *, part: str | None = None, model: str, into: str, space: str
) -> list[str]:
    """What encodes the texts of a file."""
    return command("encode", [path], into=into, space=space, model=model, column=column or None, part=part)
