"""The first line of the map, in words made from its figures."""

from __future__ import annotations

from components.maps.data import MapData
from components.parts.spoken import commas, parted, say
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
    if not items and len(data.maps) > 1:
        return say("{n:,} items on {maps} maps; items used alike lie together.", n=len(data), maps=len(data.maps))
    if not items:
        name = em(data.names[0])
        return say("{n:,} items on a map of {space}; items used alike lie together.", n=len(data), space=name)
    return say("{sentence}.", sentence=parted(_lies(data, item) for item in items))


def _lies(data: MapData, item: str) -> str:
    word, stops = em(item), [m for m in data.maps if item in m.space]
    if not stops:
        return say("{word} is missing here", word=word)
    near = [ems(_nearest(m, item), _NAMED) for m in stops]
    names = [em(m.space.name) for m in stops]
    if len(stops) > 1 and data.collection.ordered:
        at = {"first": near[0], "source": names[0], "last": near[-1], "target": names[-1]}
        return say("{word} goes from {first} ({source}) to {last} ({target})", word=word, **at)
    if len(data.maps) == 1:
        return say("{word} lies near {words}", word=word, words=near[0])
    places = [say("near {words} in {space}", words=a, space=b) for a, b in zip(near, names, strict=True)]
    return say("{word} lies {places}", word=word, places=commas(places))
