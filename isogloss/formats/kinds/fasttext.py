"""fastText's own models, with their subwords."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from isogloss.formats.chosen import Chosen
from isogloss.formats.collected import Block
from isogloss.formats.format import Format

MAGIC = b"\xba\x16\x4f\x2f"


class FastText(Format):
    name = "fasttext"
    title = "fastText model with subwords (binary)"
    help = "a whole model: it also answers for words that it has not seen, by their character n-grams"
    words = {"fastText": ".bin"}  # noqa: RUF012
    endings = (".bin",)

    def knows(self, head: bytes) -> bool:
        return head.startswith(MAGIC)

    def claims(self, head: bytes, name: str) -> bool:
        return self.knows(head)

    def read(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> Iterator[Block]:
        from isogloss.formats.fasttext import read_fasttext  # numba: only when a model is read

        return read_fasttext(path)

    def items(self, path: Path) -> tuple[list[str], int]:
        from isogloss.formats.fasttext import read_words

        return read_words(path)


member = FastText()
