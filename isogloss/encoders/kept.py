"""Texts encoded once: vectors are kept by content and model, a chunk at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from isogloss.encoders.transformer import Encoder, Progress
from isogloss.types import Vectors
from isogloss.workspace.derived import DerivedStore, derived_key

VERSION = 1
CHUNK = 1024


class _Counter:
    """Adds what was done before this chunk to its progress."""

    def __init__(self, progress: Progress, texts: int, tokens: int) -> None:
        self._progress, self._texts, self._before, self.tokens = progress, texts, tokens, 0

    def __call__(self, texts: int, tokens: int) -> None:
        self.tokens = tokens
        self._progress(self._texts + texts, self._before + tokens)


def encode_kept(
    encoder: Encoder, texts: Sequence[str], store: DerivedStore, progress: Progress = lambda n, tokens: None
) -> tuple[Vectors, int]:
    """Vectors of the texts, (n, dim), and how many tokens were read now; chunks that were encoded before come from
    the store.

    progress may raise Cancelled; what was encoded until then is kept.
    """
    out = np.zeros((len(texts), encoder.dim), dtype=np.float32)
    read = 0
    for at in range(0, len(texts), CHUNK):
        some = list(texts[at : at + CHUNK])
        content = hashlib.sha256("\x1f".join(some).encode("utf-8", "surrogatepass")).hexdigest()
        key = derived_key("encoded", VERSION, content=content, n=len(some), model=encoder.name)
        found = store.find(key)
        if found is None or found["vectors"].shape != (len(some), encoder.dim):
            counter = _Counter(progress, at, read)
            found = {"vectors": encoder.encode(some, counter)}
            store.put(key, found)
            read += counter.tokens
        out[at : at + len(some)] = found["vectors"]
        progress(at + len(some), read)
    return out, read
