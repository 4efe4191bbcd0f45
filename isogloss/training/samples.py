"""Spaces trained on samples of a corpus, all against one compass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.corpora.corpus import SlicedCorpus
from isogloss.corpora.recipe import TrainingParameters
from isogloss.corpora.tokens import BLOCK
from isogloss.errors import BuildError
from isogloss.training.workers import train_slices
from isogloss.training.workshop import Workshop
from isogloss.types import Mask, Vectors


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words that a build trains. words: their ids in the stream, (n,). compass: float32 (n, dim)."""

    items: list[str]
    words: npt.NDArray[np.int64]
    compass: Vectors


@dataclass(frozen=True, eq=False)
class Sample:
    """One trained sample: rows of the vocabulary (ascending), their uses in the sample, their vectors."""

    rows: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    vectors: Vectors
    change: float


def train_samples(
    corpus: SlicedCorpus,
    vocabulary: Vocabulary,
    samples: Sequence[tuple[str, Mask]],
    *,
    min_count: int,
    parameters: TrainingParameters,
    workshop: Workshop,
) -> list[Sample]:
    """Train each sample: a name for errors, and which documents belong to it, bool (n_documents,).

    Words below min_count uses in a sample are left out of it. Sample i starts from seed
    parameters.seed + 1 + i. Raises BuildError for a sample without
    such words.
    """
    n = len(corpus.stream.items)
    kept, streams = [], []
    for name, documents in samples:
        tokens = corpus.tokens(documents)
        counts = np.bincount(tokens[tokens >= 0], minlength=n)[vocabulary.words]
        rows = np.flatnonzero(counts >= min_count)
        if not len(rows):
            raise BuildError(f"{name} has no item {min_count} times", "widen it or lower training.min_count")
        kept.append((rows, counts[rows]))
        stream = renumber(tokens, vocabulary.words[rows], n)
        streams.append((stream, counts[rows], vocabulary.compass[rows]))
    trained = train_slices(streams, parameters, workshop=workshop)
    return [Sample(*known, *new) for known, new in zip(kept, trained, strict=True)]


def renumber(ids: npt.NDArray[np.int32], words: npt.NDArray[np.int64], n: int) -> npt.NDArray[np.int32]:
    """The stream over the kept words only, ids as rows of `words`, sentence ends kept."""
    rows = np.full(n + 1, -2, dtype=np.int32)
    rows[words] = np.arange(len(words), dtype=np.int32)
    rows[n] = -1
    parts = [rows[part] for part in np.split(ids, range(BLOCK, len(ids), BLOCK))]  # −1 is the last row: sentence ends
    return np.concatenate([part[part > -2] for part in parts])
