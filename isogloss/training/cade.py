"""The two trainers of CADE: gensim's word2vec for the compass, our own for the slices.

CADE (Bianchi et al. 2020; TWEC, Di Carlo et al. 2019): a CBOW model of all slices pooled gives the
compass, its output matrix U. Each slice then trains input vectors from a random start against the
same U, which is never written to, so that all slices share coordinates without a rotation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from isogloss.corpora.recipe import TrainingParameters
from isogloss.errors import BuildError, needs
from isogloss.progress import Progress
from isogloss.types import Vectors

Ids = npt.NDArray[np.int32]
_CHUNK = 400_000  # tokens between two calls of progress
_TABLE = 1 << 22
_EDGE = 6.0


def train_compass(
    ids: Ids,
    words: list[str],
    counts: npt.NDArray[np.int64],
    *,
    parameters: TrainingParameters,
    progress: Progress,
) -> Vectors:
    """Output matrix of a CBOW model with negative sampling, float32, shape (n_words, dim), rows as `words`.

    ids: the pooled stream (−1 ends a sentence; ids index `words`; others are absent). One worker, so
    that the same stream and seed give the same matrix, bit for bit.
    """
    model, rows = _trained(
        ids,
        words,
        counts,
        parameters=parameters,
        epochs=parameters.compass_epochs,
        seed=parameters.seed,
        progress=progress,
    )
    return np.ascontiguousarray(model.syn1neg[rows], dtype=np.float32)


def train_alone(
    ids: Ids,
    words: list[str],
    counts: npt.NDArray[np.int64],
    *,
    parameters: TrainingParameters,
    seed: int,
    progress: Progress,
) -> Vectors:
    """Input vectors of a CBOW model of one slice that knows of no other, float32, shape (n_words, dim)."""
    model, rows = _trained(
        ids, words, counts, parameters=parameters, epochs=parameters.slice_epochs, seed=seed, progress=progress
    )
    return np.ascontiguousarray(model.wv.vectors[rows], dtype=np.float32)


def _trained(
    ids: Ids,
    words: list[str],
    counts: npt.NDArray[np.int64],
    *,
    parameters: TrainingParameters,
    epochs: int,
    seed: int,
    progress: Progress,
) -> tuple[Any, list[int]]:
    """gensim's model and the row of each word in it."""
    with needs("build"):
        from gensim.models import Word2Vec  # 1 s and 60 MB: only when something trains

    p = parameters
    model = Word2Vec(
        vector_size=p.dim,
        window=p.window,
        negative=p.negative,
        alpha=p.alpha,
        sample=p.sample,
        min_count=1,
        sg=0,
        cbow_mean=1,
        workers=1,
        seed=seed,
        epochs=epochs,
    )
    keys = [f"{i}" for i in range(len(words))]  # words by number: gensim orders equal counts its own way
    model.build_vocab_from_freq(dict(zip(keys, counts.tolist(), strict=True)))
    total = len(ids) * epochs
    sentences = _Sentences(ids, keys, lambda done: progress("training", min(1.0, done / total)))
    model.train(sentences, total_examples=len(sentences), total_words=int(counts.sum()), epochs=epochs)
    if sentences.failure is not None:
        raise sentences.failure
    return model, [model.wv.key_to_index[key] for key in keys]


class _Sentences:
    """Iterates a stream as gensim wants it, sentences cut at 10,000 words, counting epochs."""

    def __init__(self, ids: Ids, keys: list[str], progress: Callable[[int], None]) -> None:
        self.ids, self.keys, self.progress = ids, np.array(keys, dtype=object), progress
        self.ends = np.flatnonzero(ids < 0)
        self.read = 0
        self.failure: BaseException | None = None  # gensim reads in a thread of its own, where raising would hang it

    def __len__(self) -> int:
        return len(self.ends)

    def __iter__(self) -> Iterator[list[str]]:
        start = 0
        for number, end in enumerate(self.ends.tolist()):
            if end > start:
                yield self.keys[self.ids[start:end]].tolist()
            self.read += end - start + 1
            start = end + 1
            if number % 5_000 == 0:
                try:
                    self.progress(self.read)
                except BaseException as failure:
                    self.failure = failure
            if self.failure is not None:
                return


def train_slice(
    ids: Ids,
    counts: npt.NDArray[np.int64],
    compass: Vectors,
    *,
    parameters: TrainingParameters,
    seed: int,
    progress: Progress,
) -> tuple[Vectors, float]:
    """CBOW input vectors trained against a frozen output matrix.

    ids: the slice's stream (−1 ends a sentence). counts: uses in the slice, shape (n_words,).
    compass: the output matrix U, shape (n_words, dim). Returns the vectors, float32 (n_words, dim),
    and the largest absolute change of U, which is 0.0. Raises BuildError if it is not.

    Subsampling, shrinking windows, the noise distribution (count^0.75), the clipped sigmoid and the
    linear decay of the learning rate are those of word2vec (Mikolov et al. 2013).
    """
    p = parameters
    rng = np.random.default_rng(seed)
    vectors = ((rng.random(compass.shape, dtype=np.float32) - 0.5) / p.dim).astype(np.float32)
    frozen = np.ascontiguousarray(compass, dtype=np.float32)
    before = frozen.copy()
    noise, keep = noise_table(counts), keep_probability(counts, p.sample)
    sigmoid = (1 / (1 + np.exp(-np.linspace(-_EDGE, _EDGE, 1024, dtype=np.float64)))).astype(np.float32)
    state = np.array([rng.integers(1, 2**62)], dtype=np.uint64)
    pieces, total, done = _pieces(ids), len(ids) * p.slice_epochs, 0
    for _ in range(p.slice_epochs):
        for start, stop in pieces:
            alpha = (
                p.alpha - (p.alpha - 1e-4) * done / total,
                p.alpha - (p.alpha - 1e-4) * (done + stop - start) / total,
            )
            _epoch(ids[start:stop], vectors, frozen, (noise, keep, sigmoid), (p.window, p.negative), alpha, state)
            done += stop - start
            progress("training", done / total)
    change = float(np.abs(frozen - before).max(initial=0.0))
    require_frozen(change)
    return vectors, change


def require_frozen(change: float) -> None:
    """Raises BuildError unless the compass came out as it went in."""
    if not change == 0.0:
        raise BuildError(
            f"the frozen compass moved by {change:.3g} during training",
            "the slices do not share coordinates; report this",
        )


def noise_table(counts: npt.NDArray[np.int64], size: int = _TABLE) -> Ids:
    """Word ids in proportion to count^0.75, int32, shape (size,)."""
    weights = counts.astype(np.float64) ** 0.75
    ends = np.searchsorted((np.arange(size) + 0.5) / size, np.cumsum(weights) / weights.sum(), side="right")
    ends[-1] = size
    return np.repeat(np.arange(len(counts), dtype=np.int32), np.diff(ends, prepend=0))


def keep_probability(counts: npt.NDArray[np.int64], sample: float) -> npt.NDArray[np.float32]:
    """Share of a word's uses that subsampling keeps: min(1, √(t/f) + t/f) with f its relative frequency.

    >>> [round(float(share), 3) for share in keep_probability(np.array([999_000, 1_000]), 1e-3)]
    [0.033, 1.0]
    """
    ratio = sample * counts.sum() / np.maximum(counts, 1)
    share: Vectors = np.minimum(1.0, np.sqrt(ratio) + ratio).astype(np.float32)
    return share


def _pieces(ids: Ids) -> list[tuple[int, int]]:
    """Stretches of about _CHUNK tokens that end with a sentence."""
    ends = np.flatnonzero(ids < 0) + 1
    out, start = [], 0
    while start < len(ids):
        at = int(np.searchsorted(ends, start + _CHUNK))
        stop = int(ends[at]) if at < len(ends) else len(ids)
        out.append((start, stop))
        start = stop
    return out


@numba.njit(fastmath=True, cache=True, nogil=True)
def _epoch(ids, vectors, frozen, tables, sizes, alphas, state):  # type: ignore[no-untyped-def]
    """One pass over a stretch of the stream; writes `vectors` and `state`, never `frozen`.

    tables: noise words, the share of each word that is kept, the sigmoid. sizes: window, negative draws. alphas: the
    learning rate at the first and at the last token.
    """
    noise, keep, sigmoid = tables
    window, negative = sizes
    alpha_start, alpha_stop = alphas
    dim = vectors.shape[1]
    sentence = np.empty(10_000, dtype=np.int32)
    hidden = np.empty(dim, dtype=np.float32)
    work = np.empty(dim, dtype=np.float32)
    mask = np.uint64(len(noise) - 1)
    random = state[0]
    step = np.uint64(6364136223846793005)
    plus = np.uint64(1442695040888963407)
    scale = np.float32(len(sigmoid) / 12.0)
    n = len(ids)
    position = 0
    while position < n:
        alpha = np.float32(alpha_start + (alpha_stop - alpha_start) * position / n)
        length = 0
        while position < n and ids[position] >= 0:
            word = ids[position]
            random = random * step + plus
            if length < len(sentence) and np.float32(random >> np.uint64(40)) / np.float32(16777216.0) < keep[word]:
                sentence[length] = word
                length += 1
            position += 1
        position += 1
        for centre in range(length):
            random = random * step + plus
            reach = window - np.int64((random >> np.uint64(33)) % np.uint64(window))
            left, right = max(0, centre - reach), min(length, centre + reach + 1)
            context = right - left - 1
            if context < 1:
                continue
            hidden[:] = 0.0
            for at in range(left, right):
                if at != centre:
                    row = sentence[at]
                    for d in range(dim):
                        hidden[d] += vectors[row, d]
            inverse = np.float32(1.0 / context)
            for d in range(dim):
                hidden[d] *= inverse
                work[d] = 0.0
            for draw in range(negative + 1):
                if draw == 0:
                    target, label = sentence[centre], np.float32(1.0)
                else:
                    random = random * step + plus
                    target, label = noise[(random >> np.uint64(24)) & mask], np.float32(0.0)
                    if target == sentence[centre]:
                        continue
                dot = np.float32(0.0)
                for d in range(dim):
                    dot += hidden[d] * frozen[target, d]
                if dot <= -6.0 or dot >= 6.0:
                    continue
                gradient = (label - sigmoid[int((dot + np.float32(6.0)) * scale)]) * alpha
                for d in range(dim):
                    work[d] += gradient * frozen[target, d]
            for at in range(left, right):
                if at != centre:
                    row = sentence[at]
                    for d in range(dim):
                        vectors[row, d] += work[d]
    state[0] = random
