"""The evidence for one word: what the measures say, what it lost and gained, its line and its path."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import numpy as np
import pyarrow as pa
import streamlit as st

from components.drift.cached import rank_of
from components.drift.carriers import carriers
from components.drift.figures import Line, similarity_lines
from components.drift.panel import Choice, pair_ranking, verdict_of
from components.drift.sentences import agreement, in_words
from components.maps.local import maps_around
from components.neighbors.cached import neighbors_of
from components.neighbors.uses import uses
from components.parts.cards import cards, domino_data, least_count, lists_data, words_data
from components.parts.figure_tools import figure_tools
from components.parts.palette import space_colours
from components.parts.spoken import later, say
from components.shell import state
from components.shell.frame import note
from components.shell.pickers import pick_said
from components.shell.stage.charts import chart
from isogloss.drift.measure import MEASURES, usable
from isogloss.drift.ranking import Ranking
from isogloss.drift.similarity import MEASURE, own_similarity, pair_similarity
from isogloss.drift.verdict import flips_between
from isogloss.nearest.neighbors import domino
from isogloss.nearest.query import Query
from isogloss.spaces.collection import Collection
from isogloss.text.normalize import nfc

AGAINST = (later("first"), later("previous"), later("last"))
K = 10
_ITSELF = {
    "first": later("{word} with itself (first space)"),
    "previous": later("{word} with itself (previous space)"),
    "last": later("{word} with itself (last space)"),
}
_MOST_FLIPS = 40
_DIGITS = (later("distance"), later("95% from"), later("to"), later("noise 95%"), "q")


def evidence(collection: Collection, item: str, choice: Choice) -> None:
    """Everything that a reader needs to judge one word's shift."""
    query = Query(((item, 1),))
    colours = space_colours(collection.names, collection.ordered)
    st.divider()
    _measures(collection, item, choice)
    lists = neighbors_of(collection, query, K)
    compared = domino(collection, query, lists, source=choice.source, target=choice.target)
    picked = cards(domino_data(compared, colours, least_count(collection)), key="evidence-domino")
    if collection.aligned:
        _similarity(collection, item)
    picked = maps_around(collection, [item], [compared], pair=(choice.source, choice.target)) or picked
    if len(collection) > 2:
        st.divider()
        picked = cards(lists_data(collection, query, lists, colours=colours), key="evidence-lists") or picked
    if picked:
        state.walk_to(picked)
        st.rerun()
    st.divider()
    uses(collection, item, (choice.source, choice.target))
    carriers(
        collection, item, pair_ranking(collection, choice, measure=MEASURE), source=choice.source, target=choice.target
    )


def _measures(collection: Collection, item: str, choice: Choice) -> None:
    """The measures side by side, and whether they agree."""
    rankings = {one.name: pair_ranking(collection, choice, measure=one.name) for one in usable(collection.aligned)}
    said = agreement(rankings, item)
    if said:
        note(escape(said))
    rows = [
        _row(ranking, ranking.rows[item])
        for ranking in rankings.values()
        if item in ranking and ranking[item].distance.known
    ]
    if rows:
        digits: dict[str, Any] = {name: st.column_config.NumberColumn(say(name), format="%.3f") for name in _DIGITS}
        digits |= {"measure": say("measure"), "verdict": say("verdict"), "rank": say("rank")}
        st.dataframe(
            pa.Table.from_pylist(rows),
            hide_index=True,
            column_config=digits,
            alt=say("The {n} measures of this word", n=in_words(len(MEASURES))),
        )


def _row(ranking: Ranking, row: int) -> dict[str, str | float | None]:
    """What one measure says, as it is shown; what is unknown is empty."""
    values = (ranking.distance, ranking.low, ranking.high, ranking.null_high, ranking.q)
    return {
        "measure": say(MEASURES[ranking.measure].title),
        **{name: None if np.isnan(v[row]) else float(v[row]) for name, v in zip(_DIGITS, values, strict=True)},
        "verdict": verdict_of(ranking, row, 0.0),
        "rank": say("{k:,} of {of:,}", k=int(ranking.places[row]), of=len(ranking)),
    }


def _similarity(collection: Collection, item: str) -> None:
    """The word with itself over the spaces, and with a second word."""
    names, ordered = collection.names, collection.ordered
    left, right = st.columns(2)
    state.check_bound({"against": list(AGAINST)}, {"against": "first"})
    with left:
        asked = say("Its own vector, against its")
        against = pick_said(st.segmented_control, asked, AGAINST, key="against", default="first")
    second = nfc(right.text_input(say("And with a second word"), key="second", bind="query-params").strip())
    own = own_similarity(collection, item, against=against, ranked=partial(rank_of, collection, measure=MEASURE))
    named = say(_ITSELF[against], word=item)
    lines = [Line(named, own, "#c2410c" if not ordered else "#2f7fa8")]
    if second and second not in collection:
        note(say("{word} is not in this collection.", word=escape(second[:80])))
    elif second:
        lines.append(
            Line(
                say("{word} with {second}", word=item, second=second),
                pair_similarity(collection, item, second),
                "#c2410c",
            )
        )
    with st.container(key="line-picture"):
        chart(
            similarity_lines(names, lines, ordered),
            key="line",
            config={"displayModeBar": False},
            alt=say("Similarity of the word over the spaces"),
        )
    told = say(
        "Cosine similarity over {source} to {target} ({collection}).",
        source=names[0],
        target=names[-1],
        collection=collection.title,
    )
    figure_tools("line-picture", ("similarity", item, second), told)
    whiskers = any(half is not None for half in own.half)
    told_of = [
        say("Whiskers: 95% intervals of sampling, over half samples.")
        if whiskers
        else say("No replicates, hence no intervals."),
        say("The line with the second word has none: replicate vectors are not kept.") if second else "",
        say("1 is the same direction; a gap means the word is missing or too rare there."),
    ]
    note(" ".join(filter(None, told_of)))


def flips(collection: Collection, choice: Choice, panel: Ranking) -> None:
    """Verdicts that change when only those who speak in every space are heard."""
    everyone = pair_ranking(collection, replace(choice, panel=False), measure=choice.measure)
    found = flips_between(everyone, panel)
    st.divider()
    note(
        say(
            "Of {n:,} words in both rankings, {lost:,} moved only when new speakers are heard and {won:,} only when"
            " they are not. A verdict can also flip because fewer speakers give less evidence.",
            n=found.n,
            lost=len(found.lost),
            won=len(found.won),
        )
    )
    lists = (
        (say("Moved only when new speakers are heard:"), found.lost),
        (say("Moved only among the same speakers:"), found.won),
    )
    for number, (title, words) in enumerate(lists):
        if words:
            note(title)
            picked = cards(words_data(list(words[:_MOST_FLIPS])), key=f"flips-{number}")
            if picked:
                state.walk_to(picked)
                st.rerun()
