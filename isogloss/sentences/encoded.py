"""Sentences by any model: the shipped encoder, a sentence-transformers model, or a layer of a transformer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from isogloss.encoders.encoder import ENCODERS, Encoder, open_encoder
from isogloss.encoders.kept import encode_kept
from isogloss.encoders.layers import BATCH, LayeredModel, Pooling, Tokens, encode_layers
from isogloss.errors import InvalidValue
from isogloss.progress import Progress, silent
from isogloss.types import Vectors
from isogloss.workspace.derived import DerivedStore

_UNKNOWN = ("<unk>", "[UNK]")


@dataclass(frozen=True)
class Sentences:
    """model: a stage of the shipped encoder, a folder or a name. layer: of a transformer, −1 the last; None: the model
    as a whole, by its own pooling. Raises NotFound, InvalidValue when it is opened.
    """

    model: str = ""
    layer: int | None = None
    pooling: Pooling = field(default_factory=Pooling)

    @cached_property
    def _whole(self) -> Encoder:
        return open_encoder(self.model)

    @cached_property
    def _layered(self) -> LayeredModel:
        return LayeredModel(self.model)

    @property
    def name(self) -> str:
        """With the digest of the weights, and the layer."""
        return self._whole.name if self.layer is None else f"{self._layered.name} layer {self.layer}"

    def tokens(self, texts: Sequence[str]) -> Tokens:
        """What the model's tokenizer makes of texts, without prefix and marks."""
        return tokens_of(self._whole, texts) if self.layer is None else self._layered.tokens(texts)

    def encode(self, texts: Sequence[str], store: DerivedStore, *, progress: Progress = silent) -> Vectors:
        """(n_texts, dim) float32, kept by content and model."""
        if self.layer is None:
            return encode_kept(self._whole, [self.pooling.prefix + text for text in texts], store, progress=progress)[0]
        n = self._layered.n_layers
        if not -n <= self.layer < n:
            raise InvalidValue(f"the model has no layer {self.layer}", f"choose 0 to {n - 1}")
        found = encode_layers(self._layered, texts, self.pooling, store, progress=progress)
        return np.asarray(found[self.layer], dtype=np.float32)


class WholeModel(LayeredModel):
    """An encoder without layers that could be looked into, as a model of one: layer 0 is what it gives."""

    n_layers = 1

    def __init__(self, model: str) -> None:
        self._whole = open_encoder(model)
        self.name, self.dim = self._whole.name, self._whole.dim

    def tokens(self, texts: Sequence[str]) -> Tokens:
        return tokens_of(self._whole, texts)

    def batches(
        self, texts: Sequence[str], pooling: Pooling, *, skip: int = 0
    ) -> Iterator[tuple[npt.NDArray[np.int64], Vectors, int]]:
        """Its own pooling; a prefix is put before every text as before others'."""
        for at in range(skip * BATCH, len(texts), BATCH):
            some = [pooling.prefix + text for text in texts[at : at + BATCH]]
            rows = np.arange(at, at + len(some), dtype=np.int64)
            yield rows, self._whole.encode(some)[None], sum(len(self._whole.pieces(text)) for text in some)


def layers_of(model: str) -> LayeredModel:
    """A transformer with its layers, or another of our encoders as one layer. Raises NotFound, InvalidValue."""
    *ours, _ = ENCODERS.asked
    return WholeModel(model) if any(ENCODERS[name].claims(model) for name in ours) else LayeredModel(model)


def tokens_of(encoder: Encoder, texts: Sequence[str]) -> Tokens:
    """Of an encoder that only gives the pieces of a text: the characters of a word with an unknown piece are unknown,
    but for those of its other pieces.
    """
    unknown: dict[str, int] = {}
    rows = []
    for text in texts:
        words = text.split()
        for word in words:
            if word not in unknown:
                pieces = encoder.pieces(word)
                known = sum(len(piece.strip("▁#Ġ")) for piece in pieces if piece not in _UNKNOWN)
                unknown[word] = max(len(word) - known, 1) if any(piece in _UNKNOWN for piece in pieces) else 0
        told = len(encoder.pieces(text)), len(words), sum(map(len, words)), sum(unknown[word] for word in words)
        rows.append(told)
    return Tokens(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)
