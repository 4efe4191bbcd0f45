"""What turns texts into vectors: the family of encoders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from isogloss.family import Family
from isogloss.progress import Progress
from isogloss.types import Vectors


class Encoder(Protocol):
    """What any encoder offers. name: part of what its results are kept by."""

    name: str

    @property
    def dim(self) -> int: ...

    def pieces(self, text: str) -> list[str]:
        """The subwords of a text."""

    def encode(self, texts: Sequence[str], progress: Progress = ...) -> Vectors:
        """(n_texts, dim) float32. progress: with the number of tokens read; it may raise Cancelled."""


class EncoderKind(Protocol):
    """A member of the family: where encoders of one kind come from.

    title: in lists. help: one line. models: what can be chosen without typing, each with what it is called there.
    asks: what the reader is asked for where another model may be named, empty where none may. example: of such a name.
    """

    name: str
    title: str
    help: str
    models: Mapping[str, str]
    asks: str
    example: str

    def claims(self, model: str) -> bool:
        """Whether a model is of this kind."""

    def open(self, model: str) -> Encoder:
        """Raises NotFound, with what to do, when it is neither here nor within reach; InvalidValue."""

    def model_of(self, encoder: str) -> str | None:
        """Which of `models` an encoder of that name is, or None."""


ENCODERS: Family[EncoderKind] = Family(
    "kind of encoder", "isogloss.encoders.kinds", first=("shipped",), last=("sentence-transformers",)
)


def open_encoder(model: str = "") -> Encoder:
    """The shipped encoder (its last stage, or `before`, `transliterated` …), or any other model.

    model: empty, a stage, a folder, or a name that is in the local cache or can be fetched. Raises NotFound
    with what to do when it is neither here nor within reach, InvalidValue for weights that are not safetensors.

    >>> open_encoder("before").name
    'isogloss-static-before'
    """
    return next(ENCODERS[name] for name in ENCODERS.asked if ENCODERS[name].claims(model)).open(model)


def offered_models() -> dict[str, str]:
    """The models that can be chosen without typing, with what they are called in lists."""
    return {model: title for name in ENCODERS for model, title in ENCODERS[name].models.items()}


def model_of(encoder: str) -> str | None:
    """Which of the offered models an encoder of that name is, or None.

    >>> model_of("isogloss-static-before"), model_of("owner/model")
    ('before', None)
    """
    return next((found for name in ENCODERS if (found := ENCODERS[name].model_of(encoder)) is not None), None)
