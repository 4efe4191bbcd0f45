"""Encode texts with any sentence-transformers model, once: vectors are kept by content and model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from isogloss.encoders.static import STAGES, load_encoder
from isogloss.errors import InvalidValue, NotFound
from isogloss.spaces.space import Vectors
from isogloss.workspace.derived import DerivedStore, derived_key

VERSION = 1
CHUNK = 1024
Progress = Callable[[int, int], None]


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

    def encode(self, texts: Sequence[str], progress: Progress = lambda n, tokens: None) -> Vectors:
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        tokens = 0
        for at in range(0, len(texts), 256):
            some = list(texts[at : at + 256])
            out[at : at + len(some)] = self._model.encode(some, batch_size=64, show_progress_bar=False)
            tokens += sum(len(self.pieces(t)) for t in some)
            progress(at + len(some), tokens)
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


def read_texts(path: Path, column: str | None = None) -> list[str]:
    """Distinct texts, in order: lines of .txt, or a column of .csv, .tsv, .jsonl or .parquet; blank ones are left out.

    column: default `text`, or the only text column. Raises InvalidValue, naming the file and what it holds.
    """
    from isogloss.text.normalize import nfc

    kind = path.suffix.lower()
    if not path.is_file():
        raise InvalidValue(f"{path} is not a file", "name a .txt, .csv, .tsv, .jsonl or .parquet file")
    try:
        if kind == ".txt":
            raw: list[Any] = path.read_text(encoding="utf-8-sig").splitlines()
        else:
            table = _table(path, kind)
            names = [f.name for f in table.schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)]
            chosen = column or ("text" if "text" in names else names[0] if len(names) == 1 else None)
            if chosen is None or chosen not in table.column_names:
                raise InvalidValue(
                    f"{path.name} has the columns {table.column_names!r}" + (f", not {column!r}" if column else ""),
                    "name one of them with --column",
                )
            raw = table[chosen].to_pylist()
    except (UnicodeDecodeError, OSError, pa.ArrowException) as error:
        raise InvalidValue(
            f"{path.name} cannot be read ({error})", "give UTF-8 text in a format that its name says"
        ) from error
    texts = list(dict.fromkeys(nfc(str(one).strip()) for one in raw if one is not None and str(one).strip()))
    if not texts:
        raise InvalidValue(f"{path.name} holds no text", "give at least one line")
    return texts


def _table(path: Path, kind: str) -> pa.Table:
    from pyarrow import csv, json, parquet

    if kind in (".csv", ".tsv"):
        return csv.read_csv(path, parse_options=csv.ParseOptions(delimiter="\t" if kind == ".tsv" else ","))
    if kind in (".jsonl", ".ndjson"):
        return json.read_json(path)
    if kind == ".parquet":
        return parquet.read_table(path)
    raise InvalidValue(f"{path.name} ends in {kind or 'nothing'}", "give a .txt, .csv, .tsv, .jsonl or .parquet file")
