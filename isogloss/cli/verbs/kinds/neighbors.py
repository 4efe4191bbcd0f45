"""Who lies near a word, in every space."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from isogloss.cli.verbs.arguments import Argument
from isogloss.cli.verbs.verb import COLLECTION, Said, Verb, figure
from isogloss.notebook.kinds.neighbors import CRITERIA, K, Neighbors
from isogloss.notebook.view import View
from isogloss.workspace.store import Workspace

_DESCRIBES = "a list of neighbors describes; nothing is tested"


class NeighborsVerb(Verb):
    name = "neighbors"
    help = "the nearest items of a word in every space of a collection; also war - peace + trade"
    arguments = (
        COLLECTION,
        Argument(name="item", help="a word, or words with + and -, or man : king :: woman : ?", required=True),
        Argument(name="space", help="take the word's vector from this space (default: each space its own)"),
        Argument(name="k", help="neighbors listed", kind="whole", least=3, most=50, default=K),
        Argument(name="criterion", help="by what they are ranked", choices=CRITERIA, default=CRITERIA[0]),
    )

    def view(self, given: Mapping[str, Any]) -> View:
        return View.of("Neighbors", {key: str(value) for key, value in given.items()})

    def said(self, output: Any, given: Mapping[str, Any], workspace: Workspace) -> Said:
        collection = workspace.open(given["collection"])
        noise = collection.controls.noise if collection.controls else {}
        figures, first = [], []
        for space, items in Neighbors().neighbors(output).items():
            if not items:
                continue
            near = output["results"][space][0]
            value, half = near["similarity"], math.nan
            one = output.get("item", "")
            own = given.get("criterion", CRITERIA[0]) == CRITERIA[0] and "space" not in given
            if own and space in noise and one in collection[space] and items[0] in collection[space]:
                half = noise[space].half_interval(collection[space], one, items[0])
            known = math.isfinite(half)
            more = {"interval": [round(value - half, 6), round(value + half, 6)]} if known else {}
            why = _DESCRIBES if known else f"{_DESCRIBES}; no interval: no replicates say how firm this vector is"
            name = f"similarity of {items[0]} in {space}"
            figures.append(figure(name, value, n=len(collection[space]), **more, why=why))
            first.append(f"{space}: {', '.join(items[:5])}")
        said = "; ".join(first) or f"{given['item']!r} is missing or too rare in every space"
        return Said(said[:2_000], figures)


member = NeighborsVerb()
