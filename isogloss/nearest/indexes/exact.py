"""The exact search: nothing is built."""

from __future__ import annotations

from isogloss.nearest.exact import ExactIndex
from isogloss.nearest.index import Index
from isogloss.spaces.space import Space
from isogloss.workspace.derived import DerivedStore


class Exact:
    name = "exact"
    title = "exact search"
    help = "Every item is compared with the query."

    def find(self, space: Space, store: DerivedStore | None) -> Index:
        return ExactIndex(space)


member = Exact()
