"""Vectors as text: word2vec and fastText's .vec (a header), GloVe (none), the output of VecMap and MUSE."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from isogloss.formats.chosen import Chosen
from isogloss.formats.collected import Block
from isogloss.formats.format import Format
from isogloss.formats.text import decimals, expected_lines, is_text, one_word, read_text
from isogloss.spaces.space import Space


class Word2vec(Format):
    name = "word2vec"
    title = "word2vec, fastText .vec, GloVe, VecMap, MUSE (text)"
    help = "a line with two numbers where there is one, then an item and its numbers on each line"
    words = {"word2vec": "text", "fastText": ".vec", "GloVe": "", "VecMap": "", "MUSE": ""}  # noqa: RUF012
    endings = (".vec", ".txt", ".w2v")
    written = (".vec",)

    def claims(self, head: bytes, name: str) -> bool:
        """By its ending; else any text, so that it is asked last."""
        return PurePosixPath(name).suffix in (".vec", ".w2v") or (bool(head) and is_text(head))

    def expected(self, path: Path) -> int | None:
        return expected_lines(path)

    def read(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> Iterator[Block]:
        return read_text(path, part=chosen.part)

    def write(self, space: Space, out: Path) -> None:
        """Spaces inside items become `_`: the format has no way to write them."""
        with open(out, "w", encoding="utf-8", newline="\n") as file:
            file.write(f"{len(space)} {space.dim}\n")
            for item, row in zip(space.items, space.vectors, strict=True):
                file.write(one_word(item) + " " + decimals(row, " ") + "\n")


member = Word2vec()
