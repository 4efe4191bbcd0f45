"""Rules over a table that a person brings: one typed, and those that the slice finder proposes."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import pyarrow as pa
import streamlit as st

from components.parts import numbers
from components.parts.interval_dots import Dot, interval_dots
from components.parts.spoken import Spoken, later, parted, say
from components.parts.tables import csv_of, file_name
from components.shell.brought import pick_part, show_read
from components.shell.frame import note, shown_errors
from components.shell.intake import kept, uploaded
from components.shell.stage.charts import chart
from isogloss.notebook.rules import Errors, Rule, applied, errors_of, rate
from isogloss.notebook.slices import Slices, find_slices
from isogloss.tables.read import TableRead
from isogloss.tables.table import take_table

_NO_ERRORS = later("none")
_MOST_SHOWN = 12


def rules_panel() -> None:
    """A table, a rule, its rate; slices where a column says what is an error."""
    file = uploaded(say("A table of items, errors or pairs"), "rules-file")
    if file is None:
        return
    with shown_errors():
        brought = kept(file.getbuffer(), file.name)
        part = pick_part(brought, "rules-part")
        read = _read(str(brought.path), part)
        show_read(read.read, read.told)
        names = read.table.column_names
        left, right = st.columns([1, 2])
        chosen = left.selectbox(
            say("Which are errors"), [_NO_ERRORS, *names], format_func=_told, key=f"rules-errors-{brought.path.name}"
        )
        text = right.text_input(
            say("Rule"), key="rules-rule", max_chars=2_000, placeholder="script ≠ `target script` and rank > 10"
        ).strip()
        errors = errors_of(read.table, chosen) if chosen != _NO_ERRORS else None
        if errors and errors.unknown:
            note(say("{n:,} rows say neither error nor none, and are left out.", n=errors.unknown))
        if text:
            with shown_errors():  # the slices stand all the same
                _one(Rule(text), errors, read.table)
        if errors:
            _slices(errors, chosen, f"{brought.path} {part or ''}")


@st.cache_resource(show_spinner=Spoken("reading the table …"), max_entries=2)
def _read(path: str, part: str | None) -> TableRead:
    return take_table(Path(path), part=part)


@st.cache_resource(show_spinner=Spoken("looking for slices …"), max_entries=4)
def _found(place: str, chosen: str, within: str, _errors: Errors) -> Slices:
    names = [name for name in _errors.table.column_names if name != chosen]
    return find_slices(_errors.table, _errors.mask, columns=names, within=within)


def _one(rule: Rule, errors: Errors | None, table: pa.Table) -> None:
    rows = errors.table if errors else table
    found = applied(rule, rows)
    unknown = int(found.unknown.sum())
    more = say("; of {n:,} it cannot be told, for a value is missing", n=unknown) if unknown else ""
    note(say("True of {n:,} of {rows:,} rows{more}.", n=found.n, rows=rows.num_rows, more=more))
    if errors:
        figure = rate(rule, rows, errors.mask)
        null = figure.null
        chance = (
            say(
                "; 95% of shuffled ones below {p95:.2f}, p {p}",
                p95=null.p95,
                p=numbers.probability(null.p),
            )
            if null
            else ""
        )
        note(
            say(
                "Errors among them: <b>{figure}</b>{chance}. {how}.",
                figure=numbers.figure(figure),
                chance=chance,
                how=escape(figure.how),
            )
        )
    text = json.dumps(rule.as_json(), ensure_ascii=False, indent=1)
    st.download_button(say("The rule"), text, file_name("rule", ending="json"), key="rules-save", on_click="ignore")


def _slices(errors: Errors, chosen: str, place: str) -> None:
    names = [name for name in errors.table.column_names if name != chosen]
    within = st.selectbox(
        say("Shuffle errors within"),
        [_NO_ERRORS, *names],
        format_func=_told,
        key="rules-within",
        help=say("What it explains is not found again."),
    )
    found = _found(place, chosen, "" if within == _NO_ERRORS else within, errors)
    note(escape(found.sentence()[0].upper() + found.sentence()[1:]) + ".")
    for name, why in list(found.tally.left_out.items())[:_MOST_SHOWN]:
        note(say("Left out: {name} ({why}).", name=escape(name), why=escape(why)))
    if not found.found:
        return
    dots = [Dot(one.rule.text, one.figure) for one in found.found[:_MOST_SHOWN]]
    said = parted(f"{dot.label} {numbers.figure(dot.figure)}" for dot in dots)
    chart(
        interval_dots(dots, say("errors, 95% interval"), True), key="rules-slices", alt=say("Slices: {said}", said=said)
    )
    table = pa.table(
        {
            "rule": [one.rule.text for one in found.found],
            "n": [one.figure.n for one in found.found],
            "rate": [one.figure.value for one in found.found],
            "the rest": [one.rest for one in found.found],
            "q": [one.q for one in found.found],
            "rules alike": [one.alike for one in found.found],
        }
    )
    st.dataframe(table, hide_index=True, key="rules-table", alt=say("Slices with their rates, the rest's, and q"))
    st.download_button(
        say("Slices as CSV"), csv_of(table, "slices found"), file_name("slices"), key="rules-csv", on_click="ignore"
    )


def _told(one: str) -> str:
    return say(one) if one == _NO_ERRORS else one
