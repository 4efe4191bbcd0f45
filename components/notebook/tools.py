"""What stands under the picture of each page that has figures: Keep, How, Cite, in one quiet row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from components.notebook.cite import cite
from components.notebook.how import how
from components.notebook.keep import keep, view_at_hand
from components.parts.spoken import say
from components.shell.frame import shown_errors
from components.shell.lenses import lenses, way


def tools(page: str, *, shown: Callable[[], Any] | None = None, key: str = "", **parameters: str) -> None:
    """parameters: what the page took where the address says nothing. shown: gives the output of the view's command
    from what the page has at hand, where the command itself would take long.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"view-tools-{page}{key}"):
        keep(page, shown=shown, key=key, **parameters)
        with shown_errors():
            view = view_at_hand(page, parameters)
            how(view, f"{page}{key}")
            cite(view, f"{page}{key}")
            if "Stories" in lenses():
                way(
                    lenses()["Stories"].page,
                    say("Add to a story"),
                    icon=":material/playlist_add:",
                    told={"add": view.link},
                )
