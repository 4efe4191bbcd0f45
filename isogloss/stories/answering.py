"""Maps that answer without a server: places around a word, and what truly lies near each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from isogloss.errors import IsoglossError
from isogloss.maps.local import LocalLayout, local_layout
from isogloss.nearest.exact import ExactIndex
from isogloss.notebook.view import View
from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.workspace.store import FIRST, Workspace

SEVERAL = re.compile("[,;،、，]")  # between the words of a map
PAGES = ("Neighbors", "Map", "Drift")
NEAR = 10
_STEPS, _PARTS = 1_000, 10_000  # places on the longer side; the parts in which a similarity is told


@dataclass
class Maps:
    """maps: as the talk's script reads them. names: items by number. left_out: what could not be drawn → why."""

    maps: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    _found: dict[tuple[str, str], int | None] = field(default_factory=dict)

    def of(self, view: View, workspace: Workspace) -> int | None:
        """The number of the map of a view; None where it is not about a word, or cannot be drawn."""
        typed = view.get("item").strip()
        if view.page not in PAGES or not typed or view.get("extent") == "whole":
            return None
        words = [one.strip() for one in SEVERAL.split(typed) if one.strip()] if view.page == "Map" else [typed]
        key = (view.get("collection") or FIRST, typed)
        if key not in self._found:
            try:
                collection = workspace.open(key[0])
                drawn = local_layout(collection, words, store=workspace.derived(collection.name))
                self._found[key] = len(self.maps)
                self.maps.append(self._told(collection, drawn))
            except IsoglossError as error:
                self.left_out[f"{key[0]}, {typed}"] = error.fact
                self._found[key] = None
        return self._found[key]

    def _told(self, collection: Collection, drawn: LocalLayout) -> dict[str, Any]:
        every = np.concatenate([one.coordinates for one in drawn.maps])
        low, scale = every.min(axis=0), float(np.ptp(every, axis=0).max()) or 1.0
        spaces = []
        for one in drawn.maps:
            places = np.round((one.coordinates - low) / scale * _STEPS).astype(int)
            spaces.append(
                {
                    "name": one.space.name,
                    "items": [self._number(item) for item in one.space.items],
                    "x": places[:, 0].tolist(),
                    "y": places[:, 1].tolist(),
                    "near": self._near(collection[one.space.name], one.space.items),
                }
            )
        return {
            "collection": collection.name,
            "title": collection.title,
            "word": self._number(drawn.asked[0]),
            "ordered": collection.ordered,
            "joint": drawn.how == "joint",
            "kept": round(drawn.kept_share, 3),
            "chance": round(drawn.chance_share, 3),
            "spaces": spaces,
        }

    def _near(self, space: Space, items: Iterable[str]) -> list[list[int]]:
        """For each item, its ten nearest in its whole space: number and similarity by turns."""
        rows = np.array([space[item] for item in items])
        found, similarity = ExactIndex(space).search(space.unit[rows], min(NEAR + 1, len(space)))
        told = []
        for own, near, values in zip(rows.tolist(), found.tolist(), similarity.tolist(), strict=True):
            pairs = [(row, value) for row, value in zip(near, values, strict=True) if row != own][:NEAR]
            told.append([n for row, value in pairs for n in (self._number(space.items[row]), round(value * _PARTS))])
        return told

    def _number(self, item: str) -> int:
        return self.names.setdefault(item, len(self.names))
