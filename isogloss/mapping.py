"""A learnt alignment that can be kept: preprocessing of both sides and a linear map for each."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue, StoreError
from isogloss.preprocess import Preprocessing
from isogloss.space import Vectors

_Matrix = npt.NDArray[np.float64]
_SCHEMA = 1


@dataclass(frozen=True, eq=False)
class Side:
    """What happens to the vectors of one side: its preprocessing, then rows times `matrix`, float64 (dim, dim)."""

    preprocessing: Preprocessing
    matrix: _Matrix

    def apply(self, vectors: Vectors) -> Vectors:
        """Vectors in the shared coordinates, float32. Raises InvalidValue for another number of dimensions."""
        if vectors.shape[1] != len(self.matrix):
            raise InvalidValue(
                f"the vectors have {vectors.shape[1]} dimensions, the map {len(self.matrix)}",
                "give vectors of its kind",
            )
        return np.asarray(self.preprocessing.apply(vectors) @ self.matrix, dtype=np.float32)

    def invert(self, mapped: Vectors) -> _Matrix:
        """Back to what the preprocessing gave (lengths and means that it took away are not known any more).

        Raises InvalidValue where the map has no inverse.
        """
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

    def save(self, path: Path) -> None:
        """Write as .npz, whole or not at all; nothing in it is pickled. Raises StoreError."""
        arrays: dict[str, npt.NDArray[Any]] = {}
        header: dict[str, Any] = {"schema": _SCHEMA, "method": self.method, "parameters": self.parameters}
        for name, side in (("source", self.source), ("target", self.target)):
            header[f"{name}_steps"] = list(side.preprocessing.steps)
            arrays[f"{name}_matrix"] = side.matrix
            arrays |= {f"{name}_mean{i}": mean for i, mean in enumerate(side.preprocessing.means)}
        arrays["header"] = np.array(json.dumps(header))
        temporary = path.with_name(f".writing-{path.name}")
        try:
            with open(temporary, "wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            os.replace(temporary, path)
        except OSError as error:
            raise StoreError(f"{path} cannot be written ({error.strerror})", "name another place") from error
        finally:
            temporary.unlink(missing_ok=True)


def read_mapping(path: Path) -> Mapping:
    """What `save` wrote. Raises InvalidValue."""
    try:
        with np.load(path, allow_pickle=False) as data:
            header = json.loads(str(data["header"]))
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
            return Mapping(str(header["method"]), sides["source"], sides["target"], dict(header["parameters"]))
    except (OSError, ValueError, KeyError, TypeError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise InvalidValue(
            f"{path.name} is no map ({' '.join(str(error).split())[:120]})", "save one with align --save"
        ) from error
