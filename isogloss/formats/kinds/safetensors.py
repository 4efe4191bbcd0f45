"""safetensors: the embedding matrix of a model, named by its tokenizer.json."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.formats.arrays import rows_of
from isogloss.formats.collected import Block
from isogloss.formats.format import Format
from isogloss.formats.text import vocabulary_lines

_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_HEADER = 100_000_000


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
    yield from rows_of(matrix, names, path, bfloat=dtype == "<u2")


def _tokens(path: Path) -> list[str]:
    try:
        model = json.loads(path.read_text(encoding="utf-8"))["model"]
        vocabulary = model["vocab"]
        if isinstance(vocabulary, dict):
            return [str(token) for token, _ in sorted(vocabulary.items(), key=lambda one: int(one[1]))]
        return [str(token) for token, _ in vocabulary]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidValue(f"{path.name} has no list of tokens", "give the tokenizer.json of the same model") from error


class Safetensors(Format):
    name = "safetensors"
    title = "safetensors and tokenizer.json"
    help = "the embedding matrix of a model, with the tokenizer.json that lies beside it"
    words = {"safetensors": "with its tokenizer.json"}  # noqa: RUF012
    endings = (".safetensors",)

    def read(self, path: Path, vocabulary: Path | None) -> Iterator[Block]:
        return read_safetensors(path, vocabulary)


member = Safetensors()
