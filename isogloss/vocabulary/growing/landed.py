"""Where new words land: beside known tokens in the space that they were made by, and in the table of the model."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from isogloss.spaces.collection import Collection
from isogloss.spaces.space import Space
from isogloss.types import Vectors
from isogloss.vocabulary.growing.grow import Grown, Sources

NEW, KNOWN = "new word", "known token"
TABLE = "table of the model"


def landed(found: Grown, table: Vectors, sources: Sources, space: Space) -> Collection:
    """Two spaces, unaligned: words and tokens as `space` has them, and as rows of the table, new ones beside known.

    table: (n_tokens, dim). A word that the space does not hold is in the table alone. Column `kind`.
    """
    new = [one.word for one in found.words]
    mine = set(new)
    held = [i for i, word in enumerate(new) if word in space]
    outside = space.rows(np.array([space[new[i]] for i in held], dtype=np.int64)) if held else sources.vectors[:0]
    known = [i for i, item in enumerate(sources.items) if item not in mine]  # a token that is never cut to
    items = tuple(sources.items[i] for i in known)
    name = space.name if space.name != TABLE else f"{space.name} (outside)"
    one = _space(name, [new[i] for i in held], outside, items, sources.vectors[known])
    two = _space(TABLE, new, found.rows, items, table[sources.tokens[known]])
    return Collection("new-words", (one, two), "New words among known tokens", ordered=False)


def _space(name: str, new: list[str], rows: Vectors, items: tuple[str, ...], known: Vectors) -> Space:
    kinds = pa.array([NEW] * len(new) + [KNOWN] * len(items))
    vectors = np.concatenate([np.asarray(rows, np.float32), np.asarray(known, np.float32)])
    return Space(name, (*new, *items), vectors, pa.table({"kind": kinds}))
