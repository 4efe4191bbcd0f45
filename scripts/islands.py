"""The picture of scripts on Home: `python -m scripts.islands assets`, from the maps that ship."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from components.home.pictures import HEIGHT, WIDTH, Dots, label, svg
from components.parts.palette import GREY, OKABE_ITO
from isogloss.maps.layout import LayoutParameters
from isogloss.maps.linked import find_maps
from isogloss.separation.groups import groups_of
from isogloss.workspace.store import SCRIPTS, Workspace

_MOST = 1000


def write(folder: Path) -> None:
    """Before on the left, translated on the right; the seven commonest scripts have colours."""
    workspace = Workspace()
    collection = workspace.open(SCRIPTS)
    ends = [collection.names[0], collection.names[-1]]
    found = find_maps(
        collection, ends, "matched", parameters=LayoutParameters(), store=workspace.derived(collection.name)
    )
    assert found is not None, "draw the maps first: scripts/build_demo"
    chosen = np.random.default_rng(0).permutation(len(found[0].space))[:_MOST]
    codes = groups_of(found[0].space).codes[chosen]
    for name, text in (("light", "#24282d"), ("dark", "#f2f2f0")):
        parts = []
        for side, one in enumerate(found):
            places = one.coordinates.astype(np.float64)
            low, high = np.quantile(places, [0.01, 0.99], axis=0)
            at = np.clip((places[chosen] - low) / (high - low), -0.02, 1.02)
            at = at * [WIDTH / 2 - 34, HEIGHT - 54] + [12 + side * (WIDTH / 2 + 6), 36]
            parts += [
                Dots(at[codes == code], OKABE_ITO[code] if code < 7 else GREY, radius=1.5, opacity=0.6).svg()
                for code in range(int(codes.max()), -1, -1)
            ]
            parts.append(label(one.space.name, 12 + side * (WIDTH / 2 + 6), 18, text, size=13, bold=True))
        (folder / f"scripts-{name}.svg").write_text(svg(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
