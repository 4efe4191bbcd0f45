"""The baseline: each slice trained alone, then turned onto the one before it (Hamilton, Leskovec & Jurafsky 2016)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from isogloss.corpora.corpus import SlicedCorpus
from isogloss.corpora.recipe import TrainingParameters
from isogloss.errors import BuildError
from isogloss.linear import orthogonal, unit_rows
from isogloss.progress import part_of
from isogloss.training.cade import train_alone
from isogloss.training.samples import renumber
from isogloss.training.workshop import Workshop
from isogloss.types import Mask, Rows, Vectors
from isogloss.workspace.derived import derived_key


def train_independent(
    corpus: SlicedCorpus,
    slices: Sequence[tuple[str, Mask]],
    *,
    words: Rows,
    names: list[str],
    parameters: TrainingParameters,
    workshop: Workshop,
) -> tuple[list[tuple[Rows, Vectors]], list[float]]:
    """For each slice the rows of `words` it has and their vectors, and how badly each was matched.

    Each but the first is turned by orthogonal Procrustes on unit vectors of the words it shares with the one
    before. The figure is the share of their variance that stays unmatched, ‖XQ − Z‖² / 2n, 0 for the first; lower is
    better. Slice i starts from seed parameters.seed + 1 + i; each is kept as soon as it is trained.
    Raises BuildError for a slice without words, or one that shares fewer than `dim` with the one before.
    """
    found: list[tuple[Rows, Vectors]] = []
    left: list[float] = []
    total = len(corpus.stream.items)
    for i, (name, documents) in enumerate(slices):
        tokens = corpus.tokens(documents)
        counts = np.bincount(tokens[tokens >= 0], minlength=total)[words]
        rows = np.flatnonzero(counts >= parameters.min_count)
        if not len(rows):
            raise BuildError(f"{name} has no item {parameters.min_count} times", "widen it or lower training.min_count")
        stream = renumber(tokens, words[rows], total)
        key = derived_key("alone", 1, content=_digest(stream), training=repr(parameters), index=i)

        def train(
            i: int = i, rows: Rows = rows, stream: npt.NDArray[np.int32] = stream, counts: Rows = counts
        ) -> dict[str, Vectors]:
            report = part_of(workshop.progress, i / len(slices), (i + 1) / len(slices))
            vectors = train_alone(
                stream,
                [names[r] for r in rows],
                counts[rows],
                parameters=parameters,
                seed=parameters.seed + 1 + i,
                progress=report,
            )
            return {"vectors": vectors}

        vectors = workshop.store.get(key, train)["vectors"]
        if found:
            vectors, unmatched = _turned(name, rows, vectors, *found[-1])
            left.append(unmatched)
        else:
            left.append(0.0)
        found.append((rows, vectors))
    return found, left


def _turned(name: str, rows: Rows, vectors: Vectors, before: Rows, target: Vectors) -> tuple[Vectors, float]:
    _, here, there = np.intersect1d(rows, before, assume_unique=True, return_indices=True)
    if len(here) < vectors.shape[1]:
        raise BuildError(
            f"{name} shares {len(here):,} words with the one before it, fewer than the {vectors.shape[1]} dimensions",
            "widen the slices, lower training.dim, or use CADE",
        )
    x, z = unit_rows(vectors[here]), unit_rows(target[there])
    turn = orthogonal(x, z).astype(np.float32)
    unmatched = float(((x @ turn - z) ** 2).sum() / (2 * len(x)))
    return np.ascontiguousarray(vectors @ turn), unmatched


def _digest(stream: npt.NDArray[np.int32]) -> str:
    return hashlib.sha256(np.ascontiguousarray(stream).data).hexdigest()
