"""Every neighbor that a page shows, as a table to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.csv

from isogloss.nearest.neighbors import Neighbor
from isogloss.nearest.query import Query
from isogloss.spaces.collection import Collection


def neighbor_table(
    collection: Collection, found: Sequence[tuple[Query, Mapping[str, list[Neighbor] | None]]]
) -> pa.Table:
    """One row a neighbor: query, space, rank, neighbor, similarity, count and per_million there."""
    rows = []
    for query, lists in found:
        for name, near in lists.items():
            space = collection[name]
            for rank, n in enumerate(near or [], 1):
                at = space[n.item]
                rows.append(
                    {
                        "query": query.label,
                        "space": name,
                        "rank": rank,
                        "neighbor": n.item,
                        "similarity": round(n.similarity, 4),
                        "count": None if space.counts is None else int(space.counts[at]),
                        "per_million": None if space.per_million is None else round(float(space.per_million[at]), 2),
                    }
                )
    return pa.Table.from_pylist(rows)
