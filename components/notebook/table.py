"""The table of cases: filtered, sorted, tagged many at a time, with every change undone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pyarrow as pa
import streamlit as st

from components.parts.markdown import plain
from components.parts.spoken import later, say
from components.shell import state
from components.shell.bar import drawer
from components.shell.frame import note, shown_errors
from components.shell.pickers import pick_said
from isogloss.notebook.case import HOWS, LONGEST_TAG, Case
from isogloss.notebook.ledger import SORTS, Ledger, Wanted
from isogloss.notebook.replay import shown

ANY = later("any")
_SAID = (  # HOWS of a case and SORTS of the ledger
    *(later("picked"), later("random"), later("rule"), later("newest"), later("oldest"), later("title"), later("page")),
)
MOST = 500  # rows of the table


def pick_cases(ledger: Ledger) -> tuple[list[Case], Wanted]:
    """The cases that the filters of the drawer leave, in order, and what was asked for."""
    tags, pages = [ANY, *ledger.tags()], [ANY, *ledger.pages()]
    asked = {"tag": tags, "page": pages, "how": [ANY, *HOWS], "sort": list(SORTS)}
    state.check_bound(asked, {"sort": "newest"})
    with drawer():
        text = st.text_input(
            say("Find"), key="find", bind="query-params", max_chars=200, help=say("In titles, comments, words.")
        )
        tag = pick_said(st.selectbox, say("Tag"), tags, key="tag", default=ANY, ours=[ANY])
        page = pick_said(st.selectbox, say("Page"), pages, key="page", default=ANY)
        how = pick_said(st.selectbox, say("Came in"), asked["how"], key="how", default=ANY)
        sort = pick_said(st.selectbox, say("Order"), asked["sort"], key="sort", default=asked["sort"][0])
    tag, page, how = ("" if one in (ANY, None) else str(one) for one in (tag, page, how))
    wanted = Wanted(tag, page, "", text, how)
    found = ledger.cases(wanted, sort=sort or "newest", limit=MOST)
    return [case.showable() for case in found], wanted


def case_table(cases: Sequence[Case]) -> list[Case]:
    """The table; those that are selected."""
    columns: dict[str, list[str]] = {
        "case": [case.title or say("untitled") for case in cases],
        "page": [case.view.page for case in cases],
        "comment": [case.comment[:200] for case in cases],
        "tags": [", ".join(case.tags) for case in cases],
        "figures": [figures_line(case) for case in cases],
        "came in": [case.how for case in cases],
        "kept": [case.created[:16].replace("T", " ") for case in cases],
    }
    texts = {name: pa.array(told, pa.string()) for name, told in columns.items()}
    chosen = st.dataframe(
        pa.table(texts),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        column_config={"comment": {"width": "medium"}, "figures": {"width": "medium"}, "tags": {"width": "small"}},
        key=f"cases-{hash(tuple(case.id for case in cases)) & 0xFFFFFFFF:x}",
        alt=say("Cases of the notebook; select rows to open, tag or delete them"),
    )
    rows = chosen["selection"]["rows"]
    return [cases[row] for row in rows if row < len(cases)]


def figures_line(case: Case) -> str:
    """The first figures of a case, in a line.

    >>> from isogloss.notebook.view import View
    >>> figures_line(Case(View("Drift")))
    ''
    """
    return ", ".join(f"{one.name} {shown(one.value)}" for one in case.figures[:2])


def change_cases(ledger: Ledger, chosen: Sequence[Case]) -> None:
    """Tag, untag and delete what is selected; undo."""
    ids, last = [case.id for case in chosen], ledger.last()
    with st.container(horizontal=True, vertical_alignment="bottom", key="change-cases"), shown_errors():
        if ids:
            tag = st.text_input(say("Tag"), key="bulk-tag", max_chars=LONGEST_TAG, width=180, placeholder=say("a word"))
            if st.button(say("Tag {n:,}", n=len(ids)), key="tag-all"):
                ledger.tag_all(ids, tag)
                st.rerun()
            if st.button(say("Take the tag away"), key="untag-all"):
                ledger.tag_all(ids, tag, away=True)
                st.rerun()
            if st.button(say("Delete {n:,}", n=len(ids)), key="delete-all"):
                ledger.delete(ids)
                st.rerun()
        if last and st.button(say("Undo"), key="undo", icon=":material/undo:", width=110, help=plain(last)):
            ledger.undo()
            st.rerun()
    if last:
        note(say("The last change: {last}.", last=escape(last)))
