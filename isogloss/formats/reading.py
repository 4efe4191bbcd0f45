"""Vectors of other tools: which format a file has, and its rows."""

from __future__ import annotations

from pathlib import Path

from isogloss.errors import InvalidValue, NotFound
from isogloss.formats.collected import Collected, collect, imported_space
from isogloss.formats.format import FORMATS, claimant, readable
from isogloss.opened import inner_name, opened, refuse_pickles
from isogloss.progress import Progress, silent
from isogloss.spaces.space import Space

_HEAD = 1 << 16
_ANY = "word2vec"  # what a file is read as that nobody claims, an empty one for instance


def recognise(path: Path, vocabulary: Path | None = None) -> str:
    """The format of a file by its name, else by its first bytes: a name of FORMATS. Raises NotFound, InvalidValue.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile(suffix=".vec") as file: recognise(Path(file.name))
    'word2vec'
    """
    name, paired = inner_name(path), vocabulary is not None
    refuse_pickles(name)
    if path.is_dir():
        return next(key for key, one in readable().items() if one.folders)
    if not path.is_file():
        raise NotFound(f"there is no file {path}", lever="check its name")
    found = claimant(b"", name, paired=paired)
    return found or claimant(_head(path), name, paired=paired) or _ANY


def _head(path: Path) -> bytes:
    with opened(path) as file:
        head = file.read(_HEAD)
    if head.startswith(b"\x80"):
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
    progress: Progress = silent,
) -> Collected:
    """Read a file of vectors, the first `limit` usable rows of it. Raises InvalidValue, NotFound.

    format: a name of FORMATS, recognised when not given. vocabulary: a file with one item a line, for files of numbers
    alone. lower: items in lower case.
    """
    path, vocabulary = Path(path), Path(vocabulary) if vocabulary else None
    known = readable()
    if format is not None and format not in known:
        raise InvalidValue(f"there is no format {format[:40]!r}", f"choose one of {', '.join(known)}")
    refuse_pickles(inner_name(path))
    chosen = FORMATS[format or recognise(path, vocabulary)]
    if chosen.paired and vocabulary is None:
        raise InvalidValue(f"{path.name} holds no names", "give a file with one item a line: --vocab FILE")
    assert chosen.read is not None
    return collect(chosen.read(path, vocabulary), limit=limit, lower=lower, name=path.name, progress=progress)


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
    found = import_file(path, format=format, vocabulary=vocabulary, limit=limit, lower=lower, progress=progress)
    return imported_space(found, space_name(path) if name is None else name, file=path.name)


def space_name(path: Path) -> str:
    """What a space is called that nobody named: its file without packing and ending.

    >>> space_name(Path("vectors/wiki.en.vec.gz"))
    'wiki.en'
    """
    return inner_name(path).rsplit(".", 1)[0]
