"""A learnt alignment that can be kept: preprocessing of both sides and a linear map for each."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.alignment.preprocess import Preprocessing
from isogloss.errors import InvalidValue, StoreError, reason_of
from isogloss.outside.looking import look
from isogloss.text.nested import read_json
from isogloss.types import Vectors
from isogloss.workspace.folders import fresh_file

_Matrix = npt.NDArray[np.float64]
_SCHEMA = 1
_MOST_TEXT = 1 << 29


@dataclass(frozen=True, eq=False)
class Side:
    """What happens to the vectors of one side: its preprocessing, then rows times `matrix`, float64 (dim, dim)."""

    preprocessing: Preprocessing
    matrix: _Matrix

    def apply(self, vectors: Vectors) -> Vectors:
        """Vectors in the shared coordinates, float32. Raises InvalidValue for another number of dimensions."""
        self._check(vectors)
        return np.asarray(self.preprocessing.apply(vectors) @ self.matrix, dtype=np.float32)

    def _check(self, vectors: Vectors) -> None:
        if vectors.shape[1] != len(self.matrix):
            raise InvalidValue(
                f"the vectors have {vectors.shape[1]} dimensions, the map {len(self.matrix)}",
                "give vectors of its kind",
            )

    def invert(self, mapped: Vectors) -> _Matrix:
        """Back to what the preprocessing gave (lengths and means that it took away are not known any more).

        Raises InvalidValue where the map has no inverse.
        """
        self._check(mapped)
        if np.linalg.cond(self.matrix) > 1e10:
            raise InvalidValue("the map has no inverse", "it takes dimensions away; use an orthogonal one")
        return np.asarray(np.linalg.solve(self.matrix.T, np.asarray(mapped, dtype=np.float64).T).T)


@dataclass(frozen=True, eq=False)
class Mapping:
    """source, target: both sides, brought into shared coordinates. method and parameters: how it was learnt."""

    method: str
    source: Side
    target: Side
    parameters: dict[str, Any] = field(default_factory=dict)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything as named arrays; `of_arrays` takes them back."""
        header: dict[str, Any] = {"schema": _SCHEMA, "method": self.method, "parameters": self.parameters}
        arrays: dict[str, npt.NDArray[Any]] = {}
        for name, side in (("source", self.source), ("target", self.target)):
            header[f"{name}_steps"] = list(side.preprocessing.steps)
            arrays[f"{name}_matrix"] = side.matrix
            arrays |= {f"{name}_mean{i}": mean for i, mean in enumerate(side.preprocessing.means)}
        return arrays | {"header": np.array(json.dumps(header))}

    @classmethod
    def of_arrays(cls, data: Mapped[str, npt.NDArray[Any]]) -> Mapping:
        """What `arrays` gave. Raises KeyError, TypeError or ValueError for anything else."""
        header = read_json(str(data["header"]))
        sides = {}
        for name in ("source", "target"):
            steps = tuple(map(str, header[f"{name}_steps"]))
            means = tuple(data[f"{name}_mean{i}"].astype(np.float64) for i in range(steps.count("center")))
            matrix = data[f"{name}_matrix"].astype(np.float64)
            if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.isfinite(matrix).all():
                raise ValueError(f"a matrix of shape {matrix.shape}")
            if any(mean.shape != (len(matrix),) for mean in means) or not set(steps) <= {"unit", "center"}:
                raise ValueError("means of another shape, or steps that are not known")
            sides[name] = Side(Preprocessing(steps, means), matrix)
        if header["schema"] != _SCHEMA:
            raise ValueError(f"schema {header['schema']!r}")
        return cls(str(header["method"]), sides["source"], sides["target"], dict(header["parameters"]))

    def inverted(self) -> Mapping:
        """The same map the other way about: target and source change places."""
        return Mapping(self.method, self.target, self.source, self.parameters)

    def save(self, path: str | Path) -> None:
        """Write as .npz, whole or not at all; nothing in it is pickled. Raises StoreError."""
        path = Path(path)
        try:
            with fresh_file(path) as made, open(made, "wb") as file:
                np.savez(file, allow_pickle=False, **self.arrays())
        except OSError as error:
            raise StoreError(f"{path} cannot be written ({reason_of(error)})", "name another place") from error


def read_mapping(path: str | Path) -> Mapping:
    """What `save` wrote, or a map as text. Raises InvalidValue."""
    path = Path(path)
    try:
        with open(path, "rb") as file:
            packed = file.read(2) == b"PK"
        if not packed and path.suffix != ".npz":
            return read_matrix(path)
        with np.load(path, allow_pickle=False) as data:
            return Mapping.of_arrays(data)
    except (OSError, ValueError, KeyError, TypeError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise InvalidValue(
            f"{path.name} is no map ({' '.join(str(error).split())[:120]})", "save one with align --save"
        ) from error


def take_mapping(path: str | Path) -> Mapping:
    """`read_mapping` in a process beside this one."""
    return look(read_mapping, Path(path), kinds=(Mapping, Side, Preprocessing))


def read_matrix(path: Path, *, steps: tuple[str, ...] = ("unit",)) -> Mapping:
    """A map as text: a line with two numbers, its shape, then a row a line, as fastText's alignment writes it.

    It is written for column vectors (Wx, MUSE and fastText alike), so rows are multiplied by its transpose; source
    vectors are brought to length 1 first (`steps`), and the target's stay but for that. Raises InvalidValue naming
    the line.
    """
    lines = path.read_bytes()[:_MOST_TEXT].decode("utf-8", "replace").splitlines()
    head = lines[0].split() if lines else []
    if len(head) != 2 or not all(part.isdecimal() and len(part) < 6 for part in head):
        raise InvalidValue(f"{path.name}, line 1 is {' '.join(head)[:60]!r}", "begin with the two numbers of its shape")
    rows, columns = map(int, head)
    if rows != columns or not 1 <= rows <= 4_096:
        raise InvalidValue(f"{path.name} is {rows} × {columns}", "give a square map of at most 4,096 rows")
    matrix = np.empty((rows, columns))
    if len(lines) - 1 < rows:
        raise InvalidValue(f"{path.name} has {len(lines) - 1:,} rows, expected {rows:,}", "fetch it again")
    for number, line in enumerate(lines[1 : rows + 1], 2):
        try:
            row = np.array([float(part) for part in line.split()])
        except ValueError as error:
            raise InvalidValue(f"{path.name}, line {number:,} is not all numbers", "fetch it again") from error
        if len(row) != columns or not np.isfinite(row).all():
            raise InvalidValue(
                f"{path.name}, line {number:,} has {len(row)} numbers, expected {columns}", "fetch it again"
            )
        matrix[number - 2] = row
    side = Preprocessing(steps, ())
    return Mapping("imported", Side(side, matrix.T), Side(side, np.eye(rows)), {"file": path.name})


def matrix_text(matrix: _Matrix) -> str:
    """The matrix of a side as text for column vectors, as `read_matrix` reads it.

    >>> matrix_text(np.array([[0.0, 1.0], [-1.0, 0.0]])).splitlines()
    ['2 2', '0.0 -1.0', '1.0 0.0']
    """
    rows = (" ".join(repr(float(v)) for v in row) for row in matrix.T)
    return "\n".join([f"{matrix.shape[1]} {len(matrix)}", *rows]) + "\n"
