"""The shipped encoder, opened when a text is to be encoded: what is kept by its name does not need it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from isogloss.encoders.encoder import Encoder
from isogloss.encoders.static import DISTILLED, PREFIX, load_encoder, stage_dim
from isogloss.progress import Progress, silent
from isogloss.types import Vectors


class Later:
    """A stage of it; opening takes a second and 400 MB, most of them its tokenizer's.

    >>> one = Later("before")
    >>> one.name, one.dim, "_opened" in vars(one), one.encode(["a"]).shape[1] == one.dim
    ('isogloss-static-before', 72, False, True)
    """

    def __init__(self, stage: str = DISTILLED) -> None:
        self.name, self._stage = f"{PREFIX}{stage}", stage

    @cached_property
    def _opened(self) -> Encoder:
        return load_encoder(self._stage)

    @cached_property
    def dim(self) -> int:
        return stage_dim(self._stage)

    def pieces(self, text: str) -> list[str]:
        """The subwords of a text."""
        return self._opened.pieces(text)

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        """(n_texts, dim) float32."""
        return self._opened.encode(texts, progress)
