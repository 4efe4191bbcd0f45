"""Vectors and maps of the shipped lists' titles, as the page Atlas looks for them: `python -m scripts.titles`."""

from __future__ import annotations

from isogloss.atlas.shipped import shipped_catalogue, shipped_names
from isogloss.atlas.survey import survey
from isogloss.encoders.later import Later
from isogloss.maps.layout import LayoutParameters, make_layout
from isogloss.notebook.kinds.atlas import LEVELS, OPENING, K
from isogloss.spaces.collection import Alignment, Collection
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import SHIPPED


def main() -> None:
    encoded, atlas = (DerivedStore(SHIPPED / name / "derived") for name in ("encoded", "atlas"))
    names = shipped_names()
    for chosen in ([*names], *([name] for name in names)):
        found = survey([shipped_catalogue(name) for name in chosen], Later(), encoded, k=K, depth=LEVELS[OPENING])
        plain = Collection("atlas", (found.space,), "Atlas", Alignment("none"))
        make_layout(plain, [found.space.name], LayoutParameters(), store=atlas)
        print(f"{', '.join(chosen)}: {len(found.space)} titles")


if __name__ == "__main__":
    main()
