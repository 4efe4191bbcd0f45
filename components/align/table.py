"""What the methods reached: the sentence, the table of every retrieval and direction, and whether they differ at
all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa
import streamlit as st

from components.align.cached import unfiltered
from components.align.panel import Asked
from components.align.rows import RETRIEVALS, Outcomes, arrow, result_table
from components.parts.drawn import drawn
from components.parts.figure_tools import figure_tools
from components.parts.palette import GREY, OKABE_ITO
from components.parts.spoken import later, listed, parted, say
from components.parts.tables import KeepRows, csv_of, none
from components.shell import state
from components.shell.frame import em, note
from components.shell.stage.charts import chart
from isogloss.alignment.bli import Retrieved, paired_difference
from isogloss.alignment.method import METHODS
from isogloss.alignment.trial import DIRECTIONS, Outcome, Trial
from isogloss.figure import Figure

_SHARES = ("P@1", "P@5", "P@10")
_OF_ALL = ("P@1 of all", "P@5 of all", "P@10 of all")
_NEAREST = later("P@1, the nearest target is right")


@dataclass(frozen=True)
class Cell:
    """One cell of the table that the page looks into."""

    method: str
    retrieval: str
    direction: str

    def of(self, outcomes: Outcomes) -> Retrieved:
        return outcomes[self.method].found[self.direction][self.retrieval]


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
    method = st.selectbox(say("Method"), titles, index=titles.index(best), key="method", bind="query-params")
    retrieval = st.selectbox(
        say("Retrieval"),
        list(RETRIEVALS.values()),
        index=1,
        key="retrieval",
        bind="query-params",
        help=(
            say(
                "NN: the nearest by cosine. CSLS: less where a target is near to many (k = 10). ISF: inverted softmax"
                " over all sources (β = 30)."
            )
        ),
    )
    direction = st.selectbox(say("Direction"), list(ways), key="direction", bind="query-params")
    name = next(m for m in outcomes if METHODS[m].title == method)
    return Cell(name, next(k for k, v in RETRIEVALS.items() if v == retrieval), ways[direction])


def finding(asked: Asked, outcomes: Outcomes, trial: Trial, *, cell: Cell) -> str:
    """The sentence before the table, as markup."""
    found, way = cell.of(outcomes), trial.way(cell.direction)
    same = asked.setup.anchors.kind == "identical"
    at = {"source": em(way.source.name), "target": em(way.target.name)}
    if not len(found.rank):
        return (
            say("No test word has a counterpart in both {source} and {target}.", **at)
            if same
            else say("No test word has a translation in both {source} and {target}.", **at)
        )
    told = found.figures()
    first, (low, high) = told["precision_at_1"], told["precision_at_1"].interval or (0.0, 0.0)
    figures = {
        "method": em(METHODS[cell.method].title),
        "share": first.value,
        "n": first.n,
        "targets": outcomes[cell.method].kept_targets.get(cell.direction, len(way.target)),
        "low": 100 * low,
        "high": high,
        "ten": told["precision_at_10"].value,
    }
    if same:
        return say(
            "{method} finds the counterpart of <b>{share:.0%}</b> of {n:,} {source} test words first among {targets:,}"
            " {target} ones (95% interval {low:.0f} to {high:.0%}); {ten:.0%} among the first ten.",
            **figures,
            **at,
        )
    return say(
        "{method} finds the translation of <b>{share:.0%}</b> of {n:,} {source} test words first among {targets:,}"
        " {target} ones (95% interval {low:.0f} to {high:.0%}); {ten:.0%} among the first ten.",
        **figures,
        **at,
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
        verdict = say("not distinguishable") if low <= 0 <= high else say("better") if difference > 0 else say("worse")
        said.append(
            say(
                "{method} less {other}: {difference:+.1f} points of P@1 ({low:+.1f} to {high:+.1f}): {verdict}",
                method=METHODS[cell.method].title,
                other=METHODS[other].title,
                difference=difference,
                low=low,
                high=high,
                verdict=verdict,
            )
        )
    return said


def show_table(table: pa.Table, keep: KeepRows = none) -> None:
    """In percent, one row a method and retrieval; the download has the figures from 0 to 1. keep: of selected rows."""
    shown = pa.Table.from_pylist(
        [
            {
                "method": f"{row['method']} · {row['retrieval']}",
                "direction": f"→ {row['direction'].rpartition(' → ')[2]}",
                "95%": f"{100 * row['from']:.1f}–{100 * row['to']:.1f}",
                **{name: row[name] for name in ("MRR", "n", "hubness")},
                **{name: 100 * row[name] for name in (*_SHARES, *_OF_ALL, "coverage")},
            }
            for row in table.to_pylist()
        ]
    ).select(["method", "direction", "P@1", "95%", "P@5", "P@10", "MRR", "n", "coverage", "hubness", *_OF_ALL])
    help_ = {
        "P@1": say("Share of covered test words whose nearest target is a gold translation."),
        "coverage": say("Share of test words that both spaces hold."),
    } | dict.fromkeys(
        _OF_ALL,
        say(
            "Of all test words: those that are not covered count as wrong (fastText's policy; MUSE and VecMap drop"
            " them)."
        ),
    )
    share = {
        name: st.column_config.NumberColumn(
            name.replace(" of", ""), format="%.1f%%", help=help_.get(name), width=66 if name in _SHARES else 73
        )
        for name in (*_SHARES, *_OF_ALL, "coverage")
    }
    formats = {
        "method": st.column_config.TextColumn(say("method"), pinned=True),
        **share,
        "95%": st.column_config.TextColumn("95%", help=say("Bootstrap interval of P@1 over test words."), width=80),
        "MRR": st.column_config.NumberColumn(
            say("MRR"), format="%.3f", help=say("Mean of 1/rank of the best gold translation."), width=58
        ),
        "n": st.column_config.NumberColumn("n", help=say("Covered test words."), width=50),
        "hubness": st.column_config.NumberColumn(
            say("hubness"),
            format="%.1f",
            width=70,
            help=say("Skewness of how often each target stands among the ten nearest of test words; lower is better."),
        ),
    }
    chosen = st.dataframe(
        shown,
        hide_index=True,
        column_config=formats,
        height=38 + 35 * len(shown),
        alt=say("What every method reached"),
        key="results",
        on_select="rerun",
        selection_mode="multi-row",
    )["selection"]["rows"]
    with st.container(horizontal=True, vertical_alignment="center"):
        rows = [table.slice(row, 1).to_pylist()[0] for row in chosen if row < len(table)]
        keep([{key: str(row[key]) for key in ("method", "retrieval", "direction")} for row in rows])
        st.download_button(
            say("Download the table as CSV"),
            csv_of(table, f"P@k of {len(table)} results · held-out words"),
            "alignment.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="alignment-csv",
        )


def dots(table: pa.Table, ways: Sequence[str], cell: Cell) -> go.Figure:
    """P@1 of every method and retrieval with its interval: filled dots in the first direction, rings in the other; a
    colour for each method, and the chosen cell larger than the rest.
    """
    rows = table.to_pylist()
    names = list(dict.fromkeys(f"{row['method']} · {row['retrieval']}" for row in rows))
    methods = list(dict.fromkeys(row["method"] for row in rows))
    chosen = f"{METHODS[cell.method].title} · {RETRIEVALS[cell.retrieval]}", ways[DIRECTIONS.index(cell.direction)]
    figure = go.Figure()
    for number, way in enumerate(ways):
        for method in methods:
            some = [row for row in rows if row["method"] == method and row["direction"] == way]
            colour = OKABE_ITO[methods.index(method) % 8]
            labels = [f"{row['method']} · {row['retrieval']}" for row in some]
            figure.add_scatter(
                x=[row["P@1"] for row in some],
                y=[names.index(label) + (0.17 if number else -0.17) for label in labels],
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [row["to"] - row["P@1"] for row in some],
                    "arrayminus": [row["P@1"] - row["from"] for row in some],
                    "width": 0,
                },
                mode="markers",
                marker={
                    "size": [14 if (label, way) == chosen else 9 for label in labels],
                    "symbol": "circle-open" if number else "circle",
                    "line": {"width": 2, "color": colour},
                    "color": colour,
                    "opacity": 1,
                },
                customdata=[
                    (escape(f"{label}, {way}"), row["from"], row["to"], row["n"])
                    for label, row in zip(labels, some, strict=True)
                ],
                hovertemplate=(
                    say(
                        "{name}: {value} ({low} to {high}, n = {n})",
                        name="%{customdata[0]}",
                        value="%{x:.1%}",
                        low="%{customdata[1]:.1%}",
                        high="%{customdata[2]:.1%}",
                        n="%{customdata[3]:,}",
                    )
                    + "<extra></extra>"
                ),
                cliponaxis=False,
                showlegend=False,
            )
        legend = {
            "symbol": "circle-open" if number else "circle",
            "size": 9,
            "color": GREY,
            "line": {"width": 2, "color": GREY},
        }
        figure.add_scatter(x=[None], y=[None], mode="markers", marker=legend, name=escape(way))
    figure.update_layout(
        margin={"l": 10, "r": 24, "t": 10, "b": 10},
        dragmode=False,
        xaxis={
            "tickformat": ".0%",
            "range": [0, _end(rows)],
            "zeroline": False,
            "title": say(_NEAREST),
            "automargin": True,
        },
        yaxis={
            "tickvals": list(range(len(names))),
            "ticktext": [escape(name) for name in names],
            "range": [len(names) - 0.5, -0.5],
            "automargin": True,
        },
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    )
    return figure


def _end(rows: list[dict[str, Any]]) -> float:
    """Of the axis: beyond the farthest interval, at 100% at the latest."""
    return min(1.0, 1.08 * max((row["to"] for row in rows), default=1.0)) or 1.0


def script_effect(plain: Outcome, outcomes: Outcomes, trial: Trial, *, cell: Cell) -> str:
    """What leaving out the targets of other scripts changes; plain text. plain: among all targets."""
    before, after = plain.found[cell.direction][cell.retrieval].figures(), cell.of(outcomes).figures()
    kept, n = outcomes[cell.method].kept_targets[cell.direction], len(trial.way(cell.direction).target)
    return say(
        "Targets in one script, {kept:,} of {n:,}: {change} (n = {words:,})",
        kept=kept,
        n=n,
        change=change(before, after),
        words=after["precision_at_1"].n,
    )


def change(before: Mapping[str, Figure], after: Mapping[str, Figure], form: str = "{}") -> str:
    """`P@1 30.1% → 32.5%` and so on, in per cent. form: markup around the second."""
    pairs = ((k, before[f"precision_at_{k}"].value, after[f"precision_at_{k}"].value) for k in (1, 5, 10))
    return ", ".join(f"P@{k} {old:.1%} → {form.format(f'{new:.1%}')}" for k, old, new in pairs)


def _dots(outcomes: Outcomes, trial: Trial, cell: Cell) -> go.Figure:
    return dots(result_table(outcomes, trial), [arrow(trial, d) for d in DIRECTIONS], cell)


def picture(outcomes: Outcomes, trial: Trial, *, cell: Cell) -> None:
    """What every method reached in both directions, on the first screen."""
    ways = [arrow(trial, d) for d in DIRECTIONS]
    with st.container(key="picture"):
        chart(
            drawn(_dots, outcomes, trial, cell, of=(tuple(outcomes.values()), trial, cell)),
            key="dots",
            height="stretch",
            config={"displayModeBar": False},
            alt=say("P@1 of every method with its interval, {ways}", ways=listed(ways)),
        )
    found = cell.of(outcomes).figures()["precision_at_1"]
    told = say(
        "{way} and back, n = {n:,} test words; dots are P@1 with 95% bootstrap intervals.", way=ways[0], n=found.n
    )
    figure_tools("picture", ("alignment", *(side.name for side in (trial.source, trial.target))), told)


def results(asked: Asked, trial: Trial, outcomes: Outcomes, *, cell: Cell, keep: KeepRows = none) -> None:
    """The differences of the chosen cell, what the script filter does to it, and the table."""
    said = differences(outcomes, cell)
    plain = unfiltered(trial, cell.method) if asked.script_filter and len(cell.of(outcomes).rank) else None
    if plain is not None:
        said.append(script_effect(plain, outcomes, trial, cell=cell))
    for line in said:
        note(line + ".")
    note(escape(_counted(cell.of(outcomes), trial, cell=cell)))
    dropped = {arrow(trial, d): trial.way(d).dropped for d in DIRECTIONS}
    show_table(result_table(outcomes, trial), keep)
    if left_out := parted(f"{n:,} {escape(way)}" for way, n in dropped.items() if n):
        note(say("Test words that also stand among the training anchors are left out: {left_out}.", left_out=left_out))


def _counted(found: Retrieved, trial: Trial, *, cell: Cell) -> str:
    """How many of the test words count, and why not the others; plain text."""
    way, told = trial.way(cell.direction), found.figures()
    n, all_ = int(told["precision_at_1"].n), int(told["coverage"].n)
    if n == all_:
        return say("All {n:,} test words are in both spaces", n=n)
    return say(
        "Of {of:,} test words {n:,} are in {source} with a translation in {target}; the others are not counted, and"
        " count as wrong in the columns “all”.",
        of=all_,
        n=n,
        source=way.source.name,
        target=way.target.name,
    )
