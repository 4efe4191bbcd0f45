"""The parts of the Drift page: its choices, its filters, and the table of the ranking."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import streamlit as st

from components.drift.cached import names_in, rank_of, rank_steps
from components.drift.sentences import measures_help
from components.parts.markdown import plain
from components.parts.spoken import count, later, say
from components.shell import state
from components.shell.intake import uploaded
from components.shell.pickers import pick_pair, pick_said
from isogloss.drift.filters import PARTS, listed, matching
from isogloss.drift.measure import MEASURES, usable
from isogloss.drift.ranking import Ranking
from isogloss.errors import InvalidValue
from isogloss.spaces.collection import Collection
from isogloss.types import Mask

_MOST_LIST = 2_000_000  # characters of an uploaded list
_SHOWN = (later("all"), later("most changed"), later("least changed"))  # of PARTS
_VERDICTS = (later("not tested"), later("moved"), later("moved a little"), later("not decided"), later("noise"))


@dataclass(frozen=True)
class Choice:
    """What is compared, and how. least: the drift below which a shift is called small."""

    source: str
    target: str
    measure: str
    panel: bool
    least: float
    min_count: int
    matched: bool
    in_order: bool = False

    def at(self, ranking: Ranking, item: str) -> Choice:
        """The same choice for the two spaces between which an item moved most."""
        if not ranking.steps or item not in ranking.rows:
            return self
        source, target = ranking.steps[ranking.rows[item]]
        return replace(self, source=source, target=target)


def pick_drift(collection: Collection) -> Choice:
    """Two spaces, a measure, and what counts as much."""
    in_order = (
        len(collection) > 2
        and collection.ordered
        and st.toggle(
            say("All spaces in order"),
            key="order",
            bind="query-params",
            help=say(
                "Every word at the step between neighboring spaces where it moved most; p is the smallest of its steps,"
                " times their number (Bonferroni)."
            ),
        )
    )
    source, target = (collection.names[0], collection.names[-1]) if in_order else pick_pair(collection)
    measures = [one.name for one in usable(collection.aligned)]
    state.check_bound({"measure": measures}, {"measure": measures[0]})
    measure = st.selectbox(say("Measure"), measures, key="measure", bind="query-params", help=measures_help())
    least = st.slider(
        say("Least drift that matters"),
        0.0,
        1.0,
        MEASURES[measure].least,
        0.05,
        key=f"least_{measure}",
        bind="query-params",
        help=say(
            "A tiny shift of a frequent word can be beyond doubt without mattering. This draws the line; it tests"
            " nothing."
        ),
    )
    panel = False
    controls = collection.controls
    if controls is not None and controls.panel:
        panel = st.toggle(
            say("Same speakers only"),
            key="same",
            bind="query-params",
            help=say(
                "Both spaces trained on the {n} of {field} that stand in every space: is a shift new speakers rather"
                " than new meanings?",
                n=controls.facts["panel_size"],
                field=plain(controls.facts["panel"]),
            ),
        )
    matched = st.toggle(
        say("Against words as frequent"),
        key="matched",
        bind="query-params",
        help=say(
            "Rank by how far a word stands out from the 100 words nearest to it in count, in robust deviations from "
            "their median. A description, not a test."
        ),
    )
    min_count = st.number_input(
        say("Least uses in both"),
        0,
        1_000_000,
        0,
        step=50,
        key="uses",
        bind="query-params",
        help=say("Rarer words are left out and not tested."),
    )
    return Choice(source, target, measure, panel, least, int(min_count), matched, bool(in_order))


def ranking_of(collection: Collection, choice: Choice) -> Ranking:
    """The ranking that was asked for."""
    if choice.in_order:
        return rank_steps(collection, measure=choice.measure, min_count=choice.min_count, panel=choice.panel)
    return pair_ranking(collection, choice, measure=choice.measure)


def pair_ranking(collection: Collection, choice: Choice, *, measure: str) -> Ranking:
    """The ranking of the two spaces by any measure."""
    return rank_of(
        collection,
        choice.source,
        choice.target,
        measure=measure,
        min_count=choice.min_count,
        panel=choice.panel,
    )


def pick_filters(collection: Collection, choice: Choice, ranking: Ranking) -> tuple[Mask, str]:
    """Which items pass the filters, and which part of the ranking is asked for. Raises InvalidValue."""
    mask = np.ones(len(ranking), dtype=bool)
    state.check_bound({"show": list(PARTS)}, {"show": PARTS[0]})
    show = pick_said(st.segmented_control, say("Show"), PARTS, key="show", default=PARTS[0], wrap=True)
    of = collection.names if choice.in_order else [choice.source, choice.target]
    are_names = names_in(collection, ranking, of)
    if are_names is not None and are_names.any():
        left = int(are_names.sum())
        if not st.toggle(
            say("Names too ({n:,})", n=left),
            key="names",
            bind="query-params",
            help=say("Words with a capital in over half of their uses inside sentences, in either space."),
        ):
            mask &= ~are_names
    with st.expander(say("Pattern or list"), expanded=bool(state.read("pattern"))):
        pattern = st.text_input(
            say("Pattern"),
            key="pattern",
            bind="query-params",
            placeholder=say("{one} or {other}", one="^non-", other="ism$"),
            help=say("A regular expression, found anywhere in a word (RE2)."),
        )
        text = st.text_area(say("Words"), key="words", placeholder="peace, war, …", help=say("By line, comma or tab."))
        file = uploaded(say("Or a text file of words"), "words-file", ["txt", "csv", "tsv"])
    if pattern:
        mask &= matching(ranking.items, pattern)
    if file is not None:
        if file.size > _MOST_LIST:
            fact = say("the list {name!r} has {size:,} bytes", name=file.name[:80], size=file.size)
            raise InvalidValue(fact, say("give at most {most:,}", most=_MOST_LIST))
        text = (text or "") + "\n" + file.getvalue().decode("utf-8-sig", "replace")
    if text and text.strip():
        mask &= listed(ranking.items, text)
    return mask, show or PARTS[0]


def verdict_of(ranking: Ranking, row: int, least: float) -> str:
    """One row's verdict in a word or two."""
    return verdicts_of(ranking, np.array([row]), least)[0]


def verdicts_of(ranking: Ranking, rows: npt.NDArray[np.int64], least: float) -> list[str]:
    """The verdicts of some rows, each in a word or two."""
    far = ranking.distance[rows] >= least
    significant, undecided = ranking.significant[rows], ranking.undecided[rows]
    kinds = [~ranking.tested[rows], significant & far, significant, undecided]
    at = np.select(kinds, list(range(len(kinds))), len(kinds))
    words = [say(one) for one in _VERDICTS]
    return [words[one] for one in at.tolist()]


def pictured(n: int, choice: Choice, collection: Collection, measure: str) -> str:
    """What stands under a picture of so many words."""
    return count(
        "{n:,} word of {source} and {target} ({collection}), {measure}.",
        "{n:,} words of {source} and {target} ({collection}), {measure}.",
        n,
        source=choice.source,
        target=choice.target,
        collection=collection.title,
        measure=measure,
    )
