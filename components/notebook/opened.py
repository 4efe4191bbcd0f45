"""A case that is open: its figures as they were and as they are, what it survives, its comment and tags."""

from __future__ import annotations

from html import escape

import pyarrow as pa
import streamlit as st

from components.parts.markdown import plain
from components.parts.spoken import Spoken, later, say
from components.shell.cached import collection_versions
from components.shell.frame import em, ems, lead, note, shown_errors
from components.shell.lenses import lenses
from components.shell.visit import workspace
from isogloss.cli.asked import asking
from isogloss.notebook.case import LONGEST_COMMENT, MOST_TAGS, Case
from isogloss.notebook.figures import Survival
from isogloss.notebook.ledger import Ledger
from isogloss.notebook.replay import Verdict, shown, verify
from isogloss.notebook.report import cite
from isogloss.notebook.survives import survives, with_survival

SLOW = ("align",)  # commands that may take minutes: run when asked for
_WORDS = {
    "holds": later("{case} holds."),
    "changed": later("{case} has changed."),
    "missing": later("{case} cannot be computed."),
}
_STANDS = {True: later("stands"), False: later("falls"), None: later("not computed")}


def opened(ledger: Ledger, case: Case) -> None:
    """Everything of a case."""
    verdict = _verdict(case)
    named = em(case.title or say("untitled"))
    lead(say(_WORDS[verdict.verdict], case=named) if verdict else say("{case} has yet to be checked.", case=named))
    if verdict and verdict.why:
        note(escape(f"{verdict.why[:1].upper()}{verdict.why[1:]}."))
    with st.container(horizontal=True, vertical_alignment="center"):
        if (one := lenses().get(case.view.page)) is not None:
            told = {key: values[0] if len(values) == 1 else values for key, values in case.view.parameters}
            st.page_link(
                one.page, label=say("Back to its view"), icon=":material/arrow_forward:", query_params=told or None
            )
        if case.command:
            _survives(ledger, case)
    _figures(case, verdict)
    if found := st.session_state.get(f"survival-{case.id}") or case.survival:
        _survival(found)
    for space, items in case.neighbors.items():
        note(f"{em(space)}: {ems(list(items), 15)}")
    for line in case.lines:
        note(f"<bdi>{escape(line)}</bdi>")
    _edit(ledger, case)
    if case.command:
        st.code(case.command_line, language=None, wrap_lines=True)
    st.code(cite(case), language=None, wrap_lines=True)


def _verdict(case: Case) -> Verdict | None:
    """What running its command again gives; None where that takes long and was not asked for."""
    if case.command and case.command[0] in SLOW:
        note(say("Its command aligns two spaces anew: some seconds, with some methods minutes."))
        if st.button(say("Check it now"), key=f"check-{case.id}"):
            st.session_state[f"checked-{case.id}"] = True
        if not st.session_state.get(f"checked-{case.id}"):
            return None
    return _checked(case.text(), collection_versions(), case)


@st.cache_data(show_spinner=Spoken("running its command again …"), max_entries=256)
def _checked(text: str, versions: tuple[tuple[str, str, int], ...], _case: Case) -> Verdict:
    here = workspace()
    return verify(_case, asking(here), workspace=here)


def _figures(case: Case, verdict: Verdict | None) -> None:
    if not case.figures:
        note(say("It holds no figures."))
        return
    rows = []
    for one in case.figures:
        now = "" if verdict is None else shown(verdict.new.get(one.name)) if verdict.new else "none"
        interval = (
            ""
            if one.low is None or one.high is None
            else say("{low} to {high}", low=shown(one.low), high=shown(one.high))
        )
        rows.append(
            {
                "figure": one.name,
                "kept": shown(one.value),
                "now": now,
                "95% interval": interval,
                "n": "" if one.n is None else f"{one.n:,}",
                "95% of chance below": "" if one.null_p95 is None else shown(one.null_p95),
            }
        )
    st.dataframe(
        pa.Table.from_pylist(rows), hide_index=True, alt=say("Figures of the case, as kept and as they are now")
    )


def _survives(ledger: Ledger, case: Case) -> None:
    help = say("Runs its command with other seeds, k, measures or retrievals: up to a minute. Kept with the case.")
    if not st.button(
        say("What it survives"), key=f"survive-{case.id}", icon=":material/experiment:", width=190, help=help
    ):
        return
    with shown_errors():
        bar = st.progress(0.0)

        def told(what: str, share: float, number: float | None = None, /) -> None:
            bar.progress(min(max(share, 0.0), 1.0), plain(what))

        found = survives(case, asking(workspace()), progress=told)
        bar.empty()
        st.session_state[f"survival-{case.id}"] = found  # also where nothing can be written
        ledger.put(with_survival(case, found), "what survives of")


def _survival(found: Survival) -> None:
    note(
        say(
            "{sentence}. It stands where: {rule}",
            sentence=escape(found.sentence()),
            rule=escape(found.rule[:1].lower() + found.rule[1:]),
        )
    )
    rows = []
    for one in found.variations:
        told = ", ".join(f"{figure.name} {shown(figure.value)}" for figure in one.figures[:3])
        rows.append({"varied": one.what, "finding": say(_STANDS[one.stands]), "figures": told or one.why})
    st.dataframe(pa.Table.from_pylist(rows), hide_index=True, alt=say("What the case survives"))


def _edit(ledger: Ledger, case: Case) -> None:
    with st.form(f"edit-{case.id}", border=False), shown_errors():
        comment = st.text_area(
            say("Comment"), case.comment, key=f"comment-{case.id}", max_chars=LONGEST_COMMENT, height=90
        )
        help = say("By commas, at most {n}.", n=MOST_TAGS)
        tags = st.text_input(say("Tags"), ", ".join(case.tags), key=f"tags-{case.id}", help=help)
        if st.form_submit_button("Save", key=f"save-{case.id}"):
            told = None if tags == ", ".join(case.tags) else tags.split(",")
            ledger.update(case.id, comment=comment, tags=told)
            st.rerun()
