"""The papers whose question is answered here: page, command, one line."""

from __future__ import annotations

from html import escape

import pyarrow as pa
import streamlit as st

from components.parts.spoken import count, say
from components.parts.tables import file_name, to_csv
from components.shell import state
from components.shell.frame import note
from components.shell.lenses import lens, way
from isogloss.atlas.shipped import answered
from isogloss.notebook.commands import command_line
from isogloss.notebook.view import View


def answers() -> None:
    """One of them in full, all of them as a table."""
    papers = {one.title: one for one in answered()}
    told = count("{n:,} paper that is answered here", "{n:,} papers that are answered here", len(papers))
    st.subheader(told, anchor=False)
    state.check_bound({"paper": list(papers)}, {"paper": next(iter(papers))})
    one = papers[str(st.selectbox(say("Paper"), list(papers), key="paper", bind="query-params"))]
    note(escape(f"{one.year}. {say(one.account)}"))
    view = View.of_link(one.view)
    with st.container(horizontal=True, vertical_alignment="center"):
        way(
            lens(view.page).page,
            say("Answered on {page}", page=say(view.page)),
            icon=":material/arrow_forward:",
            told={key: values[0] for key, values in view.parameters},
        )
        st.link_button(say("The paper"), one.link, icon=":material/open_in_new:", type="tertiary")
    st.code(command_line(one.command), language=None, wrap_lines=True)
    table = pa.Table.from_pylist(
        [
            {
                "title": each.title,
                "year": each.year,
                "link": each.link,
                "answered by": say(each.account),
                "page": View.of_link(each.view).page,
                "command": command_line(each.command),
            }
            for each in papers.values()
        ]
    )
    links = {
        "link": st.column_config.LinkColumn("link", display_text=say("open")),
        "year": st.column_config.NumberColumn(format="%d"),
    }
    st.dataframe(table, hide_index=True, column_config=links, alt=say("Papers that are answered here"))
    st.download_button(
        say("Download as CSV"),
        lambda: to_csv(table),
        file_name("atlas", "answered"),
        "text/csv",
        on_click="ignore",
        key="answered-csv",
    )
