"""Texts typed by a visitor: nearest items in each space, and a place on maps that were drawn without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from isogloss.linear import unit_rows
from isogloss.maps.linked import SpaceMap
from isogloss.nearest.exact import ExactIndex
from isogloss.spaces.space import Space
from isogloss.text.romanize import romanize
from isogloss.text.script import script_of
from isogloss.types import Vectors

TYPED = "typed"
_AROUND = 8


@dataclass(frozen=True)
class Near:
    """A concept near a text, by its nearest form."""

    item: str
    concept: str
    similarity: float


def nearest_concepts(space: Space, vector: Vectors, k: int = 6) -> list[Near]:
    """The k nearest concepts (items, where there are no concepts), each by its nearest form, best first."""
    concepts = space.column("concept")
    rows, similarity = ExactIndex(space).search(vector[None], min(len(space), 60 * k))
    found: dict[str, Near] = {}
    for row, s in zip(rows[0].tolist(), similarity[0].tolist(), strict=True):
        concept = space.items[row] if concepts is None else str(concepts[row])
        found.setdefault(concept, Near(space.items[row], concept, float(s)))
        if len(found) == k:
            break
    return list(found.values())


def place(one: SpaceMap, texts: Sequence[str], vectors: Vectors) -> SpaceMap:
    """The map with these texts on it: each amid its nearest items, at their mean place weighted by similarity.

    A stand-in for a new UMAP, which would move everything; how many of its true neighbors are its neighbors there is
    counted like any other point's. Texts that are already items, and texts without a vector, are left out.
    """
    space = one.space
    fresh = [i for i, text in enumerate(texts) if text not in space and np.linalg.norm(vectors[i]) > 0]
    fresh = [i for n, i in enumerate(fresh) if texts[i] not in [texts[j] for j in fresh[:n]]]
    if not fresh or not one.neighbors.shape[1]:
        return one
    k = one.neighbors.shape[1]
    rows, similarity = ExactIndex(space).search(vectors[fresh], max(k, _AROUND))
    weight = np.maximum(similarity[:, :_AROUND], 1e-3).astype(np.float64) ** 4
    around = one.coordinates[rows[:, :_AROUND]]
    at = ((around * weight[..., None]).sum(axis=1) / weight.sum(axis=1)[:, None]).astype(np.float32)
    kept = []
    for place_, near in zip(at, rows[:, :k], strict=True):
        apart = ((one.coordinates - place_) ** 2).sum(axis=1)
        kept.append(len(np.intersect1d(np.argpartition(apart, k)[:k], near)))
    names = [texts[i] for i in fresh]
    columns = space.columns
    if columns.num_columns:
        given = {"text": names, "script": [script_of(t) for t in names], "romanized": [romanize(t) for t in names]}
        more = {
            name: given.get(name, [TYPED] * len(names))
            if pa.types.is_string(columns[name].type)
            else [None] * len(names)
            for name in columns.column_names
        }
        columns = pa.concat_tables([columns.combine_chunks(), pa.table(more, schema=columns.schema)])
    mark = f"{space.fingerprint}+{hash(tuple(names)) & 0xFFFFFFFFFFFF:x}"
    bigger = Space(
        space.name,
        (*space.items, *names),
        np.concatenate([space.vectors, unit_rows(vectors[fresh])]),
        columns,
        space.metadata,
        mark,
        checked=True,
    )
    return replace(
        one,
        space=bigger,
        coordinates=np.concatenate([one.coordinates, at]),
        neighbors=np.concatenate([one.neighbors, rows[:, :k].astype(np.int32)]),
        kept=np.concatenate([one.kept, np.array(kept, dtype=np.int8)]),
    )
