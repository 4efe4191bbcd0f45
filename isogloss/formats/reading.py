"""Vectors of other tools: which format a file has, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from isogloss.errors import InvalidValue, NotFound
from isogloss.formats.arrays import read_array, read_safetensors
from isogloss.formats.binary import read_binary
from isogloss.formats.collected import REASONS, Block, Collected, collect
from isogloss.opened import FASTTEXT, inner_name, opened, refuse_pickles
from isogloss.formats.tables import read_table
from isogloss.formats.text import read_text
from isogloss.progress import Progress, silent

__all__ = ["FORMATS", "REASONS", "Block", "Collected", "Format", "import_file", "recognise"]


@dataclass(frozen=True)
class Format:
    """One way to store vectors. endings: of files that are usually in it. paired: whether names come from another file.

    words: reads the items alone, where the vectors come after all of them and are long in coming.
    """

    title: str
    endings: tuple[str, ...]
    read: Callable[[Path, Path | None], Iterator[Block]]
    paired: bool = False
    words: Callable[[Path], tuple[list[str], int]] | None = None


def _fasttext(path: Path) -> Iterator[Block]:
    from isogloss.formats.fasttext import read_fasttext

    return read_fasttext(path)


def _fasttext_words(path: Path) -> tuple[list[str], int]:
    from isogloss.formats.fasttext import read_words

    return read_words(path)


FORMATS = {
    "word2vec": Format(
        "word2vec, fastText .vec, GloVe, VecMap, MUSE (text)", (".vec", ".txt", ".w2v"), lambda p, v: read_text(p)
    ),
    "word2vec-binary": Format("word2vec (binary)", (".bin",), lambda p, v: read_binary(p)),
    "fasttext": Format(
        "fastText model with subwords (binary)", (".bin",), lambda p, v: _fasttext(p), words=_fasttext_words
    ),
    "projector": Format("TensorFlow Projector (two .tsv)", (), lambda p, v: read_text(p, v), paired=True),
    "numpy": Format(".npy or .npz and a vocabulary", (".npy", ".npz"), read_array),
    "safetensors": Format("safetensors and tokenizer.json", (".safetensors",), read_safetensors),
    "table": Format(
        "Parquet, Arrow, CSV, JSON lines, datasets folder",
        (".parquet", ".arrow", ".feather", ".csv", ".jsonl", ".ndjson"),
        lambda p, v: read_table(p),
    ),
}


def recognise(path: Path, vocabulary: Path | None = None) -> str:
    """The format of a file by its name and first bytes: a key of FORMATS. Raises NotFound, InvalidValue.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile(suffix=".vec") as file: recognise(Path(file.name))
    'word2vec'
    """
    name = inner_name(path)
    refuse_pickles(name)
    if path.is_dir():
        return "table"
    if not path.is_file():
        raise NotFound(f"there is no file {path}", lever="check its name")
    ending = Path(name).suffix
    if ending == ".tsv":
        return "projector" if vocabulary else _by_content(path)
    for key, one in FORMATS.items():
        if ending in one.endings and ending not in (".bin", ".txt"):
            return key
    return _by_content(path)


def _by_content(path: Path) -> str:
    with opened(path) as file:
        head = file.read(65_536)
    if head.startswith(b"\x80") or head[:2] in (b"\x80\x02", b"\x80\x04"):
        raise InvalidValue(
            f"{path.name} is a pickle, which can run anything: it is not opened", "save its vectors as text"
        )
    if head.startswith(FASTTEXT):
        return "fasttext"
    if head.startswith(b"PAR1"):
        return "table"
    first = head.split(b"\n", 1)[0].split(b"\t")
    if any(cell.strip().strip(b'"').lower() in (b"vector", b"embedding", b"vectors", b"embeddings") for cell in first):
        return "table"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return "word2vec-binary"
    return "word2vec"


def import_file(
    path: Path,
    format: str | None = None,
    vocabulary: Path | None = None,
    limit: int | None = None,
    lower: bool = False,
    progress: Progress = silent,
) -> Collected:
    """Read a file of vectors. format: a key of FORMATS, recognised when not given. Raises InvalidValue, NotFound."""
    if format is not None and format not in FORMATS:
        raise InvalidValue(f"there is no format {format[:40]!r}", f"choose one of {', '.join(FORMATS)}")
    refuse_pickles(inner_name(path))
    chosen = FORMATS[format or recognise(path, vocabulary)]
    if chosen.paired and vocabulary is None:
        raise InvalidValue(f"{path.name} holds no names", "give a file with one item a line: --vocab FILE")
    return collect(chosen.read(path, vocabulary), limit, lower, progress)
