"""A matrix and a list of names, as blocks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue
from isogloss.formats.collected import Block
from isogloss.formats.matrix import MOST_DIM
from isogloss.formats.vocabulary import Names

_ROWS = 50_000


def rows_of(matrix: npt.NDArray[Any], names: Names, path: Path, *, bfloat: bool = False) -> Iterator[Block]:
    """Blocks of a matrix whose rows are named. bfloat: its bits are those of bfloat16, kept as uint16.

    Raises InvalidValue for what is no table of numbers, or has another number of names than rows.
    """
    if matrix.ndim != 2 or matrix.dtype.kind not in "fiu" or not 1 <= matrix.shape[1] <= MOST_DIM:
        raise InvalidValue(
            f"{path.name} is {matrix.dtype} of shape {matrix.shape}", "give numbers of shape (items, dim)"
        )
    if len(names.items) != len(matrix):
        raise InvalidValue(
            f"{path.name} has {len(matrix):,} rows and the vocabulary {len(names.items):,} items", "give the pair"
        )
    for at in range(0, len(matrix), _ROWS):
        part = np.asarray(matrix[at : at + _ROWS])
        with np.errstate(over="ignore"):
            vectors = (part.astype(np.uint32) << 16).view(np.float32) if bfloat else part.astype(np.float32)
        items, columns = names.slice(at, at + _ROWS)
        yield Block(items, vectors, columns, said=names.said if not at else ())
