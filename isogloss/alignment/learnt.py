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

from isogloss.alignment.matrices import text_matrix, told
from isogloss.alignment.preprocess import Preprocessing
from isogloss.errors import InvalidValue, StoreError, reason_of
from isogloss.outside.looking import look
from isogloss.text.nested import read_json
from isogloss.types import Vectors
from isogloss.workspace.folders import fresh_file

_Matrix = npt.NDArray[np.float64]
_SCHEMA = 1


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


def read_mapping(path: str | Path, *, orientation: str | None = None) -> Mapping:
    """What `save` wrote, or a map of other tools: a matrix as text, .npy or the only array of an .npz.

    orientation: of ORIENTATIONS, how a matrix is applied; text that begins with its shape is for column vectors unless
    it is told. Source vectors are brought to length 1 first, and the target's stay but for that. Raises InvalidValue.
    """
    path = Path(path)
    try:
        with open(path, "rb") as file:
            head = file.read(6)
        if not (head.startswith(b"PK") or head == b"\x93NUMPY" or path.suffix in (".npz", ".npy")):
            return _imported(text_matrix(path, orientation), path)
        data = np.load(path, allow_pickle=False)
        if isinstance(data, np.ndarray):
            return _imported(told(data, orientation, path.name), path)
        with data:
            if "header" in data.files:
                return Mapping.of_arrays(data)
            if len(data.files) != 1:
                raise ValueError(f"it holds {', '.join(data.files)[:60] or 'nothing'}")
            return _imported(told(data[data.files[0]], orientation, path.name), path)
    except (OSError, ValueError, KeyError, TypeError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise InvalidValue(
            f"{path.name} is no map ({' '.join(str(error).split())[:120]})", "save one with align --save"
        ) from error


def _imported(matrix: _Matrix, path: Path) -> Mapping:
    side = Preprocessing(("unit",), ())
    return Mapping("imported", Side(side, matrix), Side(side, np.eye(len(matrix))), {"file": path.name})


def take_mapping(path: str | Path, *, orientation: str | None = None) -> Mapping:
    """`read_mapping` in a process beside this one."""
    return look(read_mapping, Path(path), kinds=(Mapping, Side, Preprocessing), orientation=orientation)
