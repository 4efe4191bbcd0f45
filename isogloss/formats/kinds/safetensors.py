"""safetensors: the embedding matrix of a model, named by its tokenizer.json."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.errors import InvalidValue
from isogloss.formats.chosen import Candidate, Chosen, one_of
from isogloss.formats.collected import Block
from isogloss.formats.format import Format
from isogloss.formats.matrix import Rows, rows_of
from isogloss.formats.vocabulary import Names, read_names
from isogloss.text.nested import read_json

_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_HEADER = 100_000_000
_EMBEDDING = re.compile(r"(?:word_embeddings|embed_tokens|tok_embeddings|wte|shared|token_embedding)", re.IGNORECASE)


@dataclass(frozen=True)
class _Tensor:
    """dtype: of numpy. begin, end: bytes after the header."""

    name: str
    dtype: str
    shape: tuple[int, int]
    begin: int
    end: int


def read_safetensors(path: Path, vocabulary: Path | None = None, chosen: Chosen | None = None) -> Iterator[Block]:
    """Rows of an embedding matrix named like the tokens of tokenizer.json beside it (or of the vocabulary file).

    chosen: the matrix by its name; by default the only one with as many rows as there are tokens, of several the one
    that is named like an embedding of tokens.
    """
    chosen = chosen or Chosen()
    found, after = _tensors(path)
    names, tensor = _pick(path, vocabulary, chosen, found)
    size = path.stat().st_size
    wanted = tensor.shape[0] * tensor.shape[1] * np.dtype(tensor.dtype).itemsize
    if not 0 <= tensor.begin <= tensor.end <= size - after or tensor.end - tensor.begin != wanted:
        raise InvalidValue(f"{path.name} is shorter than its header says", "the file was cut off: fetch it again")
    matrix = Rows(path, np.dtype(tensor.dtype), tensor.shape, after + tensor.begin)
    yield from rows_of(matrix, names, path, bfloat=tensor.dtype == "<u2")


def _tensors(path: Path) -> tuple[list[_Tensor], int]:
    """The matrices of a file, and where its header ends. Raises InvalidValue."""
    size = path.stat().st_size
    try:
        with open(path, "rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > min(size, _HEADER):
                raise ValueError(f"a header of {length:,} bytes in a file of {size:,}")
            header = read_json(file.read(length))
        return [
            _Tensor(name, _DTYPES[one["dtype"]], _numbers(one["shape"]), *_numbers(one["data_offsets"]))
            for name, one in header.items()
            if name != "__metadata__" and one["dtype"] in _DTYPES and len(one["shape"]) == 2
        ], 8 + length
    except (ValueError, KeyError, TypeError, AttributeError, struct.error, OSError) as error:
        raise InvalidValue(
            f"{path.name} is no safetensors file ({str(error)[:100]})", "check that it is whole"
        ) from error


def _numbers(given: list[Any]) -> tuple[int, int]:
    """Two whole numbers such as a file can hold. Raises ValueError, TypeError."""
    first, second = given
    for one in (first, second):
        if type(one) is not int or not 0 <= one < 1 << 48:
            raise ValueError(f"{str(one)[:40]} is no size or place")
    return first, second


def _pick(path: Path, vocabulary: Path | None, chosen: Chosen, found: list[_Tensor]) -> tuple[Names, _Tensor]:
    """The names and the matrix that they are of. Raises InvalidValue with the matrices that there are."""
    if vocabulary is None:
        vocabulary = path.parent / "tokenizer.json"
        if not vocabulary.is_file():
            raise InvalidValue(
                f"there is no tokenizer.json beside {path.name}", "name the file of tokens with --vocab FILE"
            )
    asked = chosen.tensor and one_of(
        chosen.tensor, [one.name for one in found], file=path.name, what="matrix", option="--tensor"
    )
    picked = [one for one in found if one.name == asked]
    if vocabulary.suffix == ".json":
        names = Names(_tokens(vocabulary))
    else:
        names = read_names(vocabulary, picked[0].shape[0] if picked else None, chosen)
    fits = picked or [one for one in found if one.shape[0] == len(names.items)]
    fits = ([one for one in fits if _EMBEDDING.search(one.name)] or fits) if len(fits) > 1 else fits
    if len(fits) != 1:
        shapes = ", ".join(f"{one.name} {one.shape}" for one in found)[:300]
        raise InvalidValue(
            f"{path.name} has {len(fits)} matrices of {len(names.items):,} rows ({shapes})",
            "name one: --tensor NAME, or give the tokens of its embedding",
        )
    return names, fits[0]


def _tokens(path: Path) -> list[str]:
    try:
        model = read_json(path.read_bytes().decode("utf-8"))["model"]
        vocabulary = model["vocab"]
        if isinstance(vocabulary, dict):
            return [str(token) for token, _ in sorted(vocabulary.items(), key=lambda one: int(one[1]))]
        return [str(token) for token, _ in vocabulary]
    except (OSError, ValueError, KeyError, TypeError, OverflowError, AttributeError) as error:
        raise InvalidValue(f"{path.name} has no list of tokens", "give the tokenizer.json of the same model") from error


class Safetensors(Format):
    name = "safetensors"
    title = "safetensors and tokenizer.json"
    help = "the embedding matrix of a model, with the tokenizer.json that lies beside it"
    words = {"safetensors": "with its tokenizer.json"}  # noqa: RUF012
    endings = (".safetensors",)

    def read(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> Iterator[Block]:
        return read_safetensors(path, vocabulary, chosen)

    def candidates(self, path: Path, vocabulary: Path | None, chosen: Chosen) -> tuple[Candidate, ...]:
        found, _ = _tensors(path)
        try:
            name = _pick(path, vocabulary, chosen, found)[1].name
        except InvalidValue:
            name = ""
        return tuple(Candidate("tensor", t.name, (" × ".join(map(str, t.shape)),), t.name == name) for t in found)


member = Safetensors()
