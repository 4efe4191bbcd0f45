"""A file as a stream of bytes, unpacked on the way; what would unpickle is refused before it is opened."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from isogloss.errors import InvalidValue, NotFound

PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip")
_PICKLES = {
    ".kv": "gensim",
    ".model": "gensim",
    ".mdl": "gensim",
    ".wordvectors": "gensim",
    ".pkl": "pickle",
    ".pickle": "pickle",
    ".pt": "torch",
    ".pth": "torch",
    ".ckpt": "torch",
    ".joblib": "joblib",
    ".dill": "dill",
}
_LEVERS = {
    "gensim": "in Python, model.wv.save_word2vec_format('vectors.bin', binary=True) writes a file that can be imported",
    "torch": (
        "in Python, safetensors.torch.save_file(tensors, 'vectors.safetensors') writes a file that can be imported"
    ),
}
_RATIO = 200  # a file that grows more than this is a bomb, not text
_SMALLEST = 1 << 26
BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, RuntimeError)


def inner_name(path: Path) -> str:
    """The name below the packing, lower-case: `wiki.vec` of `Wiki.vec.gz`.

    >>> inner_name(Path("a/Wiki.vec.GZ"))
    'wiki.vec'
    """
    name = path.name.lower()
    for ending in PACKED:
        if name.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name


def refuse_pickles(name: str) -> None:
    """Raises InvalidValue for files that only unpickling could open."""
    kind = _PICKLES.get(PurePosixPath(name.lower()).suffix)
    if kind:
        lever = _LEVERS.get(kind, "write the vectors as .npy or text and import those")
        raise InvalidValue(f"{name} is a {kind} file, and pickles can run anything: it is not opened", lever)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked. Raises InvalidValue for pickles, damaged packing and archives of several files."""
    refuse_pickles(inner_name(path))
    if not path.is_file():
        raise NotFound(f"there is no file {path}", lever="check its name")
    packing = path.suffix.lower()
    try:
        if packing == ".zip":
            with _only(path) as file:
                yield file
            return
        with _open(path, packing) as file:
            yield file
    except BROKEN as error:
        raise InvalidValue(f"{path.name} cannot be read ({_words(error)})", "check that the file is whole") from error


def _words(error: BaseException) -> str:
    return " ".join(str(getattr(error, "strerror", None) or error or type(error).__name__).split())[:120]


def _open(path: Path, packing: str) -> IO[bytes]:
    if packing == ".gz":
        return _buffered(cast("IO[bytes]", gzip.open(path)), path)
    if packing == ".bz2":
        return _buffered(cast("IO[bytes]", bz2.open(path)), path)
    if packing == ".xz":
        return _buffered(cast("IO[bytes]", lzma.open(path)), path)
    if packing == ".zst":
        import pyarrow as pa

        return _buffered(cast("IO[bytes]", pa.input_stream(str(path), compression="zstd")), path)
    return open(path, "rb")


def _buffered(file: IO[bytes], path: Path) -> IO[bytes]:
    return io.BufferedReader(_Bounded(file, path), 1 << 20)


@contextmanager
def _only(path: Path) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(path) as archive:
        files = [i for i in archive.infolist() if not i.is_dir() and not i.filename.startswith("__MACOSX/")]
        for one in files:
            parts = PurePosixPath(one.filename.replace("\\", "/"))
            if parts.is_absolute() or ".." in parts.parts:
                raise InvalidValue(f"{path.name} holds the name {one.filename[:80]!r}", "pack the files anew")
        if len(files) != 1:
            raise InvalidValue(f"{path.name} holds {len(files):,} files", "pack the one file of vectors alone")
        refuse_pickles(files[0].filename)
        with archive.open(files[0]) as file:
            yield _buffered(file, path)


class _Bounded(io.RawIOBase):
    """Reads on until far more has come out of a file than can have been in it."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file, self._path = file, path
        self._left = max(_SMALLEST, path.stat().st_size * _RATIO)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise InvalidValue(
                f"{self._path.name} unpacks to more than {_RATIO:,} times its size", "unpack it and look at what it is"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()
