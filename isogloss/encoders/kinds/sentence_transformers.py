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
        require_safetensors(folder)
        try:
            loaded = _load(model)
        except IsoglossError:
            raise
        except Exception as error:  # the library raises many kinds, all meaning that there is no such model here
            raise NotFound(
                f"the model {model[:80]!r} cannot be loaded ({type(error).__name__})",
                lever="name a folder with a sentence-transformers model in safetensors, or connect to the network once",
            ) from error
        return TransformerEncoder(loaded, f"{model}@{digest_of(folder)}" if folder.is_dir() else model)

    def model_of(self, encoder: str) -> str | None:
        return None


def require_safetensors(folder: Path) -> None:
    """Raises InvalidValue for a folder whose weights are pickles."""
    if folder.is_dir():
        weights = [p.name for p in folder.rglob("*") if p.suffix in (".bin", ".pt", ".pth", ".pkl", ".ckpt")]
        if weights and not any(folder.rglob("*.safetensors")):
            raise InvalidValue(f"{folder} holds {weights[0]} and no safetensors", "convert the weights to safetensors")


def folder_of(model: str) -> str:
    """Where a model lies: its own folder, or that in the local cache, fetched there when it is within reach. Raises
    NotFound, InvalidValue.
    """
    folder = Path(model)
    if folder.is_dir():
        require_safetensors(folder)
        return str(folder)
    with needs("encoders"):
        from huggingface_hub import HfApi, snapshot_download

    wanted = ["*.json", "*.txt", "*.model", "*.safetensors"]
    for here in (True, False):
        try:
            if not here:  # one question: without it, a minute of retries tells that there is no network
                HfApi().model_info(model, timeout=10)
            return str(snapshot_download(model, local_files_only=here, allow_patterns=wanted))
        except Exception as error:  # the library raises many kinds, all meaning that there is no such model here
            failure = error
    raise NotFound(
        f"the model {model[:80]!r} cannot be loaded ({type(failure).__name__})",
        lever="name a folder with a transformers model in safetensors, or connect to the network once",
    ) from failure


def sentence_model(model: str | Path, *, here: bool = True) -> Any:
    """A model of sentence-transformers on the CPU; safetensors only, no code of its own runs.

    here: whether it is on this machine, and nothing is fetched. Raises InvalidValue without the library, and what the
    library raises.
    """
    with needs("encoders"):
        from sentence_transformers import SentenceTransformer
    return SentenceTransformer(
        str(model), device="cpu", trust_remote_code=False, local_files_only=here, model_kwargs={"use_safetensors": True}
    )


def _load(model: str) -> Any:
    with needs("encoders"):
        from huggingface_hub import HfApi
    try:
        return sentence_model(model)
    except (OSError, ValueError):
        if Path(model).is_dir():
            raise
        # One question: without it, a minute of retries tells that there is no network.
        HfApi().model_info(model, timeout=10)
        return sentence_model(model, here=False)


def digest_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.safetensors")):
        with open(path, "rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


member = SentenceTransformers()
