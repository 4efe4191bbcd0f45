"""What the tasks share: files brought, one picture, and the row that is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.parts.figure_tools import figure_tools
from components.parts.spoken import count, say
from components.parts.tables import csv_of, file_name
from components.shell import state
from components.shell.frame import note
from components.shell.intake import Brought, pick_files
from components.shell.pickers import pick_said
from components.shell.stage.charts import chart
from isogloss.errors import InvalidValue
from isogloss.workspace.access import read_only

LISTED = 2_000


def files(label: str, key: str, *, most: int = 1, help: str = "") -> list[Brought]:
    """Files of one's own, none where the server takes none. Raises InvalidValue for more than are needed."""
    if read_only():
        note(say("This server is read-only: no file can be brought to it."))
        return []
    found = pick_files(label, key, help=help or None)
    if len(found) > most:
        raise InvalidValue(
            count("{n} file was brought", "{n} files were brought", len(found)), say("bring {n}", n=most)
        )
    return found


def choice(
    label: str,
    key: str,
    options: Sequence[str],
    *,
    help: str = "",
    ours: Sequence[str] = (),
    said: Callable[[str], str] = say,
) -> str:
    """One of a few, bound to the address; the first is meant where nothing is said. ours: words of ours among them.
    said: how one of them is said.
    """
    names = list(options)
    state.check_bound({key: names}, {key: names[0]})
    if st.session_state.get(key, names[0]) not in names:
        st.session_state.pop(key)
    return pick_said(st.selectbox, label, names, key=key, default=names[0], ours=ours, said=said, help=help or None)


def picture(figure: go.Figure, name: tuple[str, ...], alt: str) -> None:
    """In the page's place for its picture, with the tools for print."""
    with st.container(key="picture"):
        chart(figure, key="pairs-picture", height="stretch", config={"displayModeBar": False}, alt=alt)
    figure_tools("picture", ("pairs", *name), say("{sentence}.", sentence=alt))


def opened_row(key: str, rows: Sequence[int]) -> int:
    """Position among the rows of the one that was clicked, else of that in the address, else the first."""
    picked = st.session_state.get(key, {}).get("selection", {}).get("rows", [])
    if picked and picked[0] < len(rows):
        if state.read("row") != str(rows[picked[0]]):
            st.query_params["row"] = str(rows[picked[0]])
        return int(picked[0])
    asked = state.read("row")
    for at, row in enumerate(rows):
        if str(row) == asked:
            return at
    if asked:
        state.dropped("row", asked, str(rows[0]))
    return 0


def table(key: str, columns: Mapping[str, Sequence[Any]], alt: str) -> None:
    """Rows of which one is opened, the first 2,000 of them; all of them as CSV."""
    whole = pa.table(dict(columns))
    st.dataframe(
        whole.slice(0, LISTED),
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        height=min(400, 40 + 35 * max(1, min(len(whole), LISTED))),
        alt=alt,
    )
    st.download_button(
        say("All rows as CSV"),
        csv_of(whole, f"all rows of {key}"),
        file_name(key),
        "text/csv",
        on_click="ignore",
        key=f"{key}-csv",
    )
