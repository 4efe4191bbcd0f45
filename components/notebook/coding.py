"""Coding by two: a draw, a sheet for each coder, what both gave, how far they agree, and what is to be decided."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pyarrow as pa
import streamlit as st

from components.parts import numbers
from components.parts.interval_dots import Dot, interval_dots
from components.parts.markdown import plain
from components.parts.spoken import count, later, parted, say
from components.parts.tables import csv_of, file_name
from components.parts.told import read_said
from components.shell.frame import note, shown_errors
from components.shell.intake import kept
from components.shell.stage.charts import chart
from isogloss.figure import Figure
from isogloss.notebook.coding.coded import Coded, Compared, adjudicated, compared, take_coded
from isogloss.notebook.coding.draw import Draw, draw
from isogloss.notebook.coding.rates import horvitz_thompson
from isogloss.notebook.coding.sheet import sheet
from isogloss.workspace.access import read_only

_UNDECIDED = later("undecided")
_MOST_SHOWN = 50
Row = Mapping[str, Any]


def coding(rows: Sequence[Row]) -> None:
    """rows: cases, each with an `id`. Draw, code outside, come back."""
    if not rows:
        note(say("There is no case to draw from yet."))
        return
    with shown_errors():
        drawn = _draw(rows)
        _sheets(drawn)
    with shown_errors():
        pair = _results()
        if pair:
            _agreement(compared(*pair))
            _adjudication(drawn, *pair)


def _draw(rows: Sequence[Row]) -> Draw:
    left, middle, right = st.columns(3)
    n = left.number_input(say("Cases to draw"), 1, len(rows), min(50, len(rows)), key="coding-n")
    texts = {key for row in rows for key, value in row.items() if isinstance(value, str) and key not in ("id", "title")}
    by = middle.selectbox(say("As many of each"), [None, *sorted(texts)], key="coding-by", format_func=_by)
    seed = right.number_input(say("Seed"), 0, 2**32 - 1, 0, key="coding-seed")
    found = draw(rows, int(n), by=by, seed=int(seed))
    strata = [f"{escape(one.name)} {one.n:,} of {one.of:,}" for one in found.strata if one.name]
    told = f" ({', '.join(strata[:8])})" if strata else ""
    note(
        say(
            "Draw {key}: {n:,} of {of:,} cases{told}, each with its probability.",
            key=found.key,
            n=len(found.rows),
            of=found.of,
            told=told,
        )
    )
    lines = "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in found.rows)
    name = file_name("draw", found.key, ending="jsonl")
    st.download_button(say("The draw"), lines.encode("utf-8", "replace"), name, key="coding-draw", on_click="ignore")
    return found


def _told(one: str) -> str:
    return say(one) if one == _UNDECIDED else one


def _by(name: str | None) -> str:
    return name or say("at random")


def _sheets(drawn: Draw) -> None:
    for column, which in zip(st.columns(2), ("first", "second"), strict=True):
        label = say("The first coder") if which == "first" else say("The second coder")
        coder = column.text_input(label, key=f"coding-{which}", max_chars=80).strip()
        if coder:
            made = sheet(drawn.rows, coder)
            name = file_name("sheet", drawn.key, coder, ending="html")
            with column:
                st.download_button(
                    say("Sheet for {coder}", coder=plain(coder)),
                    made.html.encode(),
                    name,
                    key=f"coding-sheet-{which}",
                    on_click="ignore",
                )
                if made.blind.left_out:
                    note(say("Not in it: {left_out}.", left_out=escape(", ".join(made.blind.left_out))))
                if made.blind.named:
                    note(
                        count(
                            "{n:,} case names a system in its text.",
                            "{n:,} cases name a system in their text.",
                            len(made.blind.named),
                        )
                    )


def _results() -> tuple[Coded, Coded] | None:
    if read_only():
        note(say("This server is read-only: no file can be brought to it."))
        return None
    given = st.file_uploader(
        say("What both sheets saved"), type=["json"], accept_multiple_files=True, key="coding-results"
    )
    if not given:
        return None
    found = [take_coded(kept(one.getbuffer(), one.name).path) for one in given]
    for one in found:
        note(say("{name}: {read}.", name=escape(one.coder), read=escape(read_said(one.tally))))
    if len(found) != 2:
        note(count("{n} file: bring the two of one draw.", "{n} files: bring the two of one draw.", len(found)))
        return None
    return found[0], found[1]


def _agreement(found: Compared) -> None:
    one = found.agreement
    for told in (*found.told, *dict.fromkeys(one.unknown().values())):
        note(escape(told) + ".")
    note(say("{n:,} cases were coded by both, {agreed:,} alike.", n=one.n, agreed=one.agreed))
    figures = {"Cohen's κ": one.kappa, "Krippendorff's α": one.alpha, "Gwet's AC1": one.ac1}
    known = [Dot(name, figure) for name, figure in figures.items() if figure.known]
    if known:
        picture = interval_dots(known, say("agreement beyond chance, 95% interval"), most=1.0)
        least = min(dot.interval[0] for dot in known)
        picture.update_xaxes(range=[min(0.0, least - 0.05), 1.0])
        said = parted(f"{dot.label} {numbers.figure(dot.figure)}" for dot in known)
        chart(picture, key="coding-agreement", alt=say("Agreement: {said}", said=said))
        note(escape(parted(figure.how for figure in figures.values() if figure.known)) + ".")
        _matrix(found)


def _matrix(found: Compared) -> None:
    one = found.agreement
    met = [i for i in range(len(one.categories)) if one.matrix[i].any() or one.matrix[:, i].any()]
    names = [one.categories[i] for i in met]
    columns: dict[str, Any] = {"first \\ second": names}
    columns |= {f" {names[j]}": [int(one.matrix[i, at]) for i in met] for j, at in enumerate(met)}
    table = pa.table(columns)
    st.dataframe(
        table, hide_index=True, key="coding-matrix", alt=say("How often each code of the first met each of the second")
    )
    st.download_button(
        say("Matrix as CSV"),
        csv_of(table, "agreement of two coders"),
        file_name("agreement"),
        key="coding-matrix-csv",
        on_click="ignore",
    )


def _adjudication(drawn: Draw, a: Coded, b: Coded) -> None:
    """Both answers side by side, a choice for each; then the codes that stand, and their rates."""
    apart = compared(a, b).apart
    titles = {str(row["id"]): str(row.get("title") or row["id"]) for row in drawn.rows}
    decided = {}
    if apart:
        note(
            say("{n:,} cases to decide, the first {most} here.", n=len(apart), most=_MOST_SHOWN)
            if len(apart) > _MOST_SHOWN
            else count("{n:,} case to decide.", "{n:,} cases to decide.", len(apart))
        )
    for one in apart[:_MOST_SHOWN]:
        left, middle, right = st.columns(3)
        with left:
            note(f"<bdi>{escape(titles.get(one.id, one.id))}</bdi>")
        with middle:
            notes = [
                f"{escape(who)}: <b>{escape(code)}</b> <bdi>{escape(said)}</bdi>"
                for who, code, said in ((a.coder, one.a, one.note_a), (b.coder, one.b, one.note_b))
            ]
            note("<br>".join(notes))
        chosen = right.selectbox(
            say("Decided"), [_UNDECIDED, one.a, one.b], format_func=_told, key=f"coding-decide-{one.id}"
        )
        if chosen != _UNDECIDED:
            decided[one.id] = chosen
    final = adjudicated(a, b, decided)
    if not final:
        return
    _rates(drawn, final)
    text = json.dumps({"format": 1, "draw": a.draw, "codes": final}, ensure_ascii=False, indent=1)
    name = file_name("codes", a.draw, ending="json")
    st.download_button(
        say("The codes that stand"), text.encode("utf-8", "replace"), name, key="coding-final", on_click="ignore"
    )


def _rates(drawn: Draw, final: Mapping[str, str]) -> None:
    """Of each code, of the population that the draw stands for."""
    found: dict[str, Figure] = {}
    told = ""
    for code in sorted(set(final.values())):
        rate = horvitz_thompson(drawn.rows, {case: given == code for case, given in final.items()})
        found[code], told = rate.figure, read_said(rate.tally)
    known = [Dot(code, figure) for code, figure in found.items() if figure.known]
    if known:
        said = parted(f"{dot.label} {numbers.figure(dot.figure)}" for dot in known)
        picture = interval_dots(known, say("share of all cases, 95% interval"), True)
        chart(picture, key="coding-rates", alt=say("Rates: {said}", said=said))
        note(escape(say("{how}. Rows of the draw: {told}.", how=known[0].figure.how, told=told)))
    else:
        note(say("No code belongs to a case of this draw: choose the numbers that it was drawn with."))
