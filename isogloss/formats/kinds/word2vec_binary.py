"""word2vec's binary: a line with two numbers, then for each item its name, a space and float32 numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.formats.chosen import Chosen
from isogloss.formats.collected import Block
from isogloss.formats.format import Format
from isogloss.formats.matrix import MOST_DIM
from isogloss.formats.text import are_vectors, expected_lines, is_text, one_word
from isogloss.spaces.space import Space
from isogloss.tables.opened import opened
from isogloss.text.tally import Tally

_CHUNK = 1 << 22
_LONGEST = 1 << 16  # bytes of a name
_LONGEST_NAME = 400  # of one with spaces in it


def read_binary(path: Path, *, part: str | None = None) -> Iterator[Block]:
    """Blocks of a file, little-endian as the original writes it. Raises InvalidValue, naming the byte."""
    with opened(path, part) as file:
        data = file.read(_CHUNK)
        head = data[: max(data.find(b"\n", 0, 64), 0)].split()
        if len(head) != 2 or not all(part.isdigit() and len(part) < 20 for part in head):
            raise InvalidValue(f"{path.name} does not begin with two numbers", "name another format with --format")
        n, dim = map(int, head)
        if not 1 <= dim <= MOST_DIM:
            raise InvalidValue(
                f"{path.name} says {dim:,} numbers a vector", f"vectors of 1 to {MOST_DIM:,} can be imported"
            )
        at, gone, done, size = data.find(b"\n") + 1, 0, 0, 4 * dim
        items: list[str] = []
        parts: list[bytes] = []
        tally = Tally()
        ends = _line_ends(data, at, size)
        while done < n:
            space = _name_end(data, at, size, ends=ends)
            if space < 0 or space + 1 + size > len(data):
                if space < 0 and len(data) - at >= _LONGEST:
                    raise InvalidValue(f"{path.name}: no name ends near byte {gone + at:,}", "the file is damaged")
                more = file.read(_CHUNK)
                if not more:
                    raise InvalidValue(
                        f"{path.name} ends at byte {gone + len(data):,}, in vector {done + 1:,} of {n:,}",
                        "the file was cut off: fetch it again",
                    )
                if items:
                    yield _block(items, parts, dim, tally)
                    items, parts, tally = [], [], Tally()
                data, gone, at = data[at:] + more, gone + at, 0
                continue
            name = data[at:space].lstrip(b"\n")
            try:
                items.append(name.decode("utf-8"))
                parts.append(data[space + 1 : space + 1 + size])
            except UnicodeDecodeError:
                tally.skip("not_utf8", f"byte {gone + at:,}")
            at, done = space + 1 + size, done + 1
        yield _block(items, parts, dim, tally)


def _line_ends(data: bytes, at: int, size: int) -> bool:
    """Whether a line end stands after each vector, as the original writes it and gensim does not."""
    space = data.find(b" ", at, at + _LONGEST)
    return space >= 0 and data[space + 1 + size : space + 2 + size] == b"\n"


def _name_end(data: bytes, at: int, size: int, *, ends: bool) -> int:
    """Where a name ends; where line ends tell, a space within a name is none, as in `new york`."""
    space = first = data.find(b" ", at, at + _LONGEST)
    while ends and space >= 0 and space + 1 + size < len(data) and data[space + 1 + size] != 10:
        if space - at > _LONGEST_NAME:
            return first
        space = data.find(b" ", space + 1, at + _LONGEST)
    return space if space >= 0 else first


def _block(items: list[str], parts: list[bytes], dim: int, tally: Tally) -> Block:
    return Block(items, np.frombuffer(b"".join(parts), dtype="<f4").reshape(len(items), dim), tally=tally)


class Word2vecBinary(Format):
    name = "word2vec-binary"
    title = "word2vec (binary)"
    help = "a line with two numbers, then each item, a space and its numbers as float32"
    words = {"word2vec": "binary"}  # noqa: RUF012
    endings = (".bin",)
    written = (".bin",)

    def knows(self, head: bytes) -> bool:
        """Two numbers in the first line, and bytes that are no text after the first name."""
        first, _, rest = head.partition(b"\n")
        numbers = first.split()
        sized = len(numbers) == 2 and all(part.isdigit() and len(part) < 20 for part in numbers)
        return sized and not are_vectors(head) and (not is_text(rest) or rest.count(0) * 20 > len(rest))

    def claims(self, head: bytes, name: str) -> bool:
        """Whatever is no text: others say by their first bytes what they are, and are asked before."""
        return not is_text(head)

    def expected(self, path: Path) -> int | None:
        return expected_lines(path)

    def read(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> Iterator[Block]:
        return read_binary(path, part=chosen.part)

    def write(self, space: Space, out: Path) -> None:
        """Spaces inside items become `_`: the format has no way to write them."""
        with open(out, "wb") as file:
            file.write(f"{len(space)} {space.dim}\n".encode())
            for item, row in zip(space.items, space.vectors, strict=True):
                file.write(one_word(item).encode() + b" " + np.asarray(row, dtype="<f4").tobytes() + b"\n")


member = Word2vecBinary()
