"""Maps that other tools wrote: a square matrix, as text or as numpy keeps it, and which way it is applied.

fastText's alignment and MUSE write W for column vectors (W x), with a line that gives its shape; a bare matrix does not
say which way it is meant: it is asked for or told, never guessed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue

ORIENTATIONS = {"columns": "W x, as MUSE and fastText write it", "rows": "x W, as VecMap and numpy apply it"}
_Matrix = npt.NDArray[np.float64]
_MOST_TEXT = 1 << 29
_MOST = 4_096
_BETWEEN = re.compile(r"[,;]\s*|\s+")


def text_matrix(path: Path, orientation: str | None = None) -> _Matrix:
    """What rows are multiplied by, float64 (dim, dim), from a map as text.

    A line with two numbers, its shape, then a row a line: W for column vectors unless `rows` is told. Or the rows
    alone, between blanks, tabs or commas: the orientation must be told. Raises InvalidValue naming the line.
    """
    lines = path.read_bytes()[:_MOST_TEXT].decode("utf-8", "replace").splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    head = _BETWEEN.split(lines[0].strip()) if lines else []
    shape = tuple(map(int, head)) if len(head) == 2 and all(p.isdecimal() and len(p) < 6 for p in head) else None
    if (shape is None and len(head) == len(lines) > 0) or (shape == (2, 2) and len(lines) == 2):
        return told(_rows(path, lines, len(lines), first=1), orientation, path.name)
    if shape is None:
        raise InvalidValue(
            f"{path.name}, line 1 is {' '.join(head)[:60]!r}",
            "begin with the two numbers of its shape, or give n rows of n",
        )
    rows, columns = shape
    if rows != columns or not 1 <= rows <= _MOST:
        raise InvalidValue(f"{path.name} is {rows} × {columns}", f"give a square map of at most {_MOST:,} rows")
    if len(lines) - 1 < rows:
        raise InvalidValue(f"{path.name} has {len(lines) - 1:,} rows, expected {rows:,}", "fetch it again")
    return told(_rows(path, lines[1 : rows + 1], rows, first=2), orientation or "columns", path.name)


def _rows(path: Path, lines: list[str], n: int, *, first: int) -> _Matrix:
    if n > _MOST:
        raise InvalidValue(f"{path.name} is {n} × {n}", f"give a square map of at most {_MOST:,} rows")
    matrix = np.empty((n, n))
    for number, line in enumerate(lines, first):
        try:
            row = np.array([float(part) for part in _BETWEEN.split(line.strip())])
        except ValueError as error:
            raise InvalidValue(f"{path.name}, line {number:,} is not all numbers", "fetch it again") from error
        if len(row) != n or not np.isfinite(row).all():
            raise InvalidValue(f"{path.name}, line {number:,} has {len(row)} numbers, expected {n}", "fetch it again")
        matrix[number - first] = row
    return matrix


def told(matrix: npt.NDArray[Any], orientation: str | None, name: str) -> _Matrix:
    """What rows are multiplied by, from a matrix that is applied as `orientation` says. Raises InvalidValue.

    >>> told(np.array([[0, 1], [2, 3]]), "columns", "w.npy").tolist()
    [[0.0, 2.0], [1.0, 3.0]]
    """
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not 1 <= len(matrix) <= _MOST:
        shape = " × ".join(map(str, matrix.shape))
        raise InvalidValue(f"{name} is {shape or 'one number'}", f"give a square map of at most {_MOST:,} rows")
    if matrix.dtype.kind not in "fiu" or not np.isfinite(matrix).all():
        raise InvalidValue(f"{name} holds what is no finite number", "fetch it again")
    if orientation not in ORIENTATIONS:
        ways = " or ".join(f"{way} ({means})" for way, means in ORIENTATIONS.items())
        received = (
            f"the orientation {orientation[:40]!r} is none"
            if orientation
            else (f"{name} is a bare matrix of {len(matrix)} × {len(matrix)}, which does not say how it is applied")
        )
        raise InvalidValue(received, f"say {ways}")
    found = matrix.astype(np.float64)
    return found.T.copy() if orientation == "columns" else found


def matrix_text(matrix: _Matrix) -> str:
    """The matrix of a side as text for column vectors, as `text_matrix` reads it.

    >>> matrix_text(np.array([[0.0, 1.0], [-1.0, 0.0]])).splitlines()
    ['2 2', '0.0 -1.0', '1.0 0.0']
    """
    rows = (" ".join(repr(float(v)) for v in row) for row in matrix.T)
    return "\n".join([f"{matrix.shape[1]} {len(matrix)}", *rows]) + "\n"
