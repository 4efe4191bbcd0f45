"""What the linked maps are drawn from: maps of spaces, the columns of their items, and all of it as bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from components.maps.facets import UNKNOWN, Facet, number_facet, text_facet
from components.maps.pack import pack, zipped
from components.parts.labels import shorten
from components.parts.palette import RAMP, space_colours
from components.parts.spoken import say
from isogloss.errors import InvalidValue
from isogloss.maps.layout import LayoutParameters
from isogloss.maps.linked import LARGE as LARGE_SPACE
from isogloss.maps.linked import SpaceMap, distances, shared_neighbors
from isogloss.maps.local import LocalLayout
from isogloss.maps.polygon import inside
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.types import Rows

KEPT, SPACE = "kept", "space"
LARGE = 400_000
_VERSION = 2
LABEL = 120  # characters of a label that the browser gets; the item itself stays here
_COMMONEST = 10  # one in so many items, the commonest, says least about a place and is labelled last
_DISTINCT = 200  # values of a text column that are worth bars


@dataclass(frozen=True, eq=False)
class MapData:
    """Maps of spaces of a collection. Points are numbered through all maps, items through all spaces.

    local: where they show only what lies around some words; maps are then its own. whole: what the whole map keeps of
    the same, once somebody asked and it was drawn. plain: what is drawn without bars needs no columns.
    """

    collection: Collection
    maps: list[SpaceMap]
    how: str
    parameters: LayoutParameters
    local: LocalLayout | None = None
    whole: float | None = None
    plain: bool = False

    def __len__(self) -> int:
        return sum(len(m.space) for m in self.maps)

    @property
    def names(self) -> list[str]:
        return [m.space.name for m in self.maps]

    @property
    def dims(self) -> int:
        return int(self.maps[0].coordinates.shape[1])

    @property
    def k(self) -> int:
        """Neighbors a map has of each item: as many as its smallest space can give."""
        return min(m.k for m in self.maps)

    @cached_property
    def version(self) -> str:
        """What the bytes depend on, as a name."""
        parts = [str(_VERSION), self.collection.fingerprint, self.how, repr(self.parameters), *self.names]
        parts += ["around", *self.local.asked, "", *self.local.items] if self.local else []
        parts += ["plain"] * self.plain
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]

    @cached_property
    def ids(self) -> dict[str, int]:
        """A number for every item of any of the maps."""
        return {item: i for i, item in enumerate(dict.fromkeys(i for m in self.maps for i in m.space.items))}

    @cached_property
    def items(self) -> list[str]:
        return list(self.ids)

    @cached_property
    def starts(self) -> list[int]:
        """Number of the first point of every map."""
        return [0, *np.cumsum([len(m.space) for m in self.maps])[:-1].tolist()]

    @cached_property
    def kept_share(self) -> float:
        """Share of true neighbors that the maps kept, over all points."""
        most = sum(m.k * len(m.space) for m in self.maps)
        return sum(int(m.kept.sum()) for m in self.maps) / most if most else 1.0

    @cached_property
    def chance_share(self) -> float:
        """What maps of randomly placed points would keep: k/(n−1) of each space, by its points."""
        shares = [len(m.space) * min(1.0, m.k / max(len(m.space) - 1, 1)) for m in self.maps]
        return float(sum(shares) / max(len(self), 1))

    @cached_property
    def facets(self) -> list[Facet]:
        """Item columns that every space has, and how many true neighbors the map kept."""
        if self.plain:
            return []
        tables = [m.space.columns for m in self.maps]
        found = []
        for name in tables[0].column_names:
            kinds = [t.schema.field(name).type for t in tables if name in t.column_names]
            if len(kinds) < len(tables):
                continue
            if all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds):
                found.append(number_facet(name, np.concatenate([t[name].to_numpy() for t in tables])))
            elif all(pa.types.is_string(kind) for kind in kinds):
                values = [v if v is not None else UNKNOWN for t in tables for v in t[name].to_pylist()]
                if len(set(values)) <= max(_DISTINCT, len(tables[0]) // 100):  # else nearly all would be "others"
                    found.append(text_facet(name, values))
        return [*found, number_facet(KEPT, np.concatenate([m.kept for m in self.maps]))]

    @property
    def colours(self) -> list[str]:
        """What points can be coloured by; the space first, where there are several."""
        return ([SPACE] if len(self.maps) > 1 else []) + [f.name for f in self.facets if len(f.levels) > 1] or [SPACE]

    @property
    def large(self) -> bool:
        return is_large([m.space for m in self.maps])

    @cached_property
    def ranks(self) -> list[npt.NDArray[np.int32]]:
        """For each map, the place of every row among those worth a label."""
        if self.local:  # nearest first
            return [np.arange(len(m.space), dtype=np.int32) for m in self.maps]
        return [np.argsort(label_order(m)).astype(np.int32) for m in self.maps]

    @property
    def header(self) -> dict[str, Any]:
        colour_of = space_colours(self.collection.names, self.collection.ordered)
        around = {"around": True, "joint": self.how == "joint"} if self.local else {}
        return around | {
            "version": self.version,
            "k": self.k,
            "dims": self.dims,
            "ramp": RAMP,
            "labels": [],
            "maps": [{"space": m.space.name, "colour": colour_of[m.space.name]} for m in self.maps],
            "facets": [
                {
                    "name": f.name,
                    "title": "kept by the map" if f.name == KEPT else f.title,
                    "levels": f.levels,
                    "colours": list(f.colours),
                }
                for f in self.facets
            ],
        }

    def arrays(self, rows: Sequence[Rows], ids: Mapping[str, int]) -> dict[str, npt.NDArray[Any]]:
        """What the browser needs of some rows of every map; `order` says which of them to label first."""
        out: dict[str, npt.NDArray[Any]] = {}
        for i, (one, some) in enumerate(zip(self.maps, rows, strict=True)):
            out[f"places{i}"] = np.asarray(one.coordinates[some], dtype=np.float32)
            out[f"ids{i}"] = np.array([ids[one.space.items[r]] for r in some], dtype=np.int32)
            out[f"kept{i}"] = one.kept[some].astype(np.uint8)
            out[f"order{i}"] = np.argsort(self.ranks[i][some], kind="stable").astype(np.int32)
            if one.space.counts is not None:
                out[f"count{i}"] = np.minimum(one.space.counts[some], 2**31 - 1).astype(np.int32)
        points = np.concatenate([start + some for start, some in zip(self.starts, rows, strict=True)])
        for i, facet in enumerate(self.facets):
            out[f"code{i}"] = facet.codes[points]
            if facet.shades is not None:
                out[f"shade{i}"] = facet.shades[points]
        return out

    @cached_property
    def sent(self) -> bytes:
        """The block as it is sent."""
        return zipped(self.version, self.block)

    @property
    def block(self) -> bytes:
        """Everything the browser needs, packed (see pack.py). Items are labels of at most 120 characters."""
        arrays = self.arrays([np.arange(len(m.space)) for m in self.maps], self.ids)
        for i, one in enumerate(self.maps):
            arrays[f"near{i}"] = np.asarray(one.neighbors[:, : self.k], dtype=np.int32)
            if i + 1 < len(self.maps):
                arrays[f"stay{i}"] = shared_neighbors(one, self.maps[i + 1])
        return pack(self.header | {"labels": [shorten(item, LABEL) for item in self.items]}, arrays)

    def distance_bytes(self, item_id: object) -> bytes:
        """Cosine distances of an item to all points, each in its own space: 0 to 1 as 0 to 254, 255 where unknown."""
        item = self.item(item_id)
        arrays = {}
        for i, one in enumerate(self.maps):
            shades = np.full(len(one.space), 255, dtype=np.uint8)
            if item in one.space:
                shades = np.round(np.clip(distances(one.space, item), 0, 1) * 254).astype(np.uint8)
            arrays[f"d{i}"] = shades
        return pack(
            {"version": f"{self.version}:distance", "id": item_id, "labels": [], "maps": [], "facets": []}, arrays
        )

    def item(self, item_id: object) -> str:
        """Raises InvalidValue for a number that no item has."""
        if not isinstance(item_id, int) or not 0 <= item_id < len(self.items):
            raise InvalidValue(say("the maps have no item {number!r}", number=item_id), say("choose a point again"))
        return self.items[item_id]

    def selected(self, message: object) -> list[int]:
        """Points of a selection that the browser sent: its rows, or the points inside its outline.

        Rows come up to a bound; beyond it the outline is resolved here, at the moment and the turn it was
        drawn at, among the points that pass the filters. Anything malformed selects nothing.
        """
        if not isinstance(message, dict) or message.get("version") != self.version:
            return []
        rows = message.get("rows")
        if isinstance(rows, list) and rows:
            return [r for r in dict.fromkeys(rows) if isinstance(r, int) and 0 <= r < len(self)]
        try:
            return self._inside(message)
        except (InvalidValue, TypeError, ValueError, KeyError, IndexError):
            return []

    def _inside(self, message: dict[str, Any]) -> list[int]:
        shown = [int(m) for m in message["maps"]]
        passing = self.passing({str(name): {int(v) for v in levels} for name, levels in message.get("filters", [])})
        places = [np.asarray(m.coordinates, dtype=np.float64) for m in self.maps]
        if message.get("turned"):
            turned = turn(*(float(v) for v in message["turned"]))
            middle = np.concatenate(places).mean(axis=0)
            places = [((p - middle) @ turned.T) for p in places]
        t = float(message.get("t", 0.0))
        if message.get("blend") and len(shown) == 2:
            near, other = (shown[0], shown[1]) if t < 0.5 else (shown[1], shown[0])
            mix = t if near == shown[0] else 1 - t
            there = np.array([self.maps[other].space.positions.get(i, -1) for i in self.maps[near].space.items])
            moved = places[near].copy()
            moved[there >= 0] = moved[there >= 0] * (1 - mix) + places[other][there[there >= 0]] * mix
            places[near], shown = moved, [near]
        found: list[int] = []
        for m in shown:
            chosen = inside(np.float32(places[m][:, :2]), message["outline"]) & passing[m]
            found += (self.starts[m] + np.flatnonzero(chosen)).tolist()
        return found

    def passing(self, filters: dict[str, set[int]]) -> list[npt.NDArray[np.bool_]]:
        """For each map, which points pass: levels of facets, or numbers of maps under *space*."""
        facets = {f.name: f for f in self.facets}
        out = []
        for m, (one, start) in enumerate(zip(self.maps, self.starts, strict=True)):
            mask = np.full(len(one.space), m in filters.get(SPACE, {m}))
            for name, levels in filters.items():
                if name in facets:
                    mask &= np.isin(facets[name].codes[start : start + len(one.space)], list(levels))
            out.append(mask)
        return out

    def table(self, points: list[int]) -> pa.Table:
        """The chosen points: item, space, count, per_million, kept neighbors."""
        at = np.asarray(points, dtype=np.int64)
        which = np.searchsorted(self.starts, at, side="right") - 1
        rows = at - np.asarray(self.starts, dtype=np.int64)[which]
        pairs = list(zip(which.tolist(), rows.tolist(), strict=True))
        columns: dict[str, Any] = {
            "item": [self.maps[m].space.items[r] for m, r in pairs],
            "space": [self.maps[m].space.name for m, _ in pairs],
        }
        if all(m.space.counts is not None for m in self.maps):
            columns["count"] = [int(self.maps[m].space.counts[r]) for m, r in pairs]
        if all(m.space.per_million is not None for m in self.maps):
            columns["per_million"] = [float(self.maps[m].space.per_million[r]) for m, r in pairs]
        columns[f"kept of {self.k}"] = [int(self.maps[m].kept[r]) for m, r in pairs]
        return pa.table(columns)


def is_large(spaces: Sequence[Space]) -> bool:
    """Whether spaces have more items than a browser should be sent at once: their maps are flat and come by views."""
    return sum(map(len, spaces)) > LARGE or any(len(s) > LARGE_SPACE for s in spaces)


def label_order(one: SpaceMap) -> npt.NDArray[np.int32]:
    """Rows in the order in which they are worth a label: by count, the commonest tenth last."""
    n = len(one.space)
    weight = one.space.counts if one.space.counts is not None else np.arange(n, 0, -1)
    order = np.argsort(-weight, kind="stable")
    usual = n // _COMMONEST
    return np.concatenate([order[usual:], order[:usual]]).astype(np.int32)


def turn(yaw: float, pitch: float) -> npt.NDArray[np.float64]:
    """The rotation of a map in three dimensions, rows as `turn` of geometry.js has them."""
    cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    return np.array([[cy, 0, sy], [sp * sy, cp, -sp * cy], [-cp * sy, sp, cp * cy]])
