"""Texts encoded once: vectors are kept by content and model, a chunk at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from isogloss.encoders.encoder import Encoder, open_encoder
from isogloss.progress import Progress, silent
from isogloss.tasks.beforehand import do_beforehand
from isogloss.tasks.task import HERE, Task
from isogloss.types import Arrays, Vectors
from isogloss.workspace.derived import DerivedStore, derived_key

VERSION = 1
CHUNK = 1024


class _Counter:
    """The progress of one chunk among all texts; tokens: how many it read."""

    def __init__(self, progress: Progress, at: int, n: int, before: int) -> None:
        self._progress, self._at, self._n, self._before, self.tokens = progress, at, n, before, 0

    def __call__(self, what: str, share: float, number: float | None = None, /) -> None:
        self.tokens = int(number or 0)
        self._progress(what, (self._at + share * min(CHUNK, self._n - self._at)) / self._n, self._before + self.tokens)


def encode_kept(
    encoder: Encoder,
    texts: Sequence[str],
    store: DerivedStore,
    *,
    progress: Progress = silent,
    on: str = HERE,
    model: str = "",
) -> tuple[Vectors, int]:
    """Vectors of the texts, (n, dim), and how many tokens were read now; chunks that were encoded before come from
    the store.

    on: where chunks are encoded (see `place_of`); there the encoder is opened by the name `model`, or from its folder,
    which must lie there too. progress may raise Cancelled; what was encoded until then is kept.
    """
    out = np.zeros((len(texts), encoder.dim), dtype=np.float32)
    read = 0
    chunks = [list(texts[at : at + CHUNK]) for at in range(0, len(texts), CHUNK)]
    keys = [_key(encoder, some) for some in chunks]
    tasks = {
        key: Task("isogloss.encoders.kept:encode_task", {}, {"model": model, "texts": some})
        for key, some in zip(keys, chunks if on != HERE else (), strict=False)
    }
    do_beforehand(tasks, store=store, on=on, progress=progress)
    for at, key, some in zip(range(0, len(texts), CHUNK), keys, chunks, strict=True):
        found = store.find(key)
        if found is None or found["vectors"].shape != (len(some), encoder.dim):
            report = _Counter(progress, at, len(texts), read)
            found = {"vectors": encoder.encode(some, report)}
            store.put(key, found)
            read += report.tokens
        out[at : at + len(some)] = found["vectors"]
        progress("encoding", (at + len(some)) / len(texts), read)
    return out, read


def _key(encoder: Encoder, some: list[str]) -> str:
    content = hashlib.sha256("\x1f".join(some).encode("utf-8", "surrogatepass")).hexdigest()
    return derived_key("encoded", VERSION, content=content, n=len(some), model=encoder.name)


def encode_task(arrays: Arrays, settings: Mapping[str, Any], progress: Progress) -> Arrays:
    """The vectors of some texts by a model of that name, as a task."""
    return {"vectors": open_encoder(settings["model"]).encode(settings["texts"], progress)}
