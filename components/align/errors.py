"""Every test word with its gold, what was found, and a proposed reason; counted, filtered, one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.align.panel import Asked
from components.align.rows import Outcomes
from components.align.table import Cell, change
from components.parts.drawn import drawn
from components.parts.figure_tools import figure_tools
from components.parts.interval_dots import Dot, interval_dots
from components.parts.markdown import plain
from components.parts.palette import GREY, ramp
from components.parts.spoken import count, later, parted, say
from components.parts.tables import KeepRows, csv_of, none
from components.shell import state
from components.shell.frame import em, ems, note
from components.shell.lenses import link
from components.shell.pickers import pick_said
from components.shell.stage.charts import chart
from isogloss.alignment.bli import Retrieved
from isogloss.alignment.reasons import REASONS, RIGHT, Word, by_band, by_stem, explain, start_of, stemmer
from isogloss.alignment.trial import DIRECTIONS, Trial

ALL, EVERY = later("all errors"), later("every rank")


@st.cache_resource(show_spinner=False, max_entries=32)
def _explained(
    key: str, direction: str, retrieval: str, language: str, least: float | None, _trial: Trial, _found: Retrieved
) -> tuple[list[Word], float]:
    return explain(_trial.way(direction), _found, language=language, least=least)


@st.cache_resource(show_spinner=False, max_entries=32)
def _stems(key: str, direction: str, retrieval: str, language: str, _trial: Trial, _found: Retrieved) -> Retrieved:
    return by_stem(_trial.way(direction), _found, language)


def examples(asked: Asked, trial: Trial, outcomes: Outcomes, *, cell: Cell, most: int = 3) -> str:
    """Words that were missed, near-synonyms first, those nearest to their gold, as markup; "" where nothing was."""
    found = cell.of(outcomes)
    if not len(found.rank):
        return ""
    key, language = trial.key(cell.method, asked.script_filter), _language(asked, cell)
    words, _ = _explained(key, cell.direction, cell.retrieval, language, None, trial, found)
    missed = [word for word in words if word.rank > 1]
    missed.sort(key=lambda word: (word.reason != "near-synonym", -word.similarity))
    said = [
        say("{word}: {nearest} (gold {gold})", word=em(w.source), nearest=em(w.nearest[0]), gold=ems(list(w.gold), 2))
        for w in missed[:most]
    ]
    return say("Missed, for instance, with what came first: {said}.", said=parted(said)) if said else ""


def _language(asked: Asked, cell: Cell) -> str:
    """Of the side that words are looked up on."""
    return asked.languages[1 if cell.direction == DIRECTIONS[0] else 0]


def errors(asked: Asked, trial: Trial, outcomes: Outcomes, *, cell: Cell, keep: KeepRows = none) -> None:
    """Reasons as a picture, filters, the words as a table, and the one that was clicked or that the address names.

    keep: takes selected words into the notebook.
    """
    found, key = cell.of(outcomes), trial.key(cell.method, asked.script_filter)
    language = _language(asked, cell)
    if not len(found.rank):
        note(say("No test word is covered: there are no errors to look at."))
        return
    words, least = _explained(key, cell.direction, cell.retrieval, language, None, trial, found)
    left, right = st.columns([1, 1.15], gap="large")
    with right:
        near = st.slider(
            say("Near-synonym: least cosine"),
            0.0,
            1.0,
            round(least, 2),
            0.01,
            key=f"near-{key}",
            help=(
                say(
                    "Of the nearest target and the gold, in the target's own space. It opens where the golds' own ten"
                    " nearest neighbors lie, in the median."
                )
            ),
        )
        if near != round(least, 2):
            words, _ = _explained(key, cell.direction, cell.retrieval, language, near, trial, found)
        stem = st.toggle(
            say("Count a shared stem as right"),
            key="stem",
            bind="query-params",
            help=say("By Snowball's stemmer of the target's language; without one, by a common beginning."),
        )
        if stem:
            _effect(found, _stems(key, cell.direction, cell.retrieval, language, trial, found), language)
        chart(
            drawn(_bands, words),
            key="bands",
            config={"displayModeBar": False},
            alt=say("P@1 in each band of frequency"),
        )
    counted = Counter(word.reason for word in words if word.reason != RIGHT)
    reasons = [reason for reason in REASONS if counted[reason]]
    with left:
        n = sum(counted.values())
        note(
            say(
                "{n:,} of {of:,} test words are not found first. Reasons are proposed by rules, the first that holds:",
                n=n,
                of=len(words),
            )
        )
        if reasons:
            with st.container(key="reasons-picture"):
                chart(
                    drawn(_bars, words, tuple(reasons)),
                    key="reasons",
                    config={"displayModeBar": False},
                    alt=say("Errors by reason and frequency band"),
                )
            told = say("Errors of {n:,} test words by reason and frequency band.", n=len(words))
            figure_tools("reasons-picture", ("errors", trial.source.name, trial.target.name), told)
    state.check_bound({"reason": [ALL, RIGHT, *reasons]}, {"reason": ALL})
    options = [ALL, *reasons, RIGHT]
    reason = pick_said(st.pills, say("Reason"), options, key="reason", default=ALL, wrap=True)
    bands = list(dict.fromkeys(word.band for word in sorted(words, key=lambda w: start_of(w.band)) if word.band))
    state.check_bound({"band": [EVERY, *bands]}, {"band": EVERY})
    band = pick_said(st.segmented_control, say("Rank of the source"), [EVERY, *bands], key="band", default=EVERY)
    if reason in REASONS:
        note(say(REASONS[reason]))
    shown = [
        word
        for word in words
        if (word.reason == reason or (reason == ALL and word.reason != RIGHT)) and band in (EVERY, word.band)
    ]
    row = _table(shown, trial, cell, keep)
    at = state.read("word")
    if row is not None:
        _one(shown[row], trial, cell, asked)
    elif at:
        if named := next((word for word in words if word.source == at), None):
            _one(named, trial, cell, asked)
        else:
            state.dropped("word", at[:200], "all errors")


def _effect(found: Retrieved, stems: Retrieved, language: str) -> None:
    one, two = found.figures(), stems.figures()
    by = "Snowball" if stemmer(language) is not None else say("a common beginning of the words")
    note(
        say(
            "With stems by {by}: {change} (n = {n:,}).",
            by=by,
            change=change(one, two, "<b>{}</b>"),
            n=one["precision_at_1"].n,
        )
    )


def _bars(words: list[Word], reasons: Sequence[str]) -> go.Figure:
    """Errors by reason, stacked by the source's frequency band."""
    bands = sorted({word.band for word in words}, key=start_of)
    colours = iter(ramp(len([band for band in bands if band])))
    figure = go.Figure()
    total = Counter(word.reason for word in words)
    for band in bands:
        counted = Counter(word.reason for word in words if word.band == band)
        figure.add_trace(
            go.Bar(
                y=[f"{say(reason)} {total[reason]:,}" for reason in reasons],
                x=[counted[r] for r in reasons],
                name=say("rank {band}", band=band) if band else say("not in the source"),
                orientation="h",
                marker={"color": next(colours) if band else GREY},
                hovertemplate=say("{reason}: {n} of {band}", reason="%{y}", n="%{x}", band="%{fullData.name}")
                + "<extra></extra>",
            )
        )
    figure.update_layout(
        barmode="stack",
        height=136 + 26 * len(reasons),
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        dragmode=False,
        yaxis={"autorange": "reversed", "automargin": True},
        xaxis={"title": say("test words")},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    )
    return figure


def _bands(words: list[Word]) -> go.Figure:
    some = [Dot(say("{band} (n = {n:,})", band=band, n=one.n), one) for band, one in by_band(words).items()]
    return interval_dots(some, say("P@1 by frequency rank of the source"), True)


def _table(words: list[Word], trial: Trial, cell: Cell, keep: KeepRows) -> int | None:
    """Returns the row that was clicked."""
    table = pa.table(
        {
            "source": [w.source for w in words],
            "gold": [", ".join(w.gold) for w in words],
            "nearest": [w.nearest[0] if w.nearest else None for w in words],
            "rank of gold": pa.array([w.rank or None for w in words], pa.int64()),
            "reason": [say(w.reason) for w in words],
            "cosine": pa.array(
                [None if np.isnan(w.similarity) else round(w.similarity, 3) for w in words], pa.float64()
            ),
            "ten nearest": [", ".join(w.nearest) for w in words],
            "rank of source": [w.band for w in words],
        }
    )
    formats = {
        "source": st.column_config.TextColumn(say("source"), pinned=True),
        "cosine": st.column_config.NumberColumn(
            say("cosine"), format="%.2f", help=say("Of the nearest target and the gold, in the target's own space.")
        ),
        "ten nearest": st.column_config.TextColumn(say("ten nearest"), width="large"),
    }
    selected = st.dataframe(
        table,
        hide_index=True,
        column_config=formats,
        key="errors",
        on_select="rerun",
        selection_mode=["multi-row", "single-cell"],
        height=min(470, 38 + 35 * max(len(table), 1)),
        alt=say("Test words with what was found"),
    )["selection"]
    rows = [row for row in selected["rows"] if row < len(table)]
    download = table.take(rows) if rows else table
    clicked = [cell[0] for cell in selected.get("cells") or [] if cell[0] < len(words)]
    with st.container(horizontal=True, vertical_alignment="center"):
        keep([{"word": words[row].source} for row in rows or clicked])
        st.download_button(
            count("Download {n:,} word as CSV", "Download {n:,} words as CSV", len(download)),
            csv_of(download, f"{trial.source.name} and {trial.target.name} · {cell.method} · {cell.retrieval}"),
            "errors.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="errors-csv",
        )
    return clicked[0] if clicked else None


def _one(word: Word, trial: Trial, cell: Cell, asked: Asked) -> None:
    """One test word: where its gold stands, and the way to its neighbors on either side."""
    way = trial.way(cell.direction)
    marked = [f"<b>{em(n)}</b>" if n in word.gold else em(n) for n in word.nearest]
    where = (
        say("the best gold stands at place {rank:,} of {target:,}", rank=word.rank, target=len(way.target))
        if word.rank
        else say("not in both spaces")
    )
    head = say("{word}: gold {gold}; {where}.", word=em(word.source), gold=ems(list(word.gold), 8), where=where)
    nearest = ", ".join(marked) or say("Nothing was looked up.")
    why = f"{escape(say(word.reason))}: {escape(say(REASONS[word.reason]))}"
    st.html(f'<div class="iso-card"><p>{head}</p><p>{nearest}</p><p class="iso-note">{why}</p></div>')
    sides = asked.sides if cell.direction == DIRECTIONS[0] else asked.sides[::-1]
    with st.container(horizontal=True):
        for side, item in zip(sides, (word.source, word.gold[0]), strict=True):
            link("Neighbors", say("Neighbors of {item}", item=plain(item)), collection=side.collection, item=item)
