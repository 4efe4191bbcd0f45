"""Encode texts with any sentence-transformers model, once: vectors are kept by content and model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from isogloss.encoders.static import STAGES, load_encoder
from isogloss.errors import InvalidValue, NotFound
from isogloss.progress import Progress, silent
from isogloss.types import Vectors


class Encoder(Protocol):
    """What any encoder offers. name: part of what its results are kept by."""

    name: str

    @property
    def dim(self) -> int: ...
    def pieces(self, text: str) -> list[str]: ...
    def encode(self, texts: Sequence[str], progress: Progress = ...) -> Vectors: ...


class TransformerEncoder:
    """A sentence-transformers model from a folder or a name; safetensors only, no code of its own runs."""

    def __init__(self, model: Any, name: str) -> None:
        self._model, self.name = model, name

    @property
    def dim(self) -> int:
        return int(self._model.get_embedding_dimension())

    def pieces(self, text: str) -> list[str]:
        tokens = self._model.tokenizer
        return [str(t) for t in (tokens.tokenize(text) if hasattr(tokens, "tokenize") else tokens.encode(text).tokens)]

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        tokens = 0
        for at in range(0, len(texts), 256):
            some = list(texts[at : at + 256])
            out[at : at + len(some)] = self._model.encode(some, batch_size=64, show_progress_bar=False)
            tokens += sum(len(self.pieces(t)) for t in some)
            progress("encoding", (at + len(some)) / len(texts), tokens)
        return out


def open_encoder(model: str = "") -> Encoder:
    """The shipped encoder (its last stage, or `before`, `transliterated` …), or a sentence-transformers model.

    model: empty, a stage, a folder, or a name that is in the local cache or can be fetched. Raises NotFound
    with what to do when it is neither here nor within reach, InvalidValue for weights that are not safetensors.
    """
    if not model or model in STAGES:
        return load_encoder(model or STAGES[-1])
    folder = Path(model)
    if folder.is_dir():
        weights = [p.name for p in folder.rglob("*") if p.suffix in (".bin", ".pt", ".pth", ".pkl", ".ckpt")]
        if weights and not any(folder.rglob("*.safetensors")):
            raise InvalidValue(f"{model} holds {weights[0]} and no safetensors", "convert the weights to safetensors")
    try:
        loaded = _load(model)
    except Exception as error:  # the library raises many kinds, all meaning that there is no such model here
        raise NotFound(
            f"the model {model[:80]!r} cannot be loaded ({type(error).__name__})",
            lever="name a folder with a sentence-transformers model in safetensors, or connect to the network once",
        ) from error
    return TransformerEncoder(loaded, f"{model}@{_weights_digest(folder)}" if folder.is_dir() else model)


def _load(model: str) -> Any:
    from huggingface_hub import HfApi
    from sentence_transformers import SentenceTransformer

    def load(here: bool) -> Any:
        return SentenceTransformer(
            model, device="cpu", trust_remote_code=False, local_files_only=here, model_kwargs={"use_safetensors": True}
        )

    try:
        return load(here=True)
    except (OSError, ValueError):
        if Path(model).is_dir():
            raise
        HfApi().model_info(
            model, timeout=10
        )  # one question: without it, a minute of retries tells that there is no network
        return load(here=False)


def _weights_digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.safetensors")):
        with open(path, "rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]
