"""Keep: one button beside a picture that writes the view at hand, with its figures, into the notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from components.notebook.book import book, where_kept
from components.parts.markdown import plain
from components.parts.spoken import count, say
from components.shell.frame import shown_errors
from components.shell.lenses import link
from components.shell.visit import workspace
from isogloss.cli.asked import asking
from isogloss.notebook.case import Case
from isogloss.notebook.replay import Run, make_case
from isogloss.notebook.view import View

MOST_ROWS = 50
_NOT_OF_A_VIEW = ("present", "v", "story", "beat", "live", "lang")


def keep(page: str, *, shown: Callable[[], Any] | None = None, key: str = "", **parameters: str) -> None:
    """The button. parameters: what the page took where the address says nothing. shown: gives the output of the view's
    command from what the page has at hand, where the command itself would take long.
    """
    with st.container(key=f"keep-row-{page}{key}", width="content"):
        if not st.button(
            say("Keep"),
            key=f"keep-{page}{key}",
            icon=":material/bookmark_add:",
            width=100,
            help=say("Into the notebook: this view's link, its figures, and the command that gives them again."),
        ):
            return
        with shown_errors():
            run = asking(workspace()) if shown is None else _given(shown)
            with st.spinner(say("keeping …")):
                case = book().keep(make_case(view_at_hand(page, parameters), run, workspace()))
            st.toast(
                say("Kept: {case}. {where}", case=plain(case.title), where=where_kept()), icon=":material/bookmark:"
            )
            link("Notebook", say("Open it in the notebook"), case=case.id)


def keep_rows(
    page: str,
    rows: Sequence[Mapping[str, str]],
    /,
    *,
    key: str,
    run: Run | None = None,
    **parameters: str,
) -> None:
    """One button for the rows that are selected in a table: each becomes a case of its own, whose link opens the page
    at it.

    rows: what each says in the address. run: gives the output of a row's command from what the page has at hand, where
    the command itself would take long. parameters: as of `keep`.
    """
    told = list(dict.fromkeys(tuple(row.items()) for row in rows))
    n = min(len(told), MOST_ROWS)
    pressed = st.button(
        count("Keep {n} row", "Keep {n} rows", n) if n else say("Keep rows"),
        key=f"keep-rows-{key}",
        icon=":material/bookmark_add:",
        disabled=not n,
        width=170,
        help=say(
            "Select rows by the boxes at their left, or by Shift+Space at a cell. Each becomes a case in the notebook,"
            " with the command that gives its figures again; {n} at most at a time.",
            n=MOST_ROWS,
        ),
    )
    if not pressed:
        return
    with shown_errors():
        here, ledger = workspace(), book()
        with st.spinner(say("keeping …")):
            for row in told[:n]:
                ledger.keep(make_case(view_at_hand(page, parameters | dict(row)), run or asking(here), here))
        st.toast(
            count("Kept: {n} row. {where}", "Kept: {n} rows. {where}", n, where=where_kept()),
            icon=":material/bookmark:",
        )
        link("Notebook", say("Open the notebook"))


def keep_made(case: Case) -> None:
    """Keep a case that is made already, such as one of a file that a person brought, which no command names again."""
    with shown_errors():
        found = book().keep(case)
        st.toast(say("Kept: {case}. {where}", case=plain(found.title), where=where_kept()), icon=":material/bookmark:")
        link("Notebook", say("Open it in the notebook"), case=found.id)


def view_at_hand(page: str, parameters: dict[str, str]) -> View:
    """The address as it is, with what the page took in its place; empty is left out."""
    keys = [key for key in st.query_params if key not in _NOT_OF_A_VIEW]
    told: dict[str, str | Sequence[str]] = {key: st.query_params.get_all(key) for key in keys}
    return View.of(page, {key: value for key, value in (told | parameters).items() if value})


def _given(shown: Callable[[], Any]) -> Callable[[Sequence[str]], Any]:
    def run(command: Sequence[str]) -> Any:
        return shown()

    return run
