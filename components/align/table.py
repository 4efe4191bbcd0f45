"""What the methods reached: the sentence, the table of every retrieval and direction, and whether they differ at
all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import cast

import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.align.cached import unfiltered
from components.align.panel import Asked
from components.parts.interval_dots import Dot, interval_dots
from components.parts.palette import OKABE_ITO
from components.parts.tables import to_csv
from components.shell import state
from components.shell.frame import em, note
from isogloss.alignment.bli import RETRIEVALS as TESTED
from isogloss.alignment.bli import Retrieved, paired_difference
from isogloss.alignment.method import METHODS
from isogloss.alignment.outcomes import hubness_of
from isogloss.alignment.trial import DIRECTIONS, Outcome, Trial
from isogloss.figure import Figure
from isogloss.nearest.criterion import retrievals

RETRIEVALS = {name: retrievals()[name].title for name in TESTED}
_SHARES = ("P@1", "P@5", "P@10")
_OF_ALL = ("P@1 of all", "P@5 of all", "P@10 of all")
Outcomes = Mapping[str, Outcome]


@dataclass(frozen=True)
class Cell:
    """One cell of the table that the page looks into."""

    method: str
    retrieval: str
    direction: str

    def of(self, outcomes: Outcomes) -> Retrieved:
        return outcomes[self.method].found[self.direction][self.retrieval]


def arrow(trial: Trial, direction: str) -> str:
    """
    >>> from isogloss.alignment.anchors.dictionary import UNSUPERVISED
    >>> import numpy as np; from isogloss.spaces.space import Space
    >>> one, two = (Space(n, ("x",), np.ones((1, 1), np.float32)) for n in "ab")
    >>> arrow(Trial(one, two, UNSUPERVISED, test=UNSUPERVISED), "target-source")
    'b → a'
    """
    way = trial.way(direction)
    return f"{way.source.name} → {way.target.name}"


def pick_cell(outcomes: Outcomes, trial: Trial) -> Cell:
    """Which cell the sentence, the differences and the errors are about."""
    titles = [METHODS[m].title for m in outcomes]
    reached = {m: Cell(m, "csls", DIRECTIONS[0]).of(outcomes).figures()["precision_at_1"].value for m in outcomes}
    best = METHODS[max(reached, key=lambda m: reached[m])].title
    ways = {arrow(trial, d): d for d in DIRECTIONS}
    state.check_bound(
        {"method": titles, "retrieval": list(RETRIEVALS.values()), "direction": list(ways)},
        {"method": best, "retrieval": "CSLS", "direction": next(iter(ways))},
    )
    a, b, c = st.columns([1, 1, 1.3])
    method = a.selectbox("Method", titles, index=titles.index(best), key="method", bind="query-params")
    retrieval = b.selectbox(
        "Retrieval",
        list(RETRIEVALS.values()),
        index=1,
        key="retrieval",
        bind="query-params",
        help=(
            "NN: the nearest by cosine. CSLS: less where a target is near to many (k = 10). ISF: inverted softmax over"
            " all sources (β = 30)."
        ),
    )
    direction = c.selectbox("Direction", list(ways), key="direction", bind="query-params")
    name = next(m for m in outcomes if METHODS[m].title == method)
    return Cell(name, next(k for k, v in RETRIEVALS.items() if v == retrieval), ways[direction])


def finding(asked: Asked, outcomes: Outcomes, trial: Trial, *, cell: Cell) -> str:
    """The sentence before the table, as markup."""
    found, way = cell.of(outcomes), trial.way(cell.direction)
    what = "counterpart" if asked.setup.anchors.kind == "identical" else "translation"
    if not len(found.rank):
        return f"No test word has a {what} in both {em(way.source.name)} and {em(way.target.name)}."
    told = found.figures()
    first, (low, high) = told["precision_at_1"], told["precision_at_1"].interval or (0.0, 0.0)
    return (
        f"{em(METHODS[cell.method].title)} finds the {what} of <b>{first.value:.0%}</b> of"
        f" {first.n:,} {em(way.source.name)} test words first among"
        f" {outcomes[cell.method].kept_targets.get(cell.direction, len(way.target)):,} {em(way.target.name)} ones (95 %"
        f" interval {100 * low:.0f} to {high:.0%}); {told['precision_at_10'].value:.0%} among the first ten."
    )


def differences(outcomes: Outcomes, cell: Cell) -> list[str]:
    """The chosen method against each other one, on the same test words; plain text."""
    mine, said = cell.of(outcomes), []
    for other in outcomes:
        theirs = outcomes[other].found[cell.direction][cell.retrieval]
        if other == cell.method or len(theirs.rank) != len(mine.rank):
            continue
        found = paired_difference(mine, theirs)
        difference, low, high = (100 * v for v in (found.value, *(found.interval or (found.value, found.value))))
        verdict = "not distinguishable" if low <= 0 <= high else "better" if difference > 0 else "worse"
        said.append(
            f"{METHODS[cell.method].title} less {METHODS[other].title}: {difference:+.1f} points of P@1"
            f" ({low:+.1f} to {high:+.1f}): {verdict}"
        )
    return said


def result_table(outcomes: Outcomes, trial: Trial) -> pa.Table:
    """One row for each method, retrieval and direction; figures from 0 to 1."""
    rows = []
    for direction in DIRECTIONS:
        for method, outcome in outcomes.items():
            for retrieval, title in RETRIEVALS.items():
                found = outcome.found[direction][retrieval]
                one, wrong = found.row("dropped"), found.row("wrong")
                low, high = cast(list[float], one["ci_precision_at_1"])
                rows.append(
                    {
                        "direction": arrow(trial, direction),
                        "method": METHODS[method].title,
                        "retrieval": title,
                        "P@1": one["precision_at_1"],
                        "from": low,
                        "to": high,
                        "P@5": one["precision_at_5"],
                        "P@10": one["precision_at_10"],
                        "MRR": one["mrr"],
                        "n": one["n_test"],
                        "P@1 of all": wrong["precision_at_1"],
                        "P@5 of all": wrong["precision_at_5"],
                        "P@10 of all": wrong["precision_at_10"],
                        "MRR of all": wrong["mrr"],
                        "coverage": one["coverage"],
                        "hubness": hubness_of(outcome, trial, direction=direction, retrieval=retrieval).value,
                    }
                )
    return pa.Table.from_pylist(rows)


def show_table(table: pa.Table) -> None:
    """In percent, one row a method and retrieval; the download has the figures from 0 to 1."""
    shown = pa.Table.from_pylist(
        [
            {
                "method": f"{row['method']} · {row['retrieval']}",
                "direction": f"→ {row['direction'].rpartition(' → ')[2]}",
                "95 %": f"{100 * row['from']:.1f}–{100 * row['to']:.1f}",
                **{name: row[name] for name in ("MRR", "n", "hubness")},
                **{name: 100 * row[name] for name in (*_SHARES, *_OF_ALL, "coverage")},
            }
            for row in table.to_pylist()
        ]
    ).select(["method", "direction", "P@1", "95 %", "P@5", "P@10", "MRR", "n", "coverage", "hubness", *_OF_ALL])
    help_ = {
        "P@1": "Share of covered test words whose nearest target is a gold translation.",
        "coverage": "Share of test words that both spaces hold.",
    } | dict.fromkeys(
        _OF_ALL,
        "Of all test words: those that are not covered count as wrong (fastText's policy; MUSE and VecMap drop them).",
    )
    share = {
        name: st.column_config.NumberColumn(
            name.replace(" of", ""), format="%.1f %%", help=help_.get(name), width=66 if name in _SHARES else 73
        )
        for name in (*_SHARES, *_OF_ALL, "coverage")
    }
    formats = {
        "method": st.column_config.TextColumn("method", pinned=True),
        **share,
        "95 %": st.column_config.TextColumn("95 %", help="Bootstrap interval of P@1 over test words.", width=80),
        "MRR": st.column_config.NumberColumn(
            "MRR", format="%.3f", help="Mean of 1/rank of the best gold translation.", width=58
        ),
        "n": st.column_config.NumberColumn("n", help="Covered test words.", width=50),
        "hubness": st.column_config.NumberColumn(
            "hubness",
            format="%.1f",
            width=70,
            help="Skewness of how often each target stands among the ten nearest of test words; lower is better.",
        ),
    }
    st.dataframe(
        shown,
        hide_index=True,
        column_config=formats,
        height=38 + 35 * len(shown),
        alt="What every method reached",
        key="results",
    )
    st.download_button(
        "Download the table as CSV", lambda: to_csv(table), "alignment.csv", "text/csv", icon=":material/download:"
    )


def dots(table: pa.Table, way: str) -> go.Figure:
    """P@1 of one direction, a colour for each method; the scale is that of both directions."""
    rows = table.to_pylist()
    methods = list(dict.fromkeys(row["method"] for row in rows))
    some = [
        Dot(
            f"{row['method']} · {row['retrieval']}",
            Figure(value=row["P@1"], n=row["n"], better="more", low=row["from"], high=row["to"]),
            OKABE_ITO[methods.index(row["method"]) % 8],
        )
        for row in rows
        if row["direction"] == way
    ]
    most = min(1.0, max((row["to"] for row in rows), default=1.0) * 1.08)
    return interval_dots(some, "", True, title=f"{way}, P@1", most=most)


def script_effect(plain: Outcome, outcomes: Outcomes, trial: Trial, *, cell: Cell) -> str:
    """What leaving out the targets of other scripts changes; plain text. plain: among all targets."""
    before, after = plain.found[cell.direction][cell.retrieval].figures(), cell.of(outcomes).figures()
    kept, n = outcomes[cell.method].kept_targets[cell.direction], len(trial.way(cell.direction).target)
    return f"Targets in one script, {kept:,} of {n:,}: {change(before, after)} (n = {after['precision_at_1'].n:,})"


def change(before: Mapping[str, Figure], after: Mapping[str, Figure], form: str = "{}") -> str:
    """`P@1 30.1% → 32.5%` and so on, in per cent. form: markup around the second."""
    pairs = ((k, before[f"precision_at_{k}"].value, after[f"precision_at_{k}"].value) for k in (1, 5, 10))
    return ", ".join(f"P@{k} {old:.1%} → {form.format(f'{new:.1%}')}" for k, old, new in pairs)


def results(asked: Asked, trial: Trial, outcomes: Outcomes, *, cell: Cell) -> None:
    """The table, its picture, the differences of the chosen cell, and what the script filter does to it."""
    table = result_table(outcomes, trial)
    for column, direction in zip(st.columns(2), DIRECTIONS, strict=True):
        way = arrow(trial, direction)
        column.plotly_chart(
            dots(table, way),
            key=f"dots-{direction}",
            config={"displayModeBar": False},
            alt=f"P@1 of every method with its interval, {way}",
        )
    said = differences(outcomes, cell)
    plain = unfiltered(trial, cell.method) if asked.script_filter and len(cell.of(outcomes).rank) else None
    if plain is not None:
        said.append(script_effect(plain, outcomes, trial, cell=cell))
    for line in said:
        note(line + ".")
    dropped = {arrow(trial, d): trial.way(d).dropped for d in DIRECTIONS}
    show_table(table)
    if left_out := "; ".join(f"{n:,} {escape(way)}" for way, n in dropped.items() if n):
        note(f"Test words that also stand among the training anchors are left out: {left_out}.")
