"""Distances of the shipped collections' words between every two of their spaces, as the pages look for them.

Usage: python -m scripts.rankings COLLECTION [COLLECTION ...]
"""

from __future__ import annotations

import sys
from itertools import combinations

from isogloss.drift.measure import usable
from isogloss.drift.ranking import measure_drift
from isogloss.places import ROOT
from isogloss.workspace.derived import DerivedStore
from isogloss.workspace.store import SHIPPED, read_collection


def main(names: list[str]) -> None:
    for name in names:
        folder = SHIPPED / name
        collection, store = read_collection(folder), DerivedStore(folder / "derived")
        measure = usable(collection.aligned)[0].name
        for source, target in combinations(collection.names, 2):
            measure_drift(collection, source, target, measure=measure, store=store)
            print(f"{name}: {source}, {target}")
    print(f"in {SHIPPED.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
