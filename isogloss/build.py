"""Building a collection from a recipe: tokenise, count, train the compass, train the slices."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from isogloss.collection import Alignment, Collection
from isogloss.corpus import Counts, Progress, SlicedCorpus, count, read_corpus, silent
from isogloss.errors import BuildError
from isogloss.recipe import Recipe
from isogloss.slices import train_slices
from isogloss.space import Space, Vectors
from isogloss.train import require_frozen, train_compass


@dataclass(frozen=True)
class Built:
    """What a build made: the collection, the tokens it read and the seconds it took."""

    collection: Collection
    tokens: int
    seconds: float


def build(recipe: Recipe, progress: Progress = silent, workers: int = 2) -> Built:
    """Build a collection. The same recipe and seed give the same vectors, bit for bit, on one machine.

    progress is called with what is being done and the share done; raise Cancelled from it to stop.
    Raises InvalidValue for a recipe or corpus that cannot be used, BuildError if the compass moved.
    """
    start = time.monotonic()
    corpus = read_corpus(recipe, progress)
    counted = [count(corpus, index) for index in range(len(recipe.slices))]
    total = np.sum([c.count for c in counted], axis=0)
    p = recipe.training
    if not (total >= p.min_count).any():
        raise BuildError(f"no item occurs {p.min_count} times", "lower training.min_count or give more text")
    words = np.flatnonzero(total >= p.min_count)
    words = words[np.lexsort((words, -total[words]))]
    names = [corpus.stream.items[w] for w in words]
    pooled = _renumber(corpus.stream.ids, words, len(total))
    compass = train_compass(pooled, names, total[words], p, lambda share: progress("training the compass", share))
    trained = _train_slices(recipe, corpus, counted, words, compass, progress, workers)
    spaces = tuple(
        _space(one.name, names, words, counted[index], rows, vectors, p.ship_count)
        for index, (one, (rows, vectors, _)) in enumerate(zip(recipe.slices, trained, strict=True))
    )
    change = max(change for _, _, change in trained)
    require_frozen(change)
    tokens = int((corpus.stream.ids >= 0).sum())
    collection = Collection(
        recipe.name,
        spaces,
        title=recipe.title,
        ordered=recipe.ordered,
        alignment=Alignment("cade", change, _diagnostics(recipe, corpus, counted, spaces)),
        metadata=dict(recipe.metadata) | {"training": asdict(p), "tokens": tokens},
        compass=_compass(names, compass, spaces),
    )
    return Built(collection, tokens, time.monotonic() - start)


def _renumber(ids: npt.NDArray[np.int32], words: npt.NDArray[np.int64], n: int) -> npt.NDArray[np.int32]:
    """The stream over the kept words only, ids as rows of `words`, sentence ends kept."""
    rows = np.full(n + 1, -2, dtype=np.int32)
    rows[words] = np.arange(len(words), dtype=np.int32)
    rows[n] = -1
    out = rows[np.where(ids < 0, n, ids)]
    return out[out > -2]


def _train_slices(
    recipe: Recipe,
    corpus: SlicedCorpus,
    counted: list[Counts],
    words: npt.NDArray[np.int64],
    compass: Vectors,
    progress: Progress,
    workers: int,
) -> list[tuple[npt.NDArray[np.int64], Vectors, float]]:
    """For each slice the rows of `words` that reach min_count in it, their vectors, and the change of U."""
    n, p = len(corpus.stream.items), recipe.training
    kept, streams = [], []
    for index, one in enumerate(recipe.slices):
        rows = np.flatnonzero(counted[index].count[words] >= p.min_count)
        if not len(rows):
            raise BuildError(f"slice {one.name!r} has no item {p.min_count} times", "widen it or lower min_count")
        kept.append(rows)
        stream = _renumber(corpus.tokens(index), words[rows], n)
        streams.append((stream, counted[index].count[words[rows]], compass[rows]))
    trained = train_slices(streams, p, lambda share: progress("training the slices", share), workers)
    return [(rows, vectors, change) for rows, (vectors, change) in zip(kept, trained, strict=True)]


def _space(
    name: str,
    names: list[str],
    words: npt.NDArray[np.int64],
    counts: Counts,
    rows: npt.NDArray[np.int64],
    vectors: Vectors,
    least: int,
) -> Space:
    """A stored space: of the trained `rows` of `words` those with at least `least` uses, the most frequent first."""
    in_slice = counts.count[words]
    kept = rows[in_slice[rows] >= least]
    if not len(kept):
        raise BuildError(f"slice {name!r} has no item {least} times", "lower training.ship_count")
    kept = kept[np.lexsort((kept, -in_slice[kept]))]
    ids = words[kept]
    columns: dict[str, Any] = {
        "count": counts.count[ids],
        "per_million": counts.per_million[ids],
        "documents": counts.documents[ids],
        "capital_share": pa.array(counts.capital_share[ids], from_pandas=True),
    }
    if counts.authors is not None:
        columns["authors"] = counts.authors[ids]
    rounded = vectors[np.searchsorted(rows, kept)].astype(np.float16).astype(np.float32)
    return Space(name, tuple(names[k] for k in kept), rounded, pa.table(columns))


def _compass(names: list[str], compass: Vectors, spaces: tuple[Space, ...]) -> Space:
    """The rows of U whose items stand in a stored space: kept to train further slices, not a space."""
    stored = {item for space in spaces for item in space.items}
    rows = [row for row, name in enumerate(names) if name in stored]
    return Space("compass", tuple(names[r] for r in rows), compass[rows].astype(np.float16).astype(np.float32))


def _diagnostics(
    recipe: Recipe, corpus: SlicedCorpus, counted: list[Counts], spaces: tuple[Space, ...]
) -> Mapping[str, Any]:
    shared = set.intersection(*(set(space.items) for space in spaces))
    known = {item: index for index, item in enumerate(corpus.stream.items)}
    rows = np.array(sorted(known[item] for item in shared), dtype=np.int64)
    merged = sorted(corpus.stream.merged.items(), key=lambda pair: -pair[1])
    return {
        "shared_items": len(shared),
        "slices": {
            one.name: {
                "documents": int((corpus.slice_of == index).sum()),
                "tokens": int(counted[index].count.sum()),
                "shared_token_share": float(counted[index].count[rows].sum() / max(counted[index].count.sum(), 1)),
            }
            for index, one in enumerate(recipe.slices)
        },
        "merged_forms": len(merged),
        "merged_most": dict(merged[:40]),
    }
