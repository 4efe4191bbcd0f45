"""What a page says of a file that was brought: which part of it is read, what was recognised, what was skipped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pyarrow as pa
import streamlit as st

from components.parts.markdown import plain
from components.parts.spoken import say
from components.parts.told import read_said
from components.shell.frame import note
from components.shell.intake import Brought
from isogloss.tables.read import told_in_words
from isogloss.tables.table import look_at_parts
from isogloss.text.tally import Tally


def pick_part(brought: Brought, key: str) -> str | None:
    """The split of a folder or the file of a .zip that is to be read; None where there is nothing to choose."""
    parts = look_at_parts(brought.path)
    if not parts:
        return None
    return st.selectbox(
        say("Which part of {name}", name=plain(brought.name)),
        parts,
        key=f"{key}-{brought.path.name}",
        help=say("It holds several; one is read."),
    )


def show_read(read: Tally, told: Mapping[str, str]) -> None:
    """What the file was recognised as, and what was skipped or left out, with the list; nothing where all was read."""
    if told:
        note(say("Recognised{what}.", what=escape(told_in_words(told))))
    listed = [(reason, one) for reason, some in read.listed.items() for one in some]
    listed += [(why, name) for name, why in read.left_out.items()]
    if not any(read.skipped.values()) and not listed:
        return
    note(escape(say("{sentence}.", sentence=read_said(read))))
    if listed:
        with st.expander(say("What was skipped")):
            note(say("The first 200 of each kind."))
            table = {"why": [why.replace("_", " ") for why, _ in listed], "what": [one for _, one in listed]}
            st.dataframe(pa.table(table), hide_index=True, alt=say("What was skipped, with its reason"))
