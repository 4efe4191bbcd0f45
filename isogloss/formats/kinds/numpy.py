"""numpy's arrays with a list of names: .npy and .npz."""

from __future__ import annotations

import contextlib
import math
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.formats.chosen import Candidate, Chosen, one_of
from isogloss.formats.collected import Block
from isogloss.formats.format import Format
from isogloss.formats.matrix import Rows, rows_of
from isogloss.formats.text import one_cell
from isogloss.formats.vocabulary import Names, read_names
from isogloss.spaces.space import Space

_MAGIC = b"\x93NUMPY"
_NAMES = ("items", "words", "vocab", "vocabulary", "tokens", "labels")


def read_array(path: Path, vocabulary: Path | None = None, chosen: Chosen | None = None) -> Iterator[Block]:
    """Rows of a .npy file, or of the one matrix of a .npz; names from the vocabulary file or an array of the .npz.

    chosen: which matrix of a .npz that holds several. Object arrays are refused: they are pickles.
    """
    chosen, own = chosen or Chosen(), None
    matrix: npt.NDArray[Any] | Rows
    try:
        if _begins(path) == _MAGIC:
            matrix = _of_file(path)
        else:
            matrix, own = _of_archive(path, chosen.tensor)
    except (InvalidValue, MemoryError):
        raise
    except Exception as error:  # a damaged header is parsed as Python, and fails in as many ways
        objects = _is_array(path) and ("allow_pickle" in str(error) or "objects" in str(error))
        reason = "it holds objects, which are pickles" if objects else "it is damaged or no array"
        raise InvalidValue(
            f"{path.name} is not opened ({reason})", "save the numbers with numpy.save as float32"
        ) from error
    if vocabulary is not None and matrix.ndim:
        names = read_names(vocabulary, len(matrix), chosen)
    elif own is not None:
        names = Names(own)
    else:
        raise InvalidValue(f"{path.name} has no names for its rows", "give a file with one item a line: --vocab FILE")
    yield from rows_of(matrix, names, path)


def _begins(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(6)


def _is_array(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return _begins(path) in (_MAGIC, b"PK\x03\x04\x14\x00", b"PK\x03\x04-\x00")
    return False


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether it lies by columns, and type of an array, of which nothing else is read. Raises ValueError."""
    version = np.lib.format.read_magic(file)
    if version not in ((1, 0), (2, 0)):
        raise ValueError(f"version {version}")
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, columns, dtype = read(file)
    if dtype.hasobject:
        raise ValueError("it holds objects")
    if not all(type(one) is int and 0 <= one < 1 << 48 for one in shape):
        raise ValueError(f"a shape of {str(shape)[:80]}")
    return shape, bool(columns), dtype


def _of_file(path: Path) -> npt.NDArray[Any] | Rows:
    """The matrix of a .npy. Raises InvalidValue for one that says more than there is."""
    with open(path, "rb") as file:
        shape, columns, dtype = _header(file)
        begin = file.tell()
    if math.prod(shape) * dtype.itemsize > path.stat().st_size - begin:
        raise InvalidValue(
            f"{path.name} says {dtype} of shape {shape} and is shorter", "the file was cut off: fetch it again"
        )
    if len(shape) == 2 and not columns and dtype.itemsize:
        return Rows(path, dtype, (shape[0], shape[1]), begin)
    loaded: npt.NDArray[Any] = np.load(path, allow_pickle=False)
    return loaded


def _arrays(path: Path) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
    """Name → shape and type of the arrays of an archive, the first 64; none of them is unpacked.

    Raises InvalidValue for one that unpacks to far more than it is, or says more than it unpacks to.
    """
    found = {}
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if sum(one.file_size for one in members) > max(1 << 26, path.stat().st_size * 1_000):
            raise InvalidValue(f"{path.name} unpacks to more than 1,000 times its size", "look at what it is")
        for one in [one for one in members if one.filename.endswith(".npy")][:64]:
            with archive.open(one) as file:
                shape, _, dtype = _header(file)
            if math.prod(shape) * dtype.itemsize > one.file_size:
                raise InvalidValue(
                    f"{path.name}: {one.filename[:80]!r} says {dtype} of shape {shape} and is shorter", "fetch it again"
                )
            found[one.filename.removesuffix(".npy")] = shape, dtype
    return found


def _matrices(arrays: Mapping[str, tuple[tuple[int, ...], np.dtype[Any]]]) -> list[str]:
    return [name for name, (shape, dtype) in arrays.items() if len(shape) == 2 and dtype.kind in "fiu"]


def _of_archive(path: Path, tensor: str = "") -> tuple[npt.NDArray[Any], list[str] | None]:
    arrays = _arrays(path)
    matrices = _matrices(arrays)
    if tensor:
        matrices = [one_of(tensor, matrices, file=path.name, what="matrix", option="--tensor")]
    if len(matrices) != 1:
        raise InvalidValue(
            f"{path.name} holds {len(matrices)} matrices ({', '.join(arrays)[:200]})", "name one: --tensor NAME"
        )
    names = next((name for name in _NAMES if name in arrays and arrays[name][1].kind in "US"), None)
    with np.load(path, allow_pickle=False) as loaded:
        own = None if names is None else [str(v) for v in np.ravel(loaded[names])]
        return loaded[matrices[0]], own


class Numpy(Format):
    name = "numpy"
    title = ".npy or .npz and a vocabulary"
    help = "a matrix of numbers, and a file with one item a line; an .npz may hold both"
    words = {".npy or .npz": "with a list of names"}  # noqa: RUF012
    endings = (".npy", ".npz")
    written = (".npy", ".vocab.txt")

    def knows(self, head: bytes) -> bool:
        return head.startswith(_MAGIC)

    def expected(self, path: Path) -> int | None:
        if path.suffix != ".npy":
            return None
        with open(path, "rb") as file:
            shape, _, dtype = _header(file)
        return shape[0] if shape and math.prod(shape) * dtype.itemsize <= path.stat().st_size else None

    def read(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> Iterator[Block]:
        return read_array(path, vocabulary, chosen)

    def candidates(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> tuple[Candidate, ...]:
        if path.suffix.lower() != ".npz":
            return ()
        arrays = _arrays(path)
        found = _matrices(arrays)
        picked = chosen.tensor or (found[0] if len(found) == 1 else "")
        return tuple(Candidate("tensor", n, (" × ".join(map(str, arrays[n][0])),), n == picked) for n in found)

    def write(self, space: Space, out: Path) -> None:
        """OUT.npy and OUT.vocab.txt."""
        np.save(out.with_suffix(".npy"), np.asarray(space.vectors, dtype=np.float32), allow_pickle=False)
        names = "".join(one_cell(item) + "\n" for item in space.items)
        out.with_suffix(".vocab.txt").write_text(names, encoding="utf-8")


member = Numpy()
