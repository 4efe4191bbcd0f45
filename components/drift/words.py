"""Several words at once: a verdict for each, in a picture and a table."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components.drift.figures import DARK, LIGHT, Inks
from components.drift.panel import Choice, pictured
from components.drift.sentences import Between
from components.drift.table import ranking_table, show_table
from components.parts.figure_tools import figure_tools
from components.parts.labels import shorten
from components.parts.spoken import count, say
from components.parts.tables import KeepRows, none
from components.shell.frame import em, ems, is_dark, lead, note
from components.shell.lookup import show_missing
from components.shell.stage.charts import chart
from components.shell.stage.present import presenting
from isogloss.drift.measure import MEASURES
from isogloss.drift.ranking import Ranking
from isogloss.drift.verdict import WORDS
from isogloss.spaces.collection import Collection
from isogloss.spaces.lookup import known_form

MOST = 60
_OFFERED = 3  # words of which none is here, each with what is near it


def verdicts(
    collection: Collection, ranking: Ranking, words: list[str], choice: Choice, *, keep: KeepRows = none
) -> tuple[bool, str | None]:
    """The words that are in both spaces with their verdicts; the others are said. Returns whether any is, and an item
    that was clicked.

    keep: takes selected words into the notebook.
    """
    asked, words = words, words[:MOST]
    forms = {word: known_form(word, collection) for word in words}
    rows = [ranking.rows[form] for form in dict.fromkeys(forms.values()) if form is not None and form in ranking]
    missing = [word for word, form in forms.items() if form is None or form not in ranking]
    between = Between(choice.source, choice.target, not collection.ordered)
    lead(_sentence(ranking, rows, between, in_order=choice.in_order))
    if len(asked) > MOST:
        note(say("The first {first} of {of:,} words; filter by a list for more.", first=MOST, of=len(asked)))
    if missing:
        lacking = ems(missing, MOST)
        note(say("Without a drift here, missing or too rare in one of the two spaces: {words}.", words=lacking))
    if not rows:
        nowhere = [word for word, form in forms.items() if form is None]
        for number, word in enumerate(nowhere[:_OFFERED]):
            show_missing(collection, word, typed=", ".join(asked), key=f"near-{number}")
        return False, None
    order = np.array(sorted(rows, key=lambda row: -float(np.nan_to_num(ranking.distance[row]))), dtype=np.int64)
    with st.container(key="words-picture"):
        chart(
            dots(ranking, order, choice, inks=DARK if is_dark() else LIGHT),
            key="words-chart",
            config={"displayModeBar": False},
            alt=say("The drift of each word with its interval, against its noise"),
        )
    if presenting():
        st.stop()
    told = pictured(len(rows), choice, collection, ranking.measure)
    figure_tools("words-picture", ("drift", choice.source, choice.target, *words[:4]), told)
    note(
        say("A dot with its 95% interval of sampling; the grey bar ends where 95% of unchanged words as frequent stay.")
    )
    return True, show_table(ranking_table(ranking, order, choice.least), choice, keep)


def _sentence(ranking: Ranking, rows: list[int], between: Between, *, in_order: bool = False) -> str:
    """What was found; markup. in_order: each word between the two neighboring spaces where it moved most."""
    at = {"source": em(between.source), "target": em(between.target)}
    if not rows:
        return say("None of these words is in both {source} and {target}.", **at)
    tested = [row for row in rows if ranking.tested[row]]
    if not tested:
        if in_order:
            return count(
                "{n:,} word at one of the steps between {source} and {target}; no replicates say how much of its drift"
                " is noise.",
                "{n:,} words at one of the steps between {source} and {target}; no replicates say how much of their"
                " drift is noise.",
                len(rows),
                **at,
            )
        return count(
            "{n:,} word between {source} and {target}; no replicates say how much of its drift is noise.",
            "{n:,} words between {source} and {target}; no replicates say how much of their drift is noise.",
            len(rows),
            **at,
        )
    moved = [row for row in tested if ranking.significant[row]]
    most = sorted(moved, key=lambda row: -float(ranking.distance[row]))
    named = say(", most of all {words}", words=ems([ranking.items[row] for row in most], 2)) if most else ""
    told = {"of": len(tested), "most": named, **at}
    if in_order:  # spaces that are gone through have an order
        return count(
            "{n:,} of {of:,} words moved at one of the steps between {source} and {target} by more than noise{most}.",
            "{n:,} of {of:,} words moved at one of the steps between {source} and {target} by more than noise{most}.",
            len(moved),
            **told,
        )
    if between.unordered:
        return count(
            "{n:,} of {of:,} words differ between {source} and {target} by more than noise{most}.",
            "{n:,} of {of:,} words differ between {source} and {target} by more than noise{most}.",
            len(moved),
            **told,
        )
    return count(
        "{n:,} of {of:,} words moved between {source} and {target} by more than noise{most}.",
        "{n:,} of {of:,} words moved between {source} and {target} by more than noise{most}.",
        len(moved),
        **told,
    )


def dots(ranking: Ranking, rows: np.ndarray, choice: Choice, *, inks: Inks) -> go.Figure:
    """A line for each word, the farthest on top: noise as a bar, drift as a dot with its interval."""
    names = [escape(shorten(ranking.items[row])) for row in rows]
    colour = {"moved": inks.moved[0], "undecided": inks.undecided[0]}
    figure = go.Figure()
    figure.add_trace(
        go.Bar(
            x=np.nan_to_num(ranking.null_high[rows]),
            y=names,
            orientation="h",
            marker={"color": inks.band, "line": {"color": inks.edge, "width": 1}},
            width=0.55,
            hoverinfo="skip",
            name=say("noise, to its 95th percentile"),
        )
    )
    low, high, value = ranking.low[rows], ranking.high[rows], ranking.distance[rows]
    states = [ranking.state(row) for row in rows]
    for state in dict.fromkeys(states):
        at = [i for i, one in enumerate(states) if one == state]
        figure.add_trace(
            go.Scatter(
                x=value[at],
                y=[names[i] for i in at],
                mode="markers",
                marker={"size": 11, "color": colour.get(state, inks.noise[0])},
                error_x={
                    "type": "data",
                    "array": np.nan_to_num(high[at] - value[at]),
                    "arrayminus": np.nan_to_num(value[at] - low[at]),
                    "thickness": 2,
                },
                name=say(WORDS[state]),
                hovertemplate="%{y}: %{x:.3f}<extra></extra>",
            )
        )
    figure.update_layout(
        height=max(400, 30 * len(rows) + 90),
        margin={"l": 10, "r": 10, "t": 6, "b": 6},
        dragmode=False,
        xaxis={"title": say(MEASURES[choice.measure].title), "rangemode": "tozero"},
        yaxis={"type": "category", "categoryorder": "array", "categoryarray": names[::-1], "automargin": True},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )
    return figure
