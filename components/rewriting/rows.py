"""The rows that failed: chosen by kind, type and group, opened one by one, and taken out of the file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pyarrow as pa
import streamlit as st

from components.parts.spoken import count, later, parted, say
from components.parts.tables import file_name
from components.rewriting.diff import show_pair
from components.rewriting.kept import Keep, keeping, rule_of
from components.rewriting.opened import Opened
from components.rewriting.words import kind_said, type_said
from components.shell import state
from components.shell.frame import note, shown_errors
from components.shell.pickers import pick_said
from isogloss.rewriting.chosen import kinds_of, reasons_csv
from isogloss.rewriting.file import FORMATS, PairsFile, goes_with, without
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Checked, Failure

ANY = later("any")
_LABELS = {"kind": later("Kind"), "what": later("Type"), "of": later("Group")}
_SIDES = {
    "source": later("The source without them"),
    "target": later("The target without them"),
    "pairs": later("The file without them"),
}
_LISTED = 1_000
_ENDINGS = {"po": "po", "tmx": "tmx", "xliff": "xlf", "android": "xml", "messages": "jsonl", "strings": "json"}


def shown_rows(opened: Opened, profile: str, checked: Checked, *, by: str, keep: Keep) -> None:
    """Filters, table, the opened pair, what is kept of it, downloads."""
    pairs, file = opened.pairs, opened.file
    if not checked.failures:
        note(say("Nothing failed."))
        return
    kind, what, group = _filters(pairs, checked, by)
    found = [
        one
        for one in checked.failures
        if kind in (ANY, one.kind) and what in (ANY, one.what) and (group == ANY or pairs.columns[by][one.row] == group)
    ]
    if not found:
        note(say("No pair is of all of these: choose others."))
        return
    of_row: dict[int, list[Failure]] = {}
    for one in found:
        of_row.setdefault(one.row, []).append(one)
    at = _opened(pairs, of_row)
    every = [one for one in checked.failures if one.row == at]
    named = parted(f"<b>{escape(kind_said(one.kind))}</b> {escape(type_said(one.what))}" for one in every[:8])
    fields = {"row": pairs.rows[at], "failures": named}
    if file:
        rows = escape(say(FORMATS[file.kind].rows))
        note(say("Row {row:,} (of the file's {rows}): {failures}", rows=rows, **fields))
    else:
        note(say("Row {row:,}: {failures}", **fields))
    show_pair(pairs, at, every, spans=profile in ("protected", "free"))
    rule = rule_of(kind, what, column=by, group=group, of_any=ANY)
    keeping(opened, profile, every, at=at, rows=sorted(of_row), rule=rule, keep=keep)
    _table(pairs, of_row)
    _downloads(pairs, file, of_row)


def _filters(pairs: Pairs, checked: Checked, by: str) -> tuple[str, str, str]:
    kinds = [ANY, *kinds_of(checked.failures)]
    types = [ANY, *sorted({one.what for one in checked.failures})]
    groups = [ANY, *(pairs.groups(by) if by else ())]
    options = {"kind": kinds, "what": types, "of": groups}
    state.check_bound(options, dict.fromkeys(options, ANY))
    for key, some in options.items():
        if st.session_state.get(key, ANY) not in some:
            st.session_state.pop(key)
    columns = st.columns(3)
    ways = {"kind": kind_said, "what": type_said, "of": say}
    chosen = []
    for column, key in zip(columns, options, strict=True):
        if key != "of" or by:
            ours = [ANY] if key == "of" else None
            with column:
                one = pick_said(
                    st.selectbox, say(_LABELS[key]), options[key], key=key, default=ANY, ours=ours, said=ways[key]
                )
            chosen.append(one)
    return chosen[0], chosen[1], chosen[2] if by else ANY


def _opened(pairs: Pairs, of_row: dict[int, list[Failure]]) -> int:
    """The row that was clicked, else that of the address, else the first."""
    listed = sorted(of_row)[:_LISTED]
    picked = st.session_state.get("pairs-rows", {}).get("selection", {}).get("rows", [])
    if picked and picked[0] < len(listed):
        row: int = listed[picked[0]]
        if state.read("row") != str(pairs.rows[row]):
            st.query_params["row"] = str(pairs.rows[row])
        return row
    asked = state.read("row")
    for row in listed:
        if str(pairs.rows[row]) == asked:
            return row
    if asked:
        state.dropped("row", asked, str(pairs.rows[listed[0]]))
    return listed[0]


def _table(pairs: Pairs, of_row: dict[int, list[Failure]]) -> None:
    listed = sorted(of_row)[:_LISTED]
    more = len(of_row) - len(listed)
    if more:
        note(say("{n:,} pairs, the first {first:,} of them: choose one to open it.", n=len(of_row), first=_LISTED))
    else:
        note(count("{n:,} pair: choose it to open it.", "{n:,} pairs: choose one to open it.", len(of_row)))
    table = pa.table(
        {
            "row": [pairs.rows[row] for row in listed],
            "what went wrong": [_told(of_row[row]) for row in listed],
            "span": [next((one.span[:200] for one in of_row[row] if one.span), "") for row in listed],
            "source": [pairs.source[row][:300] for row in listed],
            "target": [pairs.target[row][:300] for row in listed],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        key="pairs-rows",
        on_select="rerun",
        selection_mode="single-row",
        height=min(400, 40 + 35 * len(listed)),
        alt=say("Pairs that failed"),
    )


def _told(failures: Sequence[Failure]) -> str:
    return ", ".join(dict.fromkeys(f"{kind_said(one.kind)}: {type_said(one.what)}" for one in failures))


def _downloads(pairs: Pairs, file: PairsFile | None, of_row: dict[int, list[Failure]]) -> None:
    """What is left without these pairs, in the format it came in, and the reasons."""
    gone = goes_with(file, of_row) if file else set(of_row)
    note(say("Without these, {left:,} of {n:,} pairs are left.", left=len(pairs) - len(gone), n=len(pairs)))
    columns = st.columns(3)
    columns[0].download_button(
        say("The reasons as CSV"),
        lambda: reasons_csv(pairs, of_row),
        file_name("dropped", pairs.name),
        "text/csv",
        on_click="ignore",
        key="pairs-reasons",
    )
    if file is None:
        return
    with shown_errors():
        sides = [side for side, some in zip(_sides(file), file.ranges, strict=True) if len(some)]
        if not sides:
            note(say("This file is not written in parts: its encoding does not tell where rows stand."))
        for column, side in zip(columns[1:], sides, strict=False):
            path = file.paths[-1 if side == "target" else 0]
            ending = _ENDINGS.get(file.kind) or path.suffix.lstrip(".").lower() or "txt"
            column.download_button(
                say(_SIDES[side]),
                lambda side=side: without(file, of_row)[side],  # type: ignore[misc]
                file_name("left", "" if side == "pairs" else side, ending=ending),
                "application/octet-stream",
                on_click="ignore",
                key=f"pairs-left-{side}",
            )


def _sides(file: PairsFile) -> tuple[str, ...]:
    return ("pairs",) if len(file.paths) == 1 else ("source", "target")
