"""Sentences made from the figures; markup holds only our words and escaped items."""

from __future__ import annotations

from components.parts.spoken import count, later, say
from components.shell.frame import em, ems
from isogloss.nearest.neighbors import Domino
from isogloss.nearest.query import Query
from isogloss.spaces.collection import Collection


def verdict(collection: Collection, query: Query, one: Domino) -> str:
    """What happened to a query between two spaces, in words."""
    label, k = em(query.label), max(len(one.shared) + len(one.lost), len(one.shared) + len(one.gained))
    source, target = em(one.source), em(one.target)
    missing = [name for name in (one.source, one.target) if query.missing(collection[name])]
    if len(missing) == 2:
        return say(
            "{word} is missing or too rare in both {source} and {target}.", word=label, source=source, target=target
        )
    without = later("{word} has no vector of its own in {missing}; in {space} it is near {neighbors}.")
    if missing and not one.lost and not one.shared:
        near = ems([g[0] for g in one.gained])
        return say(without, word=label, missing=em(missing[0]), space=target, neighbors=near)
    if missing and not one.gained:
        near = ems([g[0] for g in one.lost])
        return say(without, word=label, missing=em(missing[0]), space=source, neighbors=near)
    if one.source == one.target:
        near = ems([g[0] for g in one.shared])
        return say("{word} in {space} is near {neighbors}.", word=label, space=source, neighbors=near)
    if not one.lost and not one.gained:
        return count(
            "{word} has the same {n} nearest neighbor in {source} and {target}.",
            "{word} has the same {n} nearest neighbors in {source} and {target}.",
            k,
            word=label,
            source=source,
            target=target,
        )
    changed = {"lost": ems([g[0] for g in one.lost]), "gained": ems([g[0] for g in one.gained])}
    if not one.shared:
        return count(
            "{word} keeps none of its {n} nearest neighbors from {source} to {target}: it lost {lost} and gained"
            " {gained}.",
            "{word} keeps none of its {n} nearest neighbors from {source} to {target}: it lost {lost} and gained"
            " {gained}.",
            k,
            word=label,
            source=source,
            target=target,
            **changed,
        )
    return count(
        "{word} keeps {kept} of its {n} nearest neighbors from {source} to {target}: it lost {lost} and gained"
        " {gained}.",
        "{word} keeps {kept} of its {n} nearest neighbors from {source} to {target}: it lost {lost} and gained"
        " {gained}.",
        k,
        word=label,
        kept=len(one.shared),
        source=source,
        target=target,
        **changed,
    )


def how(
    collection: Collection, criterion: str, source: str | None, *, k: int, kinds: dict[str, str] | None = None
) -> str:
    """How the neighbors were found, in one quiet line. kinds: which index answered in each space; exact by default."""
    measure = (
        say("cosine similarity (−1 to 1)")
        if criterion == "cosine"
        else say("CSLS (2·cosine less the mean of the 10 nearest on each side)")
    )
    vector = (
        say("each space's own vector")
        if source is None
        else say("the vector of {space}, in every space", space=em(source))
    )
    items = ", ".join(f"{len(s):,}" for s in collection.spaces)
    found = dict.fromkeys((kinds or {}).values()) or {"exact": None}
    search = (
        say("exact search over {items} items", items=items)
        if list(found) == ["exact"]
        else say("search by {indexes} over {items} items", indexes=", ".join(found), items=items)
    )
    return say(
        "The {k} nearest by {measure}, higher is closer; query: {vector}; {search}. Neighbor lists of a few words are"
        " noisy: a difference of one or two says little.",
        k=k,
        measure=measure,
        vector=vector,
        search=search,
    )


def composed(collection: Collection, query: Query) -> str:
    """Which spaces do not hold an item of the query and make its vector of subwords; empty where none does."""
    names = [space.name for space in collection.spaces if query.composed(space)]
    items = dict.fromkeys(item for space in collection.spaces for item in query.composed(space))
    if not names:
        return ""
    return say(
        "{items} is not held by {spaces}: the vector there is made of its subwords.",
        items=ems([*items]),
        spaces=ems(names),
    )
