"""What the methods reached: the sentence, the table of every retrieval and direction, and whether they differ at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components import state
from components.align_panel import TITLES
from components.frame import em, note
from components.palette import OKABE_ITO
from components.tables import to_csv
from isogloss.aligned import hubness_of
from isogloss.bli import Retrieved, paired_difference
from isogloss.trial import DIRECTIONS, Outcome, Trial

RETRIEVALS = {"nn": "NN", "csls": "CSLS", "isf": "inverted softmax"}
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
    >>> from isogloss.anchors import UNSUPERVISED
    >>> import numpy as np; from isogloss.space import Space
    >>> one, two = (Space(n, ("x",), np.ones((1, 1), np.float32)) for n in "ab")
    >>> arrow(Trial(one, two, UNSUPERVISED, UNSUPERVISED), "target-source")
    'b → a'
    """
    way = trial.way(direction)
    return f"{way.source.name} → {way.target.name}"


def pick_cell(outcomes: Outcomes, trial: Trial) -> Cell:
    """Which cell the sentence, the differences and the errors are about."""
    titles = [TITLES.get(m, m) for m in outcomes]
    best = TITLES.get(max(outcomes, key=lambda m: _hits(outcomes[m].found[DIRECTIONS[0]]["csls"])), "")
    best = best if best in titles else titles[0]
    ways = {arrow(trial, d): d for d in DIRECTIONS}
    state.check_bound(
        {"method": titles, "retrieval": list(RETRIEVALS.values()), "direction": list(ways)},
        {"method": best, "retrieval": "CSLS", "direction": next(iter(ways))},
    )
    a, b, c = st.columns([1, 1, 1.3])
    method = a.selectbox("Method", titles, index=titles.index(best), key="method", bind="query-params")
    retrieval = b.selectbox("Retrieval", list(RETRIEVALS.values()), index=1, key="retrieval", bind="query-params")
    direction = c.selectbox("Direction", list(ways), key="direction", bind="query-params")
    name = next(m for m in outcomes if TITLES.get(m, m) == method)
    return Cell(name, next(k for k, v in RETRIEVALS.items() if v == retrieval), ways[direction])


def _hits(found: Retrieved) -> float:
    return float((found.rank <= 1).mean()) if len(found.rank) else 0.0


def finding(outcomes: Outcomes, trial: Trial, cell: Cell) -> str:
    """The sentence before the table, as markup."""
    found, way = cell.of(outcomes), trial.way(cell.direction)
    if not len(found.rank):
        return f"No test word has a translation in both {em(way.source.name)} and {em(way.target.name)}."
    told = found.figures()
    low, high = told["ci_precision_at_1"]  # type: ignore[misc]
    return (
        f"{em(TITLES.get(cell.method, cell.method))} finds the translation of <b>{told['precision_at_1']:.0%}</b> of "
        f"{told['n_test']:,} {em(way.source.name)} test words first among {outcomes[cell.method].kept_targets.get(cell.direction, len(way.target)):,} "
        f"{em(way.target.name)} ones (95 % interval {100 * low:.0f} to {high:.0%}); {told['precision_at_10']:.0%} among the first ten."
    )


def differences(outcomes: Outcomes, cell: Cell) -> list[str]:
    """The chosen method against each other one, on the same test words; plain text."""
    mine, said = cell.of(outcomes), []
    for other in outcomes:
        theirs = outcomes[other].found[cell.direction][cell.retrieval]
        if other == cell.method or len(theirs.rank) != len(mine.rank):
            continue
        difference, low, high = (100 * v for v in paired_difference(mine, theirs))
        verdict = "not distinguishable" if low <= 0 <= high else "better" if difference > 0 else "worse"
        said.append(
            f"{TITLES.get(cell.method, cell.method)} less {TITLES.get(other, other)}: {difference:+.1f} points of P@1 ({low:+.1f} to {high:+.1f}): {verdict}"
        )
    return said


def result_table(outcomes: Outcomes, trial: Trial) -> pa.Table:
    """One row for each method, retrieval and direction; figures from 0 to 1."""
    rows = []
    for direction in DIRECTIONS:
        for method, outcome in outcomes.items():
            for retrieval, title in RETRIEVALS.items():
                found = outcome.found[direction][retrieval]
                one, wrong = found.figures("dropped"), found.figures("wrong")
                low, high = one["ci_precision_at_1"]  # type: ignore[misc]
                rows.append(
                    {
                        "direction": arrow(trial, direction),
                        "method": TITLES.get(method, method),
                        "retrieval": title,
                        "P@1": one["precision_at_1"],
                        "from": low,
                        "to": high,
                        "P@1 of all": wrong["precision_at_1"],
                        "P@5": one["precision_at_5"],
                        "P@10": one["precision_at_10"],
                        "P@10 of all": wrong["precision_at_10"],
                        "MRR": one["mrr"],
                        "n": one["n_test"],
                        "coverage": one["coverage"],
                        "hubness": hubness_of(outcome, trial, direction, retrieval),
                    }
                )
    return pa.Table.from_pylist(rows)


def show_table(table: pa.Table) -> None:
    share = {
        name: st.column_config.NumberColumn(name, format="percent")
        for name in ("from", "to", "P@5", "P@10", "coverage")
    }
    formats = {
        "direction": st.column_config.TextColumn("direction", pinned=True), "method": st.column_config.TextColumn("method", pinned=True), **share,
        "P@1": st.column_config.NumberColumn("P@1", format="percent", help="Share of covered test words whose nearest target is a gold translation."),
        "from": st.column_config.NumberColumn("95 % from", format="percent", help="Bootstrap interval of P@1 over test words."),
        "MRR": st.column_config.NumberColumn("MRR", format="%.3f", help="Mean of 1/rank of the best gold translation."),
        "coverage": st.column_config.NumberColumn("coverage", format="percent", help="Share of test words that both spaces hold."),
        "P@1 of all": st.column_config.NumberColumn("P@1 of all", format="percent", help="Of all test words: those that are not covered count as wrong (fastText's policy; MUSE and VecMap drop them)."),
        "P@10 of all": st.column_config.NumberColumn("P@10 of all", format="percent"),
        "hubness": st.column_config.NumberColumn("hubness", format="%.1f", help="Skewness of how often each target stands among the ten nearest of test words; lower is better."),
    }  # fmt: skip
    st.dataframe(
        table,
        hide_index=True,
        column_config=formats,
        height=38 + 35 * len(table),
        alt="What every method reached",
        key="results",
    )
    st.download_button(
        "Download the table as CSV", lambda: to_csv(table), "alignment.csv", "text/csv", icon=":material/download:"
    )


def dots(table: pa.Table, ways: list[str]) -> go.Figure:
    """P@1 with its interval, a panel for each direction, a colour for each method."""
    rows = table.to_pylist()
    methods = list(dict.fromkeys(row["method"] for row in rows))
    labels = [f"{method} · {r}" for method in methods for r in RETRIEVALS.values()]
    figure = go.Figure()
    for i, way in enumerate(ways):
        axis = "" if i == 0 else "2"
        for j, method in enumerate(methods):
            some = [row for row in rows if row["direction"] == way and row["method"] == method]
            figure.add_trace(
                go.Scatter(
                    x=[row["P@1"] for row in some], y=[f"{method} · {row['retrieval']}" for row in some], mode="markers", showlegend=False,
                    error_x={"type": "data", "symmetric": False, "array": [row["to"] - row["P@1"] for row in some], "arrayminus": [row["P@1"] - row["from"] for row in some], "thickness": 1.5, "width": 0},
                    marker={"size": 9, "color": OKABE_ITO[j % 8]}, xaxis=f"x{axis}", yaxis="y", hovertemplate="%{y}: %{x:.1%}<extra></extra>",
                )
            )  # fmt: skip
    most = max((row["to"] for row in rows), default=1.0)
    common = {"tickformat": ".0%", "range": [0, min(1.0, most * 1.08) or 1.0], "zeroline": False}
    figure.update_layout(
        height=70 + 24 * len(labels), margin={"l": 10, "r": 10, "t": 26, "b": 10}, dragmode=False,
        xaxis={"domain": [0, 0.48], **common}, xaxis2={"domain": [0.52, 1], "anchor": "y", **common},
        yaxis={"categoryorder": "array", "categoryarray": labels[::-1], "automargin": True},
        annotations=[
            {"text": f"{way}, P@1", "x": x, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "showarrow": False}
            for way, x in zip(ways, (0, 0.52), strict=True)
        ],
    )  # fmt: skip
    return figure


def results(outcomes: Outcomes, trial: Trial, cell: Cell) -> None:
    """The table, its picture, and the differences of the chosen cell."""
    table = result_table(outcomes, trial)
    st.plotly_chart(
        dots(table, [arrow(trial, d) for d in DIRECTIONS]), key="dots", config={"displayModeBar": False}, alt="P@1 of every method with its interval"
    )  # fmt: skip
    for line in differences(outcomes, cell):
        note(line + ".")
    dropped = {arrow(trial, d): trial.way(d).dropped for d in DIRECTIONS}
    show_table(table)
    said = "; ".join(f"{n:,} {way}" for way, n in dropped.items() if n)
    if said:
        note(f"Test words that also stand among the training anchors are left out: {said}.")
