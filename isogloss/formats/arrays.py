"""Arrays with a list of names: .npy and .npz with a vocabulary file, safetensors with a tokenizer.json."""

from __future__ import annotations

import contextlib
import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.formats.collected import Block
from isogloss.formats.text import MOST_DIM, vocabulary_lines

_ROWS = 50_000
_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_HEADER = 100_000_000
_NAMES = ("items", "words", "vocab", "vocabulary", "tokens", "labels")


def read_array(path: Path, vocabulary: Path | None = None) -> Iterator[Block]:
    """Rows of a .npy file, or of the one matrix of a .npz; names from the vocabulary file or an array of the .npz.

    Object arrays are refused: they are pickles.
    """
    names: list[str] | None = vocabulary_lines(vocabulary) if vocabulary else None
    try:
        loaded = np.load(path, mmap_mode="r", allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            matrix = loaded
        else:
            with loaded:
                matrix, own = _of_archive(loaded, path)
            names = names or own
    except InvalidValue:
        raise
    except Exception as error:  # a damaged header is parsed as Python, and fails in as many ways
        array = False
        with contextlib.suppress(OSError), open(path, "rb") as file:
            array = file.read(6) in (b"\x93NUMPY", b"PK\x03\x04\x14\x00", b"PK\x03\x04-\x00")
        objects = array and ("allow_pickle" in str(error) or "objects" in str(error))
        reason = "it holds objects, which are pickles" if objects else "it is damaged or no array"
        raise InvalidValue(
            f"{path.name} is not opened ({reason})", "save the numbers with numpy.save as float32"
        ) from error
    if names is None:
        raise InvalidValue(f"{path.name} has no names for its rows", "give a file with one item a line: --vocab FILE")
    yield from _rows(matrix, names, path)


def _of_archive(loaded: Any, path: Path) -> tuple[npt.NDArray[Any], list[str] | None]:
    arrays = {}
    with zipfile.ZipFile(path) as archive:
        if sum(i.file_size for i in archive.infolist()) > max(1 << 26, path.stat().st_size * 1_000):
            raise InvalidValue(f"{path.name} unpacks to more than 1,000 times its size", "look at what it is")
    for name in loaded.files[:64]:
        arrays[name] = loaded[name]
    matrices = [name for name, a in arrays.items() if a.ndim == 2 and a.dtype.kind in "fiu"]
    if len(matrices) != 1:
        raise InvalidValue(
            f"{path.name} holds {len(matrices)} matrices ({', '.join(arrays)[:200]})", "save one, as .npy"
        )
    names = next((arrays[n] for n in _NAMES if n in arrays and arrays[n].dtype.kind in "US"), None)
    return arrays[matrices[0]], None if names is None else [str(v) for v in np.ravel(names)]


def read_safetensors(path: Path, vocabulary: Path | None = None, tensor: str | None = None) -> Iterator[Block]:
    """Rows of an embedding matrix named like the tokens of tokenizer.json beside it (or of the vocabulary file).

    tensor: its name; by default the only matrix with as many rows as there are tokens.
    """
    if vocabulary is None:
        vocabulary = path.parent / "tokenizer.json"
        if not vocabulary.is_file():
            raise InvalidValue(
                f"there is no tokenizer.json beside {path.name}", "name the file of tokens with --vocab FILE"
            )
    names = _tokens(vocabulary) if vocabulary.suffix == ".json" else vocabulary_lines(vocabulary)
    size = path.stat().st_size
    try:
        with open(path, "rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > min(size, _HEADER):
                raise ValueError(f"a header of {length:,} bytes in a file of {size:,}")
            header = json.loads(file.read(length))
        found = {
            name: (_DTYPES[one["dtype"]], tuple(map(int, one["shape"])), tuple(map(int, one["data_offsets"])))
            for name, one in header.items()
            if name != "__metadata__" and one["dtype"] in _DTYPES and len(one["shape"]) == 2
        }
    except (ValueError, KeyError, TypeError, AttributeError, struct.error, OSError, RecursionError) as error:
        raise InvalidValue(
            f"{path.name} is no safetensors file ({str(error)[:100]})", "check that it is whole"
        ) from error
    chosen = [n for n in found if n == tensor] if tensor else [n for n, f in found.items() if f[1][0] == len(names)]
    if len(chosen) != 1:
        shapes = ", ".join(f"{name} {shape}" for name, (_, shape, _) in found.items())[:300]
        raise InvalidValue(
            f"{path.name} has {len(chosen)} matrices of {len(names):,} rows ({shapes})",
            "give the tokens of its embedding",
        )
    dtype, shape, (begin, end) = found[chosen[0]]
    if not 0 <= begin <= end <= size - 8 - length or end - begin != shape[0] * shape[1] * np.dtype(dtype).itemsize:
        raise InvalidValue(f"{path.name} is shorter than its header says", "the file was cut off: fetch it again")
    matrix: npt.NDArray[Any] = np.memmap(path, dtype, "r", offset=8 + length + begin, shape=shape)
    yield from _rows(matrix, names, path)


def _tokens(path: Path) -> list[str]:
    try:
        model = json.loads(path.read_text(encoding="utf-8"))["model"]
        vocabulary = model["vocab"]
        if isinstance(vocabulary, dict):
            return [str(token) for token, _ in sorted(vocabulary.items(), key=lambda one: int(one[1]))]
        return [str(token) for token, _ in vocabulary]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidValue(f"{path.name} has no list of tokens", "give the tokenizer.json of the same model") from error


def _rows(matrix: npt.NDArray[Any], names: list[str], path: Path) -> Iterator[Block]:
    if matrix.ndim != 2 or matrix.dtype.kind not in "fiu" or not 1 <= matrix.shape[1] <= MOST_DIM:
        raise InvalidValue(
            f"{path.name} is {matrix.dtype} of shape {matrix.shape}", "give numbers of shape (items, dim)"
        )
    if len(names) != len(matrix):
        raise InvalidValue(
            f"{path.name} has {len(matrix):,} rows and the vocabulary {len(names):,} items", "give the pair"
        )
    bfloat = matrix.dtype == np.dtype("<u2") and isinstance(matrix, np.memmap) and path.suffix == ".safetensors"
    for at in range(0, len(matrix), _ROWS):
        part = np.asarray(matrix[at : at + _ROWS])
        with np.errstate(over="ignore"):
            vectors = (part.astype(np.uint32) << 16).view(np.float32) if bfloat else part.astype(np.float32)
        yield Block(names[at : at + _ROWS], vectors)
