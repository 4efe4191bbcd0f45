"""The Notebook page: its cases, the one that is open, and the ways in and out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from html import escape

import streamlit as st

from components.notebook.book import book, where_kept
from components.notebook.coding import coding
from components.notebook.opened import opened
from components.notebook.rules import rules_panel
from components.notebook.table import MOST, case_table, change_cases, pick_cases
from components.parts.spoken import count, later, say
from components.parts.tables import file_name
from components.parts.told import read_said
from components.shell import state
from components.shell.frame import lead, note, shown_errors
from components.shell.intake import pick_files
from components.shell.lenses import link
from components.shell.pickers import pick_said, show_dropped
from isogloss.errors import NotFound
from isogloss.notebook.case import Case
from isogloss.notebook.files import FORMATS, take_in
from isogloss.notebook.ledger import Ledger
from isogloss.workspace.access import read_only

VIEWS = (later("Cases"), later("Coding"), later("Rules"))
_ENDINGS = {"prov": "prov.json"}


def notebook() -> None:
    """The page: the cases, their coding by two, and rules over a table."""
    if said := where_kept():
        note(said)
    state.check_bound({"view": list(VIEWS)}, {"view": VIEWS[0]})
    view = pick_said(
        st.segmented_control, say("Look at"), VIEWS, key="view", default=VIEWS[0], label_visibility="collapsed"
    )
    if view == "Rules":
        show_dropped()
        _rules()
    elif view == "Coding":
        _coding(book())
    else:
        _cases(book())


def _coding(ledger: Ledger) -> None:
    """Of the cases that pass the filters: what is drawn from, and so what a rate is of."""
    if not ledger.count():
        show_dropped()
        lead(say("There is no case to code yet."))
        note(say("Keep views first: each is a case. Cases of a table are coded by <code>isogloss cases draw</code>."))
        return
    _, wanted = pick_cases(ledger)
    show_dropped()
    n, found = ledger.count(), ledger.count(wanted)
    lead(
        say("{found:,} of {n:,} cases can be drawn and coded by two.", found=found, n=n)
        if found != n
        else say("{n:,} cases, coded by two.", n=n)
    )
    note(
        say(
            "A sheet tells no system and no other's codes; it works without a network, and saves one file to bring"
            " back."
        )
    )
    coding([case.as_json() | {"page": case.view.page} for case in ledger.cases(wanted)])


def _rules() -> None:
    lead(say("A group is a rule: saved, counted against chance, and applied again to other data."))
    note(
        say(
            "Bring a table with a row an item, error or pair. A rule such as <code>script ≠ `target script` and rank"
            " &gt; 10</code> gives its rate with an interval and a shuffled null; with a column that says what is an"
            " error, slices are proposed that hold more errors than shuffled ones would."
        )
    )
    rules_panel()


def _cases(ledger: Ledger) -> None:
    if not ledger.count():
        _empty()
        show_dropped()
        _bring(ledger)
        return
    cases, wanted = pick_cases(ledger)
    show_dropped()
    n, found = ledger.count(), ledger.count(wanted)
    lead(
        count("{n:,} case kept.", "{n:,} cases kept.", n)
        if found == n
        else count(
            "{n:,} case kept, {shown:,} of them shown.", "{n:,} cases kept, {shown:,} of them shown.", n, shown=found
        )
    )
    if found > len(cases):
        note(say("The first {n:,} stand in the table; the filters reach the others.", n=MOST))
    chosen = case_table(cases) if cases else []
    if not cases:
        note(say("No case passes the filters."))
    change_cases(ledger, chosen)
    if len(chosen) == 1 and state.newly("case", chosen[0].id):
        st.query_params["case"] = chosen[0].id
    if asked := state.read("case"):
        st.divider()
        with shown_errors():
            opened(ledger, _asked(ledger, asked).showable())
    st.divider()
    _take_away([ledger.get(case.id) for case in chosen] or ledger.cases(wanted))
    _bring(ledger)


def _asked(ledger: Ledger, id: str) -> Case:
    try:
        return ledger.get(id)
    except NotFound as error:
        raise NotFound(
            say("there is no case {case!r} in this notebook", case=id[:40]),
            lever=say("a link to a case works where the case was kept"),
        ) from error


def _empty() -> None:
    lead(say("The notebook is empty."))
    note(
        say(
            "Under the picture of each page stands <b>Keep</b>: it writes the view's link, its figures and the command"
            " that gives them again. Opened later, a case says whether it still holds. From a shell: <code>python -m"
            " isogloss cases keep LINK</code>."
        )
    )
    with st.container(horizontal=True):
        for title in ("Neighbors", "Map", "Drift", "Scripts", "Align"):
            link(title)


def _take_away(cases: Sequence[Case]) -> None:
    note(escape(f"{len(cases):,} case{'s' * (len(cases) != 1)} as a file:"))
    with st.container(horizontal=True, key="take-away"):
        for name, (label, kind, write) in FORMATS.items():
            ending = _ENDINGS.get(name, name)
            st.download_button(
                label,
                _writer(write, cases),
                file_name("notebook", date.today().isoformat(), ending=ending),
                kind,
                on_click="ignore",
                key=f"take-{name}",
                icon=":material/download:",
            )


def _writer(write: Callable[[Sequence[Case]], str], cases: Sequence[Case]) -> Callable[[], bytes]:
    return lambda: write(cases).encode("utf-8", "replace")


def _bring(ledger: Ledger) -> None:
    if read_only():
        note(say("This server is read-only: no cases can be brought to it."))
        return
    with st.expander(say("Bring cases that were exported")), shown_errors():
        files = pick_files(say("JSON lines"), "bring-cases", ["jsonl"])
        for file in files:
            if state.newly(f"cases-{file.path.name}", str(file.path)) is None:
                continue
            tally = take_in(ledger, file.path)
            st.session_state["_brought_cases"] = say("{name}: {read}.", name=file.name, read=read_said(tally))
            st.rerun()
        if said := st.session_state.pop("_brought_cases", ""):
            note(escape(said))
