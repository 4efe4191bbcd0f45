"""Vectors of other tools: which format a file has, and its rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from isogloss.errors import InvalidValue, NotFound
from isogloss.formats.chosen import Chosen
from isogloss.formats.collected import Collected, collect, imported_space
from isogloss.formats.format import FORMATS, claimant, readable
from isogloss.formats.text import are_vectors, is_text
from isogloss.outside.looking import look
from isogloss.progress import Progress, silent
from isogloss.spaces.space import Space
from isogloss.spaces.subwords import Subwords
from isogloss.tables.content import kind_of_content, refuse_alien
from isogloss.tables.encodings import head_encoding, head_text
from isogloss.tables.opened import inner_name, opened, refuse_pickles

READY = "isogloss.formats.kinds._ready"  # what makes the first look at vectors as quick as the others
_HEAD = 1 << 16
_BRACKET = re.compile(r"\S+\s+[\[({]")  # an item, then its numbers in brackets
_BYTES = ("numpy", "safetensors", "fasttext")  # whose reader says what is wrong with a file that ends so
_ANY = "word2vec"  # what a file is read as that nobody claims, an empty one for instance


def recognise(path: Path, vocabulary: Path | None = None, *, part: str | None = None) -> str:
    """The format of a file: by its first bytes, then by its name: a name of FORMATS. part: the file of a .zip.

    Raises NotFound, InvalidValue for what holds no vectors, named for what it is.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile(suffix=".vec") as file: recognise(Path(file.name))
    'word2vec'
    """
    name, paired = part.lower() if part else inner_name(path), vocabulary is not None
    refuse_pickles(name)
    if path.is_dir():
        return next(key for key, one in readable().items() if one.folders)
    if not path.is_file():
        raise NotFound(f"there is no file {path}", lever="check its name")
    head = _head(path, part)
    known = next((key for key, one in readable().items() if one.knows(head) and (paired or not one.paired)), None)
    if known:
        return known
    by_name = claimant(b"", name, paired=paired)
    if by_name in _BYTES:
        return by_name
    refuse_alien(head, path.name)
    if paired:
        return by_name if by_name is not None and FORMATS[by_name].paired else "projector"
    if is_text(head) or head_encoding(head) or are_vectors(head):
        if kind_of_content(head, name) not in ("plain", "separated") or _is_separated(head, name):
            return "table"
        found = claimant(head, name, paired=paired)
        return "word2vec" if found in (None, "table", "word2vec-binary") else found
    return by_name or claimant(head, name, paired=paired) or _ANY


def _is_separated(head: bytes, name: str) -> bool:
    """Whether a text is a table with named columns, or with commas: not an item and its numbers between tabs."""
    if kind_of_content(head, name) != "separated":
        return False
    lines = [line for line in head_text(head).splitlines() if line.strip()][:3]
    if not lines or _BRACKET.match(lines[0]):
        return False
    cells = [line.split("\t") for line in lines]
    rows = [sum(_is_number(cell) for cell in row) for row in cells]
    return not (len(cells[0]) > 2 and rows[0] >= len(cells[0]) - 1 and all(len(row) == len(cells[0]) for row in cells))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _head(path: Path, part: str | None) -> bytes:
    with opened(path, part) as file:
        head = file.read(_HEAD)
    if head[:1] == b"\x80" and head[1:2] in b"\x02\x03\x04\x05":
        raise InvalidValue(
            f"{path.name} is a pickle, which can run anything: it is not opened", "save its vectors as text"
        )
    return head


def import_file(
    path: str | Path,
    *,
    format: str | None = None,
    vocabulary: str | Path | None = None,
    limit: int | None = None,
    lower: bool = False,
    chosen: Chosen | None = None,
    progress: Progress = silent,
) -> Collected:
    """Read a file of vectors, the first `limit` usable rows of it. Raises InvalidValue, NotFound.

    format: a name of FORMATS, recognised when not given. vocabulary: a file with one item a line, for files of numbers
    alone. lower: items in lower case. chosen: its columns, tensor or part, by name, where it holds several.
    """
    path, vocabulary = Path(path), Path(vocabulary) if vocabulary else None
    known = readable()
    if format is not None and format not in known:
        raise InvalidValue(f"there is no format {format[:40]!r}", f"choose one of {', '.join(known)}")
    refuse_pickles(inner_name(path))
    chosen = chosen or Chosen()
    one = FORMATS[format or recognise(path, vocabulary, part=chosen.part)]
    if one.paired and vocabulary is None:
        raise InvalidValue(f"{path.name} holds no names", "give a file with one item a line: --vocab FILE")
    assert one.read is not None
    return collect(one.read(path, vocabulary, chosen), limit=limit, lower=lower, name=path.name, progress=progress)


def take_file(path: Path, **options: Any) -> Collected:
    """`import_file` in a process beside this one; the options are its own."""
    return look(import_file, path, kinds=(Collected, Subwords), warm=READY, **options)


def read_vectors(
    path: str | Path,
    *,
    limit: int | None = None,
    name: str | None = None,
    format: str | None = None,
    vocabulary: str | Path | None = None,
    lower: bool = False,
    progress: Progress = silent,
) -> Space:
    """A file of vectors as a space. name: by default the file's, without its endings. Raises InvalidValue, NotFound.

    The other arguments are those of `import_file`.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile("w", suffix=".vec") as file:
    ...     _ = file.write("a 1 2\\nb 3 4\\nc 5 6\\n"), file.flush()
    ...     read_vectors(file.name, limit=2, name="en").items
    ('a', 'b')
    """
    path = Path(path)
    names = Path(vocabulary) if vocabulary else None
    found = take_file(path, format=format, vocabulary=names, limit=limit, lower=lower, progress=progress)
    return imported_space(found, space_name(path) if name is None else name, file=path.name)


def space_name(path: Path) -> str:
    """What a space is called that nobody named: its file without packing and ending.

    >>> space_name(Path("vectors/wiki.en.vec.gz"))
    'wiki.en'
    """
    return inner_name(path).rsplit(".", 1)[0]
