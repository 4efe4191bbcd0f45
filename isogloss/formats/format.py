"""How tools store vectors: the family of formats."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from isogloss.family import Family
from isogloss.formats.chosen import Candidate, Chosen
from isogloss.formats.collected import Block
from isogloss.spaces.space import Space


class Format(ABC):
    """A member of the family: what it says of itself, and what it can do.

    name: what `--format` takes. title: in lists. help: one line. words: what people call it, each with how it is stored
    there ("word2vec": "text"), or "". endings: of files that are usually in it. written: endings of the files that
    `write` makes, the vectors' own first. paired: whether the names of its rows always come from a vocabulary file.
    folders: whether it is read from a folder.

    read: (file, vocabulary or None, what was chosen of it) → blocks of rows; raises InvalidValue, naming the place.
    None: it is only written.
    items: the items and the number of dimensions, where the vectors come after all items and are long in coming.
    write: (space, file); raises OSError. None: it is only read.
    """

    name: str
    title: str
    help: str
    words: Mapping[str, str]
    endings: Sequence[str] = ()
    written: Sequence[str] = ()
    paired: bool = False
    folders: bool = False
    read: Callable[[Path, Path | None, Chosen], Iterator[Block]] | None = None
    items: Callable[[Path], tuple[list[str], int]] | None = None
    write: Callable[[Space, Path], None] | None = None

    def knows(self, head: bytes) -> bool:
        """Whether the first bytes of a file, unpacked, are this format's and no other's, whatever its name."""
        return False

    def candidates(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> tuple[Candidate, ...]:
        """The columns or tensors of a file that could be its items and vectors, where there is something to choose."""
        return ()

    def claims(self, head: bytes, name: str) -> bool:
        """Whether a file is of this format. head: its first 64 KiB, unpacked; empty while only names are compared.

        name: lower-case, without the ending of the packing.
        """
        return PurePosixPath(name).suffix in self.endings

    def expected(self, path: Path) -> int | None:
        """How many items a file seems to hold, where that is quickly told. May raise OSError, ValueError, TypeError,
        IsoglossError.
        """
        return None


FORMATS: Family[Format] = Family(
    "format",
    "isogloss.formats.kinds",
    first=("word2vec", "word2vec-binary", "fasttext", "projector", "parquet", "numpy", "safetensors", "table"),
    last=("word2vec-binary", "word2vec"),  # the one takes whatever is no text, the other any text
)
_TOLD_LAST = ("safetensors",)


def readable() -> dict[str, Format]:
    """The formats that are read, by name."""
    return {name: FORMATS[name] for name in FORMATS if FORMATS[name].read is not None}


def writable() -> dict[str, Format]:
    """The formats that are written, by name."""
    return {name: FORMATS[name] for name in FORMATS if FORMATS[name].write is not None}


def claimant(head: bytes, name: str, *, paired: bool) -> str | None:
    """The first of the formats that are read to claim a file, or None; first those that know it by its bytes alone.

    paired: whether there is a vocabulary file.

    >>> claimant(b"", "cc.en.300.vec", paired=False), claimant(b"PAR1", "data", paired=False)
    ('word2vec', 'table')
    """
    found = readable()
    asked = [key for key in FORMATS.asked if key in found]
    those = [key for key in asked if paired or not found[key].paired]
    known = next((key for key in those if found[key].knows(head)), None)
    return known or next((key for key in those if found[key].claims(head, name)), None)


def told_formats(*, stored: bool) -> str:
    """What can be read, for people. stored: also how each is stored.

    >>> told_formats(stored=True)[:48]
    'word2vec text and binary, fastText .vec and .bin'
    """
    found: dict[str, list[str]] = {}
    members = sorted(readable().values(), key=lambda one: one.name in _TOLD_LAST)
    for word, how in (pair for one in members for pair in one.words.items()):
        found.setdefault(word, []).extend([how] if how else [])
    return ", ".join(f"{word} {' and '.join(how)}" if stored and how else word for word, how in found.items())
