"""Pairs as a collection: two spaces of one encoder, the sources and what was made of them, item by item."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from isogloss.encoders.encoder import Encoder
from isogloss.errors import InvalidValue
from isogloss.formats.own_columns import own_columns
from isogloss.progress import Progress, part_of, silent
from isogloss.rewriting.pairs import Pairs
from isogloss.rewriting.profile import Checked
from isogloss.spaces.collection import Alignment, Collection
from isogloss.spaces.space import Space

_SHOWN = 60  # letters of a source in the name of its item


def collection_of(
    pairs: Pairs, name: str, *, encoder: Encoder, checked: Checked | None = None, progress: Progress = silent
) -> Collection:
    """Spaces `source` and `target`; an item is its row and the beginning of its source, so that Neighbors, Map, Drift
    and Scripts show both sides of a pair as one.

    Columns: those of the pairs, renamed where a name is ours, and `failed`: the kinds of failure of the row, by commas.
    Raises InvalidValue for fewer than two pairs with text on both sides.
    """
    kept = [at for at in range(len(pairs)) if pairs.source[at].strip() and pairs.target[at].strip()]
    if len(kept) < 2:
        raise InvalidValue(f"{len(kept)} pairs have text on both sides", "give two or more")
    failed: dict[int, dict[str, None]] = {}
    for failure in checked.failures if checked else ():
        failed.setdefault(failure.row, {})[failure.kind] = None
    items = tuple(f"{pairs.rows[at]} · {' '.join(pairs.source[at].split())[:_SHOWN]}" for at in kept)
    told = {column: [values[at] for at in kept] for column, values in pairs.columns.items()}
    columns, _ = own_columns(pa.table(told))
    columns = columns.append_column("failed", pa.array([", ".join(failed.get(at, ())) for at in kept]))
    spaces = []
    for side, (label, texts) in enumerate((("source", pairs.source), ("target", pairs.target))):
        vectors = encoder.encode([texts[at] for at in kept], part_of(progress, side / 2, (side + 1) / 2))
        spaces.append(Space(label, items, np.asarray(vectors, dtype=np.float32), columns, {"encoder": encoder.name}))
    return Collection(
        name,
        tuple(spaces),
        title=f"{pairs.name}: pairs",
        ordered=True,
        alignment=Alignment("declared", None, {"encoder": encoder.name}),
        metadata={"encoder": encoder.name},
    )
