"""The trainer of the slices (`training.cade.train_slice`, frozen output matrix) against gensim's CBOW, one worker.

No aim was set beyond "as fast". One epoch over the same stream: a million tokens from a Zipf vocabulary
of 20,000 words in sentences of 20. The frozen matrix is gensim's own output matrix, so that both
see the same kind of gradients. Tokens are those of the stream, before subsampling.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from gensim.models import Word2Vec

from benchmarks.measure import Entry, clock, take_turns
from isogloss.corpora.recipe import TrainingParameters
from isogloss.progress import silent
from isogloss.training.cade import train_slice

VOCABULARY, SENTENCE = 20_000, 20


def run(quick: bool = False) -> Iterator[Entry]:
    p = TrainingParameters(slice_epochs=1)
    sentences = stream(200_000 if quick else 1_000_000)
    tokens = sentences.size
    ids = np.hstack([sentences, np.full((len(sentences), 1), -1, dtype=np.int32)]).ravel()
    counts = np.bincount(sentences.ravel())
    texts = [[f"{i}" for i in sentence] for sentence in sentences.tolist()]

    def gensim() -> Word2Vec:
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
            seed=p.seed,
        )
        model.build_vocab_from_freq({f"{i}": int(n) for i, n in enumerate(counts)})
        taken = clock(lambda: model.train(texts, total_examples=len(texts), total_words=tokens, epochs=1))
        rates.append((tokens / taken.wall, tokens / taken.cpu))
        return model

    def ours() -> tuple[float, float]:
        taken = clock(lambda: train_slice(ids, counts, compass, parameters=p, seed=1, progress=silent))
        return tokens / taken.wall, tokens / taken.cpu

    rates: list[tuple[float, float]] = []
    model = gensim()
    compass = np.ascontiguousarray(model.syn1neg[[model.wv.key_to_index[f"{i}"] for i in range(len(counts))]])
    ours()  # compiles
    rates.clear()
    mine = take_turns(2 if quick else 5, ours=ours, peer=gensim)["ours"]
    for at, what in enumerate(("wall", "CPU")):
        yield Entry(
            "slices",
            f"one epoch of {tokens:,} tokens, dim {p.dim}",
            f"tokens / {what} s (more is better)",
            [one[at] for one in mine],
            [one[at] for one in rates],
            "gensim CBOW",
        )


def stream(tokens: int) -> npt.NDArray[np.int32]:
    """Word ids, shape (n_sentences, SENTENCE); every id below the highest occurs."""
    weights = 1 / np.arange(1, VOCABULARY + 1)
    drawn = np.random.default_rng(0).choice(VOCABULARY, size=(tokens // SENTENCE, SENTENCE), p=weights / weights.sum())
    present = np.unique(drawn)
    return np.searchsorted(present, drawn).astype(np.int32)
