"""The first line of the map, in words made from its figures."""

from __future__ import annotations

from components.maps.data import MapData
from components.shell.frame import em, ems
from isogloss.maps.linked import SpaceMap

_NAMED = 2  # neighbors that the sentence names in a space


def named_words(data: MapData, items: list[str]) -> list[str]:
    """The words that `map_sentence` names besides the items themselves."""
    found: dict[str, None] = {}
    for item in items:
        stops = [m for m in data.maps if item in m.space]
        if len(stops) > 2 and data.collection.ordered:
            stops = [stops[0], stops[-1]]
        found |= dict.fromkeys(word for m in stops for word in _nearest(m, item))
    return list(found)


def _nearest(one: SpaceMap, item: str) -> list[str]:
    return [one.space.items[n] for n in one.near(one.space[item])[:_NAMED]]


def map_sentence(data: MapData, items: list[str]) -> str:
    """What the maps show, in words: where each chosen item lies in its first and in its last space."""
    where = f"{len(data.maps)} maps" if len(data.maps) > 1 else f"a map of {em(data.names[0])}"
    if not items:
        return f"{len(data):,} items on {where}; items used alike lie together."
    parts = []
    for item in items:
        stops = [m for m in data.maps if item in m.space]
        if not stops:
            parts.append(f"{em(item)} is missing here")
            continue
        near = [ems(_nearest(m, item), _NAMED) for m in stops]
        names = [em(m.space.name) for m in stops]
        if len(stops) > 1 and data.collection.ordered:
            parts.append(f"{em(item)} goes from {near[0]} ({names[0]}) to {near[-1]} ({names[-1]})")
        else:
            places = [
                f"near {a} in {b}" if len(data.maps) > 1 else f"near {a}" for a, b in zip(near, names, strict=True)
            ]
            parts.append(f"{em(item)} lies " + ", ".join(places))
    return "; ".join(parts) + "."
