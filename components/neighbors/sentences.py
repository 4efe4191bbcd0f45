"""Sentences made from the figures; markup holds only our words and escaped items."""

from __future__ import annotations

from components.shell.frame import em, ems
from isogloss.nearest.neighbors import Domino
from isogloss.nearest.query import Query
from isogloss.spaces.collection import Collection


def verdict(collection: Collection, query: Query, one: Domino) -> str:
    """What happened to a query between two spaces, in words."""
    label, k = em(query.label), max(len(one.shared) + len(one.lost), len(one.shared) + len(one.gained))
    missing = [name for name in (one.source, one.target) if query.missing(collection[name])]
    if len(missing) == 2:
        return f"{label} is missing or too rare in both {em(one.source)} and {em(one.target)}."
    if missing and not one.lost and not one.shared:
        return (
            f"{label} has no vector of its own in {em(missing[0])}; in {em(one.target)} it is near"
            f" {ems([g[0] for g in one.gained])}."
        )
    if missing and not one.gained:
        return (
            f"{label} has no vector of its own in {em(missing[0])}; in {em(one.source)} it is near"
            f" {ems([g[0] for g in one.lost])}."
        )
    if one.source == one.target:
        return f"{label} in {em(one.source)} is near {ems([g[0] for g in one.shared])}."
    if not one.lost and not one.gained:
        return f"{label} has the same {k} nearest neighbors in {em(one.source)} and {em(one.target)}."
    kept = "none" if not one.shared else f"{len(one.shared)}"
    return (
        f"{label} keeps {kept} of its {k} nearest neighbors from {em(one.source)} to {em(one.target)}: "
        f"it lost {ems([g[0] for g in one.lost])} and gained {ems([g[0] for g in one.gained])}."
    )


def how(
    collection: Collection, criterion: str, source: str | None, *, k: int, kinds: dict[str, str] | None = None
) -> str:
    """How the neighbors were found, in one quiet line. kinds: which index answered in each space; exact by default."""
    measure = (
        "cosine similarity (−1 to 1)"
        if criterion == "cosine"
        else "CSLS (2·cosine less the mean of the 10 nearest on each side)"
    )
    vector = "each space's own vector" if source is None else f"the vector of {em(source)}, in every space"
    items = ", ".join(f"{len(s):,}" for s in collection.spaces)
    found = dict.fromkeys((kinds or {}).values()) or {"exact": None}
    search = "exact search" if list(found) == ["exact"] else "search: " + " or ".join(found)
    return (
        f"The {k} nearest by {measure}, higher is closer; query: {vector}; {search} over {items} items. "
        "Neighbor lists of a few words are noisy: a difference of one or two says little."
    )


def composed(collection: Collection, query: Query) -> str:
    """Which spaces do not hold an item of the query and make its vector of subwords; empty where none does."""
    names = [space.name for space in collection.spaces if query.composed(space)]
    items = dict.fromkeys(item for space in collection.spaces for item in query.composed(space))
    return f"{ems([*items])} is not held by {ems(names)}: the vector there is made of its subwords." if names else ""
