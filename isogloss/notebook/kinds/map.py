"""Map: how much of each one's neighbors a picture keeps, and what chance would."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isogloss.notebook.commands import changed, options_of, spelt
from isogloss.notebook.figures import pointed
from isogloss.notebook.kind import Ground, Kind, Method
from isogloss.notebook.view import View

MOST_MAPS = 4
_MOST_FIGURES = 50
_SEVERAL = re.compile(r"[,;،、，]")


class Map(Kind):
    page = "Map"

    def command(self, view: View, ground: Ground | None) -> tuple[str, ...]:
        assert ground
        words = _words(view)
        chosen = [name for name in ground.names if name in view.all("spaces")] or list(ground.names[:MOST_MAPS])
        chosen = chosen[:MOST_MAPS]
        together = view.get("view") == "together"
        layout = "matched" if view.get("layout") == "matched" and not together else None
        return spelt(
            "map",
            [ground.collection, *filter(None, words)],
            space=None if chosen == list(ground.names) else chosen,
            layout=layout if len(chosen) > 1 and ground.aligned else None,
            dimensions=3 if view.get("dimensions") == "3-D" else None,
            whole=bool(words) and view.get("extent") == "whole",
        )

    def pointers(self, output: Any, view: View) -> Mapping[str, Mapping[str, str]]:
        """Of the map, and of each of the words in each space: how many of its own neighbors lie near it."""
        found = {
            "share of neighbors kept": {"value": "/kept_share", "n": "/n"},
            "share that chance keeps": {"value": "/chance_share", "n": "/n"},
        }
        words = set(_words(view))
        for at, point in enumerate((output.get("points") if isinstance(output, dict) else None) or []):
            if point["item"] in words and len(found) < _MOST_FIGURES:
                name = f"neighbors kept of {point['item'][:60]}, {point['space'][:60]}"
                found[name] = {"value": pointed("points", at, "kept"), "n": "/k"}
        return found

    def method(self, command: Sequence[str]) -> Method:
        return Method(
            "kept: mean over the points of |k nearest in the space ∩ k nearest on the map| / k; chance: k / (n − 1)",
            "layout: UMAP, McInnes, Healy & Melville 2018",
        )

    def variations(self, command: Sequence[str], output: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
        told = options_of(command)
        other = 2 if told.get("dimensions") == "3" else 3
        yield f"{other} dimensions", changed(command, dimensions=other)
        if isinstance(output, dict) and len(output.get("spaces", ())) > 1 and output.get("layout") == "joint":
            yield "each space's own map, matched", changed(command, layout="matched")

    def stands(self, before: Any, after: Any) -> bool:
        """The map keeps more than chance would."""
        return bool(after["kept_share"] > after["chance_share"])


def _words(view: View) -> list[str]:
    return list(filter(None, (one.strip() for one in _SEVERAL.split(view.get("item")))))


member = Map()
