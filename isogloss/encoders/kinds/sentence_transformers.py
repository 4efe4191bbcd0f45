"""Any sentence-transformers model, from a folder or by its name; safetensors only, no code of its own runs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.encoders.encoder import Encoder
from isogloss.errors import InvalidValue, IsoglossError, NotFound, needs
from isogloss.progress import Progress, silent
from isogloss.types import Vectors


class TransformerEncoder:
    """A model that is loaded."""

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


class SentenceTransformers:
    name = "sentence-transformers"
    title = "another model"
    help = "A name is looked for in the local cache, then fetched. Weights as safetensors; no code of the model is run."
    models: Mapping[str, str] = {}
    asks = "Name or folder of a sentence-transformers model"
    example = "sentence-transformers/all-MiniLM-L6-v2"

    def claims(self, model: str) -> bool:
        """Any name; it is asked last."""
        return bool(model)

    def open(self, model: str) -> Encoder:
        folder = Path(model)
        if folder.is_dir():
            weights = [p.name for p in folder.rglob("*") if p.suffix in (".bin", ".pt", ".pth", ".pkl", ".ckpt")]
            if weights and not any(folder.rglob("*.safetensors")):
                raise InvalidValue(
                    f"{model} holds {weights[0]} and no safetensors", "convert the weights to safetensors"
                )
        try:
            loaded = _load(model)
        except IsoglossError:
            raise
        except Exception as error:  # the library raises many kinds, all meaning that there is no such model here
            raise NotFound(
                f"the model {model[:80]!r} cannot be loaded ({type(error).__name__})",
                lever="name a folder with a sentence-transformers model in safetensors, or connect to the network once",
            ) from error
        return TransformerEncoder(loaded, f"{model}@{_weights_digest(folder)}" if folder.is_dir() else model)

    def model_of(self, encoder: str) -> str | None:
        return None


def _load(model: str) -> Any:
    with needs("encoders"):
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
        # One question: without it, a minute of retries tells that there is no network.
        HfApi().model_info(model, timeout=10)
        return load(here=False)


def _weights_digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.safetensors")):
        with open(path, "rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


member = SentenceTransformers()
