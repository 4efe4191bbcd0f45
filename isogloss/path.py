"""A word's path through spaces that share coordinates: where it stands in each, and amid which neighbors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isogloss.collection import Collection
from isogloss.neighbors import Neighbor


@dataclass(frozen=True)
class Stop:
    """One space on a path. row: of the item among all points of the layout; neighbors: their rows."""

    space: str
    row: int
    neighbors: tuple[int, ...]


def path(
    collection: Collection, names: Sequence[str], item: str, lists: Mapping[str, list[Neighbor] | None]
) -> list[Stop]:
    """The stops of an item in the order of `names`; spaces that lack it are passed over.

    names: the spaces of the layout, one after the other; rows count through all of them.
    """
    stops, offset = [], 0
    for name in names:
        space = collection[name]
        if item in space:
            near = tuple(offset + space[n.item] for n in lists.get(name) or [] if n.item in space)
            stops.append(Stop(name, offset + space[item], near))
        offset += len(space)
    return stops
