"""The evidence for one word: what the measures say, what it lost and gained, its line and its path."""

from __future__ import annotations

from html import escape

import numpy as np
import pyarrow as pa
import streamlit as st

from components.drift.cached import rank_of
from components.drift.figures import Line, similarity_lines
from components.drift.panel import Choice, verdict_of
from components.drift.sentences import NAMES, agreement
from components.maps.cached import maps_of
from components.maps.linked_maps import linked_maps
from components.maps.panel import MOST_MAPS, fidelity
from components.neighbors.cached import neighbors_of
from components.neighbors.uses import uses
from components.parts.cards import cards, domino_data, least_count, lists_data, words_data
from components.parts.palette import GREY, space_colours
from components.shell import state
from components.shell.frame import note
from isogloss.drift.distances import MEASURES
from isogloss.drift.ranking import Ranking, flipped
from isogloss.maps.layout import LayoutParameters
from isogloss.nearest.neighbors import domino
from isogloss.nearest.query import Query
from isogloss.spaces.collection import Collection
from isogloss.text.normalize import nfc

AGAINST = ("first", "previous", "last")
K = 10
_MOST_FLIPS = 40


def evidence(collection: Collection, item: str, choice: Choice) -> None:
    """Everything that a reader needs to judge one word's shift."""
    query = Query(((item, 1),))
    colours = space_colours(collection.names, collection.ordered)
    st.divider()
    _measures(collection, item, choice)
    lists = neighbors_of(collection, query, K)
    compared = domino(collection, query, lists, choice.source, choice.target)
    picked = cards(domino_data(compared, colours, least_count(collection)), key="evidence-domino")
    if collection.aligned:
        _similarity(collection, item)
    picked = _path(collection, item, choice) or picked
    if len(collection) > 2:
        st.divider()
        picked = cards(lists_data(collection, query, lists, colours), key="evidence-lists") or picked
    if picked:
        state.walk_to(picked)
        st.rerun()
    st.divider()
    uses(collection, item, (choice.source, choice.target))


def _measures(collection: Collection, item: str, choice: Choice) -> None:
    """The four measures side by side, and whether they agree."""
    rankings = {
        m: rank_of(collection, choice.source, choice.target, m, choice.min_count, choice.panel)
        for m in MEASURES
        if m != "cosine" or collection.aligned
    }
    said = agreement(rankings, item)
    if said:
        note(escape(said))
    rows = []
    for m, ranking in rankings.items():
        if item in ranking.rows and np.isfinite(ranking.distance[ranking.rows[item]]):
            r = ranking.rows[item]
            place = int(np.flatnonzero(ranking.order == r)[0]) + 1
            values = {
                "distance": ranking.distance[r],
                "95 % from": ranking.low[r],
                "to": ranking.high[r],
                "noise 95 %": ranking.null_high[r],
                "q": ranking.q[r],
            }
            rows.append(
                {
                    "measure": NAMES[m],
                    **{k: None if np.isnan(v) else float(v) for k, v in values.items()},
                    "verdict": verdict_of(ranking, r, 0.0),
                    "rank": f"{place:,} of {len(ranking):,}",
                }
            )
    if rows:
        digits = {
            k: st.column_config.NumberColumn(format="%.3f") for k in ("distance", "95 % from", "to", "noise 95 %", "q")
        }
        st.dataframe(
            pa.Table.from_pylist(rows), hide_index=True, column_config=digits, alt="The four measures of this word"
        )


def _similarity(collection: Collection, item: str) -> None:
    """The word with itself over the spaces, and with a second word."""
    names, ordered = collection.names, collection.ordered
    left, right = st.columns(2)
    state.check_bound({"against": list(AGAINST)}, {"against": "first"})
    against = left.segmented_control(
        "Its own vector, against its", AGAINST, default="first", required=True, key="against", bind="query-params"
    )
    second = nfc(right.text_input("And with a second word", key="second", bind="query-params").strip())
    values, half = own_similarity(collection, item, against or "first")
    colours = [("#c2410c" if not ordered else "#2f7fa8"), GREY]
    lines = [Line(f"{item} with itself ({against} space)", values, half, colours[0])]
    if second and second not in collection:
        note(f"{escape(second[:80])} is not in this collection.")
    elif second:
        lines.append(Line(f"{item} with {second}", *pair_similarity(collection, item, second), "#c2410c"))
    st.plotly_chart(
        similarity_lines(names, lines, ordered),
        key="line",
        config={"displayModeBar": False},
        alt="Similarity of the word over the spaces",
    )
    whiskers = any(h is not None for h in half)
    note(
        (
            "Whiskers: 95 % intervals of sampling, over half samples. "
            if whiskers
            else "No replicates, hence no intervals. "
        )
        + ("The line with the second word has none: replicate vectors are not kept. " if second else "")
        + "1 is the same direction; a gap means the word is missing or too rare there."
    )


def own_similarity(collection: Collection, item: str, against: str) -> tuple[list[float | None], list[float | None]]:
    """Cosine similarity of a word with itself in the first, previous or last space, and half its 95 % interval."""
    names = [name for name in collection.names if item in collection[name]]
    values: list[float | None] = []
    half: list[float | None] = []
    for name in collection.names:
        at = names.index(name) if name in names else -1
        other = (
            {"first": names[0], "last": names[-1], "previous": names[at - 1] if at > 0 else ""}[against]
            if at >= 0
            else ""
        )
        if not other:
            values.append(None)
            half.append(None)
            continue
        a, b = collection[name], collection[other]
        values.append(float(a.unit[a[item]] @ b.unit[b[item]]))
        sd = np.nan
        if name != other and collection.controls is not None:
            ranking = rank_of(collection, other, name, "cosine")
            row = ranking.rows[item]
            sd = (ranking.high[row] - ranking.distance[row]) if np.isfinite(ranking.high[row]) else np.nan
        half.append(None if np.isnan(sd) else float(sd))
    return values, half


def pair_similarity(collection: Collection, item: str, second: str) -> tuple[list[float | None], list[float | None]]:
    """Cosine similarity of two words in every space, None where one is missing, and half its 95 % interval."""
    values: list[float | None] = []
    half: list[float | None] = []
    noise = collection.controls.noise if collection.controls else {}
    for space in collection.spaces:
        here = item in space and second in space
        values.append(float(space.unit[space[item]] @ space.unit[space[second]]) if here else None)
        firm = here and item != second and space.name in noise
        half.append(noise[space.name].half_interval(space, item, second) if firm else None)
    return values, half


def _path(collection: Collection, item: str, choice: Choice) -> str | None:
    """The word's way on the maps: a scrubber through ordered spaces, side by side otherwise."""
    names = tuple(collection.names)
    if len(names) > MOST_MAPS:
        others = [n for n in names if n not in (choice.source, choice.target)][: MOST_MAPS - 2]
        names = tuple(n for n in names if n in (choice.source, choice.target, *others))
    how = "joint" if collection.aligned else "matched"
    data = maps_of(collection, names, how, LayoutParameters())
    if data is None:
        st.page_link(
            "pages/2_Map.py",
            label="Draw the maps of this collection",
            icon=":material/arrow_forward:",
            query_params={"collection": collection.name, "item": item},
        )
        return None
    arrangement = "morph" if collection.ordered else "side"
    asked = linked_maps(data, arrangement, data.colours[0], [item], 6, 560, caption=fidelity(data), title=item)
    note(escape(fidelity(data)))
    return asked.picked


def flips(collection: Collection, choice: Choice, panel: Ranking) -> None:
    """Verdicts that change when only those who speak in every space are heard."""
    everyone = rank_of(collection, choice.source, choice.target, choice.measure, choice.min_count)
    found = flipped(everyone, panel)
    both = len([i for i in everyone.items if i in panel.rows])
    lost = [item for item, was in found if was]
    won = [item for item, was in found if not was]
    st.divider()
    note(
        f"Of {both:,} words in both rankings, {len(lost):,} moved only when new speakers are heard and {len(won):,}"
        " only when they are not. A verdict can also flip because fewer speakers give less evidence."
    )
    for title, words in (("Noise among the same speakers:", lost), ("Moved only among the same speakers:", won)):
        if words:
            note(title)
            picked = cards(words_data(words[:_MOST_FLIPS]), key=f"flips-{title[0]}")
            if picked:
                state.walk_to(picked)
                st.rerun()
