"""Every layer of a transformer, as vectors of texts: one pass gives all of them, kept as it goes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.encoders.kinds.sentence_transformers import digest_of, folder_of
from isogloss.errors import InvalidValue, NotFound, needs
from isogloss.progress import Progress, silent
from isogloss.types import Vectors
from isogloss.workspace.derived import DerivedStore, derived_key

POOLS = ("mean", "weighted", "last", "cls")
BATCH = 16
_LONGEST = 512
_VERSION = 1


@dataclass(frozen=True)
class Pooling:
    """How the states of a text's tokens become its vector, h_t being that of the t-th of T tokens.

    pool: mean, Σ h_t / T; weighted by the position, Σ t·h_t / Σ t (Muennighoff 2022); the last token; the first (cls).
    special: whether the model's own marks ([CLS], </s>) are among the tokens. prefix: put before every text.
    """

    pool: str = "weighted"
    special: bool = True
    prefix: str = ""

    def __post_init__(self) -> None:
        if self.pool not in POOLS:
            raise InvalidValue(f"pooling {self.pool!r} was asked for", f"choose from {', '.join(POOLS)}")
        if len(self.prefix) > 200:
            raise InvalidValue(f"a prefix of {len(self.prefix):,} characters was given", "give at most 200")


@dataclass(frozen=True)
class Tokens:
    """Of some texts. tokens: how many subwords in each, without the prefix and the marks, (n,). words: how many
    stretches between spaces, (n,). characters, unknown: letters and signs, and those the model does not know, (n,).
    """

    tokens: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]
    characters: npt.NDArray[np.int64]
    unknown: npt.NDArray[np.int64]

    @property
    def fertility(self) -> float:
        """Subwords a word."""
        return float(self.tokens.sum() / max(int(self.words.sum()), 1))

    @property
    def unknown_share(self) -> float:
        """Share of characters that the tokenizer does not know; runs of them become one token, so these are counted."""
        return float(self.unknown.sum() / max(int(self.characters.sum()), 1))


class LayeredModel:
    """A transformer encoder or decoder from a folder or by its name; safetensors only, no code of its own runs.

    name: with the digest of the weights. n_layers: with the embeddings, which are layer 0. Raises NotFound where it is
    neither here nor within reach, InvalidValue for weights that are not safetensors.
    """

    def __init__(self, model: str) -> None:
        folder = folder_of(model)
        with needs("encoders"):
            import transformers
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]

        told: dict[str, Any] = {"trust_remote_code": False, "local_files_only": True}
        try:
            self._tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **told)
            self._model = transformers.AutoModel.from_pretrained(folder, use_safetensors=True, **told).eval()
        except Exception as error:  # the library raises many kinds, all meaning that there is no such model here
            raise NotFound(
                f"the model {model[:80]!r} cannot be loaded layer by layer ({type(error).__name__})",
                lever="name a folder with a transformers model in safetensors and its tokenizer",
            ) from error
        self._pad = self._tokenizer.pad_token_id or 0
        self._unknown = self._tokenizer.unk_token_id
        path = Path(model)
        called = path.parent.name if path.name == "model" else path.name  # a package keeps its weights in `model`
        self.name = f"{called}@{digest_of(Path(folder))}"
        config = self._model.config
        self.n_layers, self.dim = int(config.num_hidden_layers) + 1, int(config.hidden_size)
        self._longest = min(_LONGEST, int(getattr(config, "max_position_embeddings", _LONGEST)))

    def tokens(self, texts: Sequence[str]) -> Tokens:
        """What the tokenizer makes of texts, without prefix and marks."""
        rows = []
        for text in texts:
            found = self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
            ids, spans = found["input_ids"], found["offset_mapping"]
            lost = "".join(text[a:b] for token, (a, b) in zip(ids, spans, strict=True) if token == self._unknown)
            rows.append((len(ids), len(text.split()), len("".join(text.split())), len("".join(lost.split()))))
        return Tokens(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)

    def batches(
        self, texts: Sequence[str], pooling: Pooling, *, skip: int = 0
    ) -> Iterator[tuple[npt.NDArray[np.int64], Vectors, int]]:
        """Rows of texts, their vectors in every layer, float32 (n_layers, n_rows, dim), and how many tokens were read;
        texts of like length together. skip: batches at the beginning that are passed over.
        """
        import torch

        given = [self._tokenizer(pooling.prefix + text, truncation=True, max_length=self._longest) for text in texts]
        ids = [one["input_ids"] or [self._pad] for one in given]
        marks = [self._marks(row) for row in ids]
        order = sorted(range(len(texts)), key=lambda i: (len(ids[i]), i))
        for number, at in enumerate(range(0, len(order), BATCH)):
            if number < skip:
                continue
            rows = order[at : at + BATCH]
            widest = max(len(ids[i]) for i in rows)
            padded = torch.full((len(rows), widest), self._pad)
            mask = torch.zeros((len(rows), widest), dtype=torch.long)
            counted = torch.zeros((len(rows), widest))
            for k, i in enumerate(rows):
                padded[k, : len(ids[i])] = torch.tensor(ids[i])
                mask[k, : len(ids[i])] = 1
                kept = torch.ones(len(ids[i])) if pooling.special else 1 - torch.tensor(marks[i], dtype=torch.float32)
                counted[k, : len(ids[i])] = kept if kept.any() else 1.0
            with torch.inference_mode():
                states = self._model(input_ids=padded, attention_mask=mask, output_hidden_states=True).hidden_states
                weights = _weights(counted, pooling.pool)
                vectors = torch.stack([torch.einsum("nt,ntd->nd", weights, state.float()) for state in states])
            yield np.array(rows, dtype=np.int64), vectors.numpy(), int(mask.sum())

    def _marks(self, ids: list[int]) -> list[int]:
        special = set(self._tokenizer.all_special_ids) - {self._unknown}
        return [int(token in special) for token in ids]


def _weights(counted: Any, pool: str) -> Any:
    """Of each token of each text, summing to 1."""
    import torch

    place = torch.arange(1, counted.shape[1] + 1, dtype=torch.float32)
    if pool == "weighted":
        found = counted * place
    elif pool == "last":
        found = torch.nn.functional.one_hot((counted * place).argmax(dim=1), counted.shape[1]).float()
    elif pool == "cls":
        found = torch.nn.functional.one_hot(counted.argmax(dim=1), counted.shape[1]).float()
    else:
        found = counted
    return found / found.sum(dim=1, keepdim=True)


def encode_layers(
    model: LayeredModel,
    texts: Sequence[str],
    pooling: Pooling,
    store: DerivedStore,
    *,
    progress: Progress = silent,
) -> npt.NDArray[np.float16]:
    """Vectors of the texts in every layer, float16 (n_layers, n_texts, dim), kept by content, model and pooling.

    They are written to a file as they come, batch by batch: what is stopped or killed goes on where it was, to the
    same result bit for bit. With a store of no folders they stay in memory. progress: with the number of tokens read;
    it may raise Cancelled.
    """
    shape = (model.n_layers, len(texts), model.dim)
    content = hashlib.sha256("\x1f".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
    key = derived_key("layers", _VERSION, content=content, n=len(texts), model=model.name, **vars(pooling))
    kept = store.find_file(f"{key}.npy")
    if kept is not None:
        found = np.load(kept, mmap_mode="r", allow_pickle=False)
        if found.shape == shape and found.dtype == np.float16:
            return np.asarray(found)
    folder = store.folders[0] if store.folders else None
    if folder is None:
        out = np.zeros(shape, dtype=np.float16)
        _fill(model, texts, pooling, out, 0, None, progress)
        return out
    folder.mkdir(parents=True, exist_ok=True)
    part, told = folder / f"{key}.part", folder / f"{key}.done"
    done = _read_done(told, part, shape)
    mapped = np.lib.format.open_memmap(part, mode="r+" if done else "w+", dtype=np.float16, shape=shape)
    _fill(model, texts, pooling, mapped, done, told, progress)
    mapped.flush()
    del mapped
    part.replace(folder / f"{key}.npy")
    told.unlink(missing_ok=True)
    return np.asarray(np.load(folder / f"{key}.npy", mmap_mode="r", allow_pickle=False))


def _read_done(told: Path, part: Path, shape: tuple[int, ...]) -> int:
    """How many batches of an unfinished file are whole."""
    try:
        found = json.loads(told.read_text())
        existing = np.load(part, mmap_mode="r", allow_pickle=False)
        return int(found["batches"]) if existing.shape == shape and existing.dtype == np.float16 else 0
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _fill(
    model: LayeredModel,
    texts: Sequence[str],
    pooling: Pooling,
    out: npt.NDArray[np.float16],
    done: int,
    told: Path | None,
    progress: Progress,
) -> None:
    read, n = 0, min(len(texts), done * BATCH)
    for number, (rows, vectors, tokens) in enumerate(model.batches(texts, pooling, skip=done), done + 1):
        out[:, rows] = vectors.astype(np.float16)
        read, n = read + tokens, n + len(rows)
        if told is not None and number % 8 == 0:
            out.flush()  # type: ignore[attr-defined]
            told.write_text(json.dumps({"batches": number}))
        progress("encoding", n / max(len(texts), 1), read)
