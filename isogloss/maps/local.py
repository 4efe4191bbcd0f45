"""The neighborhood of a few items, laid out for itself from the distances of the original spaces."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa

from isogloss.errors import InvalidValue, NotFound
from isogloss.linear import one_thread
from isogloss.maps.layout import KEPT_K, Layout, LayoutParameters, find_layout, kept_neighbors
from isogloss.maps.linked import HOW, SpaceMap
from isogloss.maps.matched import match_layouts
from isogloss.maps.scaling import principal, scaled
from isogloss.nearest.exact import self_neighbors
from isogloss.nearest.neighbors import neighbors
from isogloss.nearest.query import Query
from isogloss.shown import html_table
from isogloss.spaces.collection import Collection
from isogloss.spaces.columns import taken
from isogloss.spaces.lookup import known_form
from isogloss.spaces.space import Space
from isogloss.types import Vectors
from isogloss.workspace.derived import DerivedStore, store_of

SIZE, MORE, MOST = 60, 30, 200
"""Items drawn for one word, further ones for each other word, and the most there may be."""
FOCUS = 50
"""How many times a distance to a word that was asked for counts, beside the others."""


@dataclass(frozen=True, eq=False, repr=False)
class LocalLayout:
    """Items around a few words on maps of their own.

    asked: the words. items: all that are drawn, the words first, then by rank. maps: each space with those of the items
    that it holds, in the order of `items`; neighbors and kept are counted among these alone. left_out: spaces that hold
    too few of them to be drawn. how: *joint*, the points of all spaces laid out together; *matched*, each space by
    itself.
    """

    asked: tuple[str, ...]
    items: tuple[str, ...]
    maps: tuple[SpaceMap, ...]
    how: str
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return sum(len(m.space) for m in self.maps)

    @property
    def k(self) -> int:
        return self.maps[0].k

    @property
    def kept_share(self) -> float:
        """Of each point's k nearest among the items drawn of its space, the share that the map keeps; 1 keeps all."""
        return _share(sum(int(m.kept.sum()) for m in self.maps), self.k * len(self))

    @property
    def chance_share(self) -> float:
        """What randomly placed points would keep: k/(n − 1) of each space, by its points."""
        return sum(len(m.space) * m.k / max(len(m.space) - 1, 1) for m in self.maps) / max(len(self), 1)

    def table(self) -> pa.Table:
        """A row for each point: item, space, x, y (z), kept (of its k nearest among the items drawn)."""
        places = np.concatenate([m.coordinates for m in self.maps])
        columns: dict[str, pa.Array] = {
            "item": pa.array([item for m in self.maps for item in m.space.items], pa.string()),
            "space": pa.array([m.space.name for m in self.maps for _ in range(len(m.space))], pa.string()),
        }
        columns |= {axis: pa.array(places[:, i].astype(np.float64)) for i, axis in enumerate("xyz"[: places.shape[1]])}
        return pa.table(columns | {"kept": pa.array(np.concatenate([m.kept for m in self.maps]).astype(np.int64))})

    def __repr__(self) -> str:
        return (
            f"<map around {', '.join(self.asked)}: {len(self.items)} items, {len(self)} points>\n"
            f"  keeps {self.kept_share:.0%} of each one's {self.k} nearest among them (chance {self.chance_share:.0%})"
        )

    def _repr_html_(self) -> str:
        return html_table(self.table(), f"around {', '.join(self.asked)}")


def local_layout(
    collection: Collection,
    asked: str | Sequence[str],
    *,
    spaces: Sequence[str] | None = None,
    must: Iterable[str] = (),
    size: int | None = None,
    how: str | None = None,
    n_components: int = 2,
    store: DerivedStore | None = None,
) -> LocalLayout:
    """The map around one or a few items: the union of their nearest in the spaces, laid out for itself.

    spaces: which (default: all). must: items that are drawn in any case, as far as a space holds them. size: how many
    items, 2 to 200 (default 60, and 30 for each further word). how: *joint* (the default where spaces are aligned)
    gives every item one point for each space and lays all points out together by metric scaling of their cosine
    distances, of which those to the words themselves, in their space, count fifty times: coordinates are the same in
    all spaces, and a way from one to another is a way on the picture. *matched* scales each space by itself and turns
    it onto the one before it by Procrustes on the items they share. In an aligned space that lacks a word, what lies
    near its vector of another space stands in for its neighbors; an unaligned one is left out. The same picture every
    time.

    Raises NotFound for an item or a space that is not there, InvalidValue, NotAligned for a joint map of spaces without
    shared coordinates.
    """
    words = [asked] if isinstance(asked, str) else list(asked)
    names = list(spaces) if spaces else collection.names
    how = how or ("joint" if collection.aligned else "matched")
    size = min(MOST, SIZE + MORE * (len(words) - 1)) if size is None else size
    _check(words, size, how, n_components)
    if how == "joint" and len(names) > 1:
        collection.require_aligned("one map of several spaces")
    words = list(dict.fromkeys(_held(collection, word) for word in words))
    lists = {name: _nearest(collection, words, name, size, store_of(collection, store)) for name in names}
    drawn = [collection[name] for name in names if lists[name]]
    if not drawn:
        raise NotFound(
            f"{', '.join(words)[:80]!r} lies in none of {', '.join(names)}, which share no coordinates with the others",
            lever="choose a space that holds it",
        )
    first = dict.fromkeys(item for item in [*words, *must] if any(item in space for space in drawn))
    items = _chosen(list(first)[:MOST], [near for name in names for near in lists[name]], size)
    parts = [_part(space, items) for space in drawn]
    places, matches = (_joint if how == "joint" else _matched)(parts, words, n_components)
    k = max(0, min(KEPT_K, *(len(part) - 1 for part in parts)))
    maps = []
    for part, at, match in zip(parts, places, matches, strict=True):
        near = self_neighbors(part, k)[0]
        maps.append(SpaceMap(part, at, near.astype(np.int32), kept_neighbors(near, at, k), k, *match))
    left_out = tuple(name for name in names if not lists[name])
    return LocalLayout(tuple(words), tuple(items), tuple(maps), how, left_out)


Find = Callable[[Sequence[str], LayoutParameters], Layout | None]


def whole_share(
    collection: Collection, local: LocalLayout, *, store: DerivedStore | None = None, find: Find | None = None
) -> float | None:
    """What the whole map keeps of the same: of each local item's k nearest among those of its space, the share.

    find: gives the layout of spaces (default: from the store). None where the whole map has yet to be drawn.
    """
    look = find or partial(find_layout, collection, store=store_of(collection, store))
    kept = 0
    parameters = LayoutParameters(n_components=local.maps[0].coordinates.shape[1])
    joint = local.how == "joint" and len(collection) > 1
    of_all = look(collection.names, parameters) if joint else None
    for one in local.maps:
        layout = of_all if joint else look([one.space.name], parameters)
        if layout is None:
            return None
        at = layout.spaces.index(one.space.name)
        rows = sum(layout.sizes[:at]) + np.array([collection[one.space.name][item] for item in one.space.items])
        kept += int(kept_neighbors(one.neighbors.astype(np.int64), layout.coordinates[rows], one.k).sum())
    return _share(kept, local.k * len(local))


def _share(kept: int, most: int) -> float:
    return kept / most if most else 1.0


def _check(words: Sequence[str], size: int, how: str, n_components: int) -> None:
    if not words:
        raise InvalidValue("a map around no item was asked for", "name one")
    if not 2 <= size <= MOST:
        raise InvalidValue(f"a map of {size:,} items around a word was asked for", f"choose 2 to {MOST}")
    if how not in HOW:
        raise InvalidValue(f"maps {how!r} were asked for", f"choose {' or '.join(HOW)}")
    LayoutParameters(n_components=n_components)


def _held(collection: Collection, word: str) -> str:
    found = word if word in collection else known_form(word, collection)
    if found is None:
        collection.require_item(word)
        raise NotFound(
            f"{word[:80]!r} stands in no space of {collection.name!r}, which only compose it of its subwords",
            lever="choose an item of a space",
        )
    return found


def _nearest(
    collection: Collection, words: Sequence[str], name: str, size: int, store: DerivedStore
) -> list[list[str]]:
    """For each word its nearest items in a space, by its vector there, else by that of the space next to it."""
    out = []
    at = collection.names.index(collection[name].name)
    for word in words:
        order = sorted(range(len(collection)), key=lambda i: (abs(i - at), i))
        holding = [collection.names[i] for i in order if word in collection.spaces[i]]
        source = name if name in holding else holding[0] if collection.aligned else None
        if source is not None:
            query = Query(((word, 1),))
            found = neighbors(collection, query, k=size, source=source, targets=[name], store=store)[name]
            out.append([n.item for n in found or []])
    return out


def _chosen(first: list[str], lists: Sequence[Sequence[str]], size: int) -> list[str]:
    """What must be there, then rank by rank through the lists until there are as many as may be."""
    items = dict.fromkeys(first)
    for rank in range(max((len(near) for near in lists), default=0)):
        for near in lists:
            if len(items) >= size:
                return list(items)
            if rank < len(near):
                items[near[rank]] = None
    return list(items)


def _part(space: Space, items: Sequence[str]) -> Space:
    """Those of the items that a space holds, as a space of their own."""
    here = [item for item in items if item in space]
    rows = np.array([space[item] for item in here], dtype=np.int64)
    columns = taken(space.columns, rows) if space.columns.num_columns else None
    made_of = hashlib.sha256(space.fingerprint.encode() + rows.tobytes()).hexdigest()[:24]
    return Space(space.name, tuple(here), space.rows(rows), columns, fingerprint=made_of, checked=True)


_Places = tuple[list[Vectors], list[tuple[float | None, int | None]]]


def _joint(parts: Sequence[Space], words: Sequence[str], n_components: int) -> _Places:
    places = _laid(parts, words, n_components)
    ends = np.cumsum([len(part) for part in parts])[:-1]
    return np.split(places, ends), [(None, None)] * len(parts)


def _matched(parts: Sequence[Space], words: Sequence[str], n_components: int) -> _Places:
    places: list[Vectors] = []
    matches: list[tuple[float | None, int | None]] = []
    for number, part in enumerate(parts):
        own = _laid([part], words, n_components)
        if not number:
            places.append(own)
            matches.append((None, None))
            continue
        before = parts[number - 1]
        shared = [item for item in part.items if item in before]
        match = match_layouts(own, places[-1], [part[i] for i in shared], target_rows=[before[i] for i in shared])
        places.append(match.coordinates)
        matches.append((match.residual, match.n))
    return places, matches


def _laid(parts: Sequence[Space], words: Sequence[str], n_components: int) -> Vectors:
    """Every point by itself; small products all of them."""
    unit = np.concatenate([part.unit for part in parts])
    of = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    asked = np.array([item in words for part in parts for item in part.items])
    weights = np.where((of[:, None] == of) & (asked[:, None] | asked), FOCUS, 1).astype(np.float32)
    with one_thread():
        return scaled(np.clip(1 - unit @ unit.T, 0, 2), principal(unit, n_components), weights)
