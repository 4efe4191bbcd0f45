"""Neighbor cards: the domino of two spaces, and the lists of all. Data here, drawing in cards.js."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from components.parts.sent import sent
from components.parts.spoken import count, later, say
from isogloss.nearest.neighbors import Domino, Neighbor, shared_by_all
from isogloss.nearest.query import Query
from isogloss.spaces.collection import Collection

_FOLDER = Path(__file__).parent
_cards = st.components.v2.component(
    "isogloss.cards",
    html='<div class="cards"></div>',
    css=(_FOLDER / "cards.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "cards.js").read_text(encoding="utf-8"),
)
Row = dict[str, Any]
_LABEL = later("{item}, similarity {value}. Go on to its neighbors")  # cards.js fills it in


def cards(data: dict[str, Any], key: str) -> str | None:
    """Draw cards; returns the item that was picked in this run, or None."""
    told = {"label": say(_LABEL), "none": say("none")}
    result = _cards(
        data=sent(data if data["kind"] == "words" else {**data, "told": told}), key=key, on_picked_change=lambda: None
    )
    picked = result.picked
    return picked if isinstance(picked, str) else None


def domino_data(one: Domino, colours: dict[str, str], least: int | None = None) -> dict[str, Any]:
    """What cards.js draws for two spaces: shared on top, lost left, gained right.

    least: the uses an item must have had in a space to stand in it, where that is known.
    """
    n_a, n_b = len(one.shared) + len(one.lost), len(one.shared) + len(one.gained)

    def rows(entries: tuple[tuple[str, float | None, float | None], ...], other: str) -> list[Row]:
        return [
            row(
                item,
                [(v, colours[s]) for s, v in ((one.source, a), (one.target, b)) if v is not None],
                mark=_absent(other, least) if item in one.absent else "",
            )
            for item, a, b in entries
        ]

    return {
        "kind": "domino",
        "shared": rows(one.shared, ""),
        "lost": rows(one.lost, one.target),
        "gained": rows(one.gained, one.source),
        "shared_title": say("Shared by {source} and {target}", source=one.source, target=one.target),
        "shared_note": count("{of} of {n} neighbor", "{of} of {n} neighbors", max(n_a, n_b), of=len(one.shared)),
        "lost_title": say("Only in {space}", space=one.source),
        "lost_note": say("lost: {n} of {of}", n=len(one.lost), of=n_a),
        "lost_colour": colours[one.source],
        "gained_title": say("Only in {space}", space=one.target),
        "gained_note": say("gained: {n} of {of}", n=len(one.gained), of=n_b),
        "gained_colour": colours[one.target],
    }


def _absent(space: str, least: int | None) -> str:
    if least:
        return say("under {least} uses in {space}", least=least, space=space)
    return say("absent from {space}", space=space)


def lists_data(
    collection: Collection, query: Query, lists: dict[str, list[Neighbor] | None], *, colours: dict[str, str]
) -> dict[str, Any]:
    """What cards.js draws for all spaces side by side: what all share on top, then what comes and goes."""
    everywhere = set(shared_by_all(lists))
    names = [name for name in collection.names if name in lists]
    rates = {name: per_million(collection, query, name) for name in names}
    highest = max((r for r in rates.values() if r), default=0.0)
    columns = []
    for at, name in enumerate(names):
        found = lists[name]
        near = found or []
        neighbors_of = [
            {n.item for n in lists[names[j]] or []} if 0 <= j < len(names) else None for j in (at - 1, at + 1)
        ]
        top = [row(n.item, [(n.similarity, colours[name])]) for n in near if n.item in everywhere]
        rest = [
            row(
                n.item, [(n.similarity, colours[name])], mark=_mark(n.item, *neighbors_of) if collection.ordered else ""
            )
            for n in near
            if n.item not in everywhere
        ]
        groups = [{"title": say("in every space"), "rows": top, "empty": ""}] if top else []
        empty = absence(collection, query, name) if found is None else say("no neighbors")
        groups.append(
            {"title": say("others here") if top and rest else "", "rows": rest, "empty": "" if top else empty}
        )
        rate = rates[name]
        columns.append(
            {
                "space": name,
                "colour": colours[name],
                "note": count_note(collection, query, name),
                "frequency": rate / highest if rate and highest else None,
                "groups": groups,
            }
        )
    return {"kind": "lists", "columns": columns}


def row(item: str, bars: list[tuple[float, str]], mark: str = "") -> Row:
    title = say("similarity {value}", value=", ".join(f"{v:.3f}" for v, _ in bars))
    return {"item": item, "bars": [[float(v), c] for v, c in bars], "mark": mark, "title": title}


def _mark(item: str, before: set[str] | None, after: set[str] | None) -> str:
    came = bool(before) and item not in (before or ())
    goes = bool(after) and item not in (after or ())
    return say("only here") if came and goes else say("new") if came else say("last") if goes else ""


def per_million(collection: Collection, query: Query, name: str) -> float | None:
    """Uses per million of a single item in one space; None where unknown."""
    space = collection[name]
    if query.single is None or query.single not in space or space.per_million is None:
        return None
    return float(space.per_million[space[query.single]])


def count_note(collection: Collection, query: Query, name: str) -> str:
    """Counts of the query in one space, in words."""
    space = collection[name]
    if query.missing(space):
        return say("missing or too rare here")
    if query.composed(space):
        return say("not in the space: its vector is made of subwords")
    if query.single is None or space.counts is None:
        return "" if query.single is None else say("not counted")
    uses = int(space.counts[space[query.single]])
    rate = per_million(collection, query, name)
    if rate is None:
        return count("{n:,} use", "{n:,} uses", uses)
    each = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
    return count("{n:,} use · {rate} per million", "{n:,} uses · {rate} per million", uses, rate=each)


def least_count(collection: Collection) -> int | None:
    """The uses an item needs in a slice to be stored, or None where the build did not say."""
    least = collection.metadata.get("training", {}).get("ship_count")
    return least if isinstance(least, int) else None


def absence(collection: Collection, query: Query, name: str) -> str:
    """Why a space cannot answer, with the least count it was stored at."""
    missing = ", ".join(query.missing(collection[name]))
    least = least_count(collection)
    if least:
        return say("{items}: under {least} uses here, too rare for a vector", items=missing, least=least)
    return say("{items}: not in this space", items=missing)


def words_data(words: list[str]) -> dict[str, Any]:
    """What cards.js draws for a row of words to follow."""
    return {"kind": "words", "words": words}
