"""The head of a word on every page that shows it: whether it moved, on how many measures, and its uses."""

from __future__ import annotations

import streamlit as st

from components.drift.cached import opening_rank
from components.drift.sentences import Between, verdict
from components.neighbors.uses import quotations
from components.parts.numbers import distance
from components.parts.spoken import say
from components.shell.frame import em, note
from isogloss.spaces.collection import Collection


def show_sheet(collection: Collection, item: str, source: str, target: str) -> None:
    """What is known of a word, and, where texts are attached, how it is used in either space."""
    if said := sheet_line(collection, item, source, target):
        note(said)
    if quoted := quotations(collection, item, (source, target)):
        st.html(quoted)


def sheet_line(collection: Collection, item: str, source: str, target: str) -> str:
    """What is known of a word between two spaces, in one quiet line; markup, empty where there is nothing to say."""
    parts = []
    both = source != target and item in collection[source] and item in collection[target]
    if both and collection.controls is not None:  # without them there is no verdict, and a ranking may take long
        ranking = opening_rank(collection, source, target)
        if item in ranking and ranking.tested[row := ranking.rows[item]]:
            said = verdict(ranking, item, Between(source, target, not collection.ordered)).rstrip(".。।")
            far, noise = distance(ranking.distance[row]), distance(ranking.null_high[row])
            parts.append(say("{verdict}: {distance}, noise to {noise}.", verdict=said, distance=far, noise=noise))
    uses = [
        say("{n:,} in {space}", n=int(space.counts[space[item]]), space=em(space.name))
        for space in collection.spaces
        if space.counts is not None and item in space
    ]
    missing = [em(space.name) for space in collection.spaces if item not in space]
    if uses:
        told = ", ".join(uses[:8])
        lacks = ", ".join(missing[:8])
        parts.append(
            say("Used {uses}; missing or too rare in {spaces}.", uses=told, spaces=lacks)
            if missing
            else say("Used {uses}.", uses=told)
        )
    return " ".join(parts)
