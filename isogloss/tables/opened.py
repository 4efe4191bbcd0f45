"""A file as a stream of bytes, unpacked on the way; what would unpickle is refused before it is opened.

How a file is packed is told by its first bytes, and by its ending where these say nothing; a .zip by its ending alone,
since Word, Excel and NumPy pack their own files so.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
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
_MAGIC = {b"\x1f\x8b": ".gz", b"BZh": ".bz2", b"\xfd7zXZ\0": ".xz", b"\x28\xb5\x2f\xfd": ".zst"}
_NAMED = 8  # files of an archive that an error names
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
def opened(path: Path, part: str | None = None) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked. part: which file of a .zip that holds several.

    Raises NotFound, InvalidValue for pickles, damaged packing and archives of several files of which none was named.
    """
    refuse_pickles(inner_name(path))
    if not path.is_file():
        raise NotFound(f"there is no file {path}", lever="check its name")
    try:
        packing = _packing(path)
        if packing == ".zip":
            with _member(path, part) as file:
                yield file
            return
        if part is not None:
            raise InvalidValue(f"{path.name} is no archive that holds {part[:80]!r}", "leave the part out")
        with _open(path, packing) as file:
            yield file
    except BROKEN as error:
        raise InvalidValue(f"{path.name} cannot be read ({_words(error)})", "check that the file is whole") from error


def members(path: Path) -> list[str]:
    """The files in a .zip, in their order; none in another file. Raises InvalidValue for a damaged one."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            return [one.filename for one in _files(archive, path)]
    except (*BROKEN, ValueError, LookupError, struct.error) as error:  # a directory can be damaged in many ways
        raise InvalidValue(f"{path.name} cannot be read ({_words(error)})", "check that the file is whole") from error


def _packing(path: Path) -> str:
    """The ending of how a file is packed, `` for one that is not."""
    ending = path.suffix.lower()
    if ending == ".zip":
        return ending
    with open(path, "rb") as file:
        head = file.read(8)
    return next((told for magic, told in _MAGIC.items() if head.startswith(magic)), ending)


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


def _files(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    files = [i for i in archive.infolist() if i.filename and not i.is_dir() and not i.filename.startswith("__MACOSX/")]
    for one in files:
        parts = PurePosixPath(one.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts:
            raise InvalidValue(f"{path.name} holds the name {one.filename[:80]!r}", "pack the files anew")
    return files


@contextmanager
def _member(path: Path, part: str | None) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(path) as archive:
        files = _files(archive, path)
        chosen = files if part is None and len(files) == 1 else [one for one in files if one.filename == part]
        if not chosen:
            named = ", ".join(one.filename[:60] for one in files[:_NAMED]) + (", …" if len(files) > _NAMED else "")
            told = f"holds {len(files):,} files ({named})" if part is None else f"holds no {part[:80]!r}, but {named}"
            raise InvalidValue(f"{path.name} {told}", "name the one to read (`part`), or pack it alone")
        refuse_pickles(chosen[0].filename)
        with archive.open(chosen[0]) as file:
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
