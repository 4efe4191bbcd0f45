"""The index of a space that was published to a vector engine."""

from __future__ import annotations

from isogloss.nearest.index import Index
from isogloss.nearest.remote.index import linked
from isogloss.spaces.items import LARGE
from isogloss.spaces.space import Space
from isogloss.workspace.derived import DerivedStore


class Remote:
    name = "remote"
    title = "vector engine"
    help = "LanceDB or Milvus proposes, the space's own vectors decide; made by `isogloss publish`."

    def find(self, space: Space, store: DerivedStore | None) -> Index | None:
        """Of a large space that was published, where its engine answers and there is no graph here."""
        return linked(space, store) if store is not None and len(space) > LARGE else None


member = Remote()
