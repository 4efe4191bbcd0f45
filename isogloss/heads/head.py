"""A head: a small map of frozen vectors, applied without torch, undone where it can be, kept as npz and JSON."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.errors import InvalidValue, NotFound, StoreError, reason_of
from isogloss.linear import unit_rows
from isogloss.text.matches import closest
from isogloss.text.nested import read_json
from isogloss.types import Arrays, Matrix, Vectors
from isogloss.workspace.access import require_writable
from isogloss.workspace.folders import fresh_file, sweep
from isogloss.workspace.store import Workspace

KINDS = {
    "linear": "x·W, from the identity",
    "two-layer": "x + relu(x·A + a)·B + b, from nothing added",
    "low-rank": "x + x·A·B, from nothing added",
}
UNPAIRED = "unpaired"
TAUGHT = {**KINDS, UNPAIRED: "relu(x·A + a)·B + b of unit rows, of length 1: one of two that were taught together"}
FOLDER = "heads"  # of a workspace
_SHAPES = {"linear": {"W"}, "two-layer": {"A", "a", "B", "b"}, "low-rank": {"A", "B"}, UNPAIRED: {"A", "a", "B", "b"}}
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_MOST_BYTES = 512 * 2**20
_FLAT = 1e-6  # least singular value of the greatest: below it a map has no inverse
_BLOCK = 16_384


@dataclass(frozen=True, eq=False)
class Head:
    """kind: of TAUGHT. weights: float32 arrays by their names. card: how it was taught, plain JSON."""

    kind: str
    weights: Mapping[str, Vectors]
    card: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in TAUGHT:
            raise InvalidValue(f"there is no head {self.kind[:40]!r}", f"choose from {', '.join(TAUGHT)}")
        if set(self.weights) != _SHAPES[self.kind] or not all(np.isfinite(w).all() for w in self.weights.values()):
            raise InvalidValue(f"a {self.kind} head has the weights {sorted(self.weights)}", "teach it again")

    @property
    def dim(self) -> int:
        """Of the vectors that it takes."""
        return int(self.weights["W" if self.kind == "linear" else "A"].shape[0])

    @property
    def parameters(self) -> int:
        return sum(int(one.size) for one in self.weights.values())

    def apply(self, vectors: Vectors) -> Vectors:
        """Mapped rows, float32 (n, dim of the result). Raises InvalidValue for vectors of another dim.

        >>> Head("low-rank", {"A": np.ones((2, 1)), "B": np.ones((1, 2))}).apply(np.eye(2, dtype=np.float32)).tolist()
        [[2.0, 1.0], [1.0, 2.0]]
        """
        if vectors.ndim != 2 or vectors.shape[1] != self.dim:
            raise InvalidValue(
                f"vectors of shape {vectors.shape} for a head of dim {self.dim}",
                "give vectors of the encoder it is for",
            )
        parts = [self._apply(np.asarray(vectors[i : i + _BLOCK], np.float32)) for i in range(0, len(vectors), _BLOCK)]
        return np.concatenate(parts) if parts else np.empty((0, self.dim), np.float32)

    def _apply(self, x: Vectors) -> Vectors:
        w = self.weights
        if self.kind == "linear":
            out = x @ w["W"]
        elif self.kind == "low-rank":
            out = x + (x @ w["A"]) @ w["B"]
        elif self.kind == UNPAIRED:
            out = unit_rows(np.maximum(unit_rows(x) @ w["A"] + w["a"], 0) @ w["B"] + w["b"])
        else:
            out = x + np.maximum(x @ w["A"] + w["a"], 0) @ w["B"] + w["b"]
        return np.ascontiguousarray(out, dtype=np.float32)

    @property
    def matrix(self) -> Matrix | None:
        """W of x·W, float64, of a head that is linear; None of another."""
        if self.kind in ("two-layer", UNPAIRED):
            return None
        w = {name: np.asarray(one, np.float64) for name, one in self.weights.items()}
        return w["W"] if self.kind == "linear" else np.eye(self.dim) + w["A"] @ w["B"]

    def inverse(self) -> Head:
        """The head that undoes this one. Raises InvalidValue where it is not linear, not square, or not of full rank.

        >>> Head("linear", {"W": np.diag([2.0, 4.0])}).inverse().weights["W"].tolist()
        [[0.5, 0.0], [0.0, 0.25]]
        """
        matrix = self.matrix
        if matrix is None:
            raise InvalidValue(f"a {self.kind} head has no inverse", "teach a linear or a low-rank one")
        if matrix.shape[0] != matrix.shape[1]:
            raise InvalidValue(f"a head of shape {matrix.shape} has no inverse", "teach one between spaces of one dim")
        values = np.linalg.svd(matrix, compute_uv=False)
        if values[-1] <= _FLAT * values[0]:
            raise InvalidValue(
                f"the head is not of full rank (singular values {values[0]:.3g} to {values[-1]:.3g})",
                "teach it with fewer epochs, or a low-rank one",
            )
        undone = np.linalg.inv(matrix).astype(np.float32)
        return Head("linear", {"W": undone}, {**self.card, "inverse": True})


class Heads:
    """The heads of a workspace: NAME.npz and NAME.json side by side; nothing is pickled."""

    def __init__(self, workspace: Workspace) -> None:
        self.root = workspace.root / FOLDER
        self._places = (*([workspace.offered / FOLDER] if workspace.offered else []), self.root)

    def names(self) -> list[str]:
        found = {one.stem for place in self._places if place.is_dir() for one in place.glob("*.json")}
        return sorted(name for name in found if _NAME.fullmatch(name))

    def save(self, name: str, head: Head) -> Path:
        """Raises InvalidValue for a name that is none, and on a read-only server; StoreError."""
        require_writable()
        if not _NAME.fullmatch(name):
            raise InvalidValue(
                f"a head cannot be called {name[:40]!r}", "use small letters, digits, hyphens, up to 64 in all"
            )
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            sweep(self.root)
            weights: Arrays = {key: np.asarray(one, np.float32) for key, one in head.weights.items()}
            path = self.root / f"{name}.npz"
            with fresh_file(path) as made, open(made, "wb") as file:
                np.savez(file, allow_pickle=False, **weights)
            told = {"kind": head.kind, "card": head.card, "digest": _digest(path)}
            with fresh_file(self.root / f"{name}.json") as made:
                made.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        except OSError as error:
            raise StoreError(f"the head cannot be written ({reason_of(error)})", "free some space") from error
        return path

    def open(self, name: str) -> Head:
        """Raises NotFound with the nearest names, StoreError for what is damaged."""
        if name not in self.names():
            raise NotFound(f"there is no head {name[:40]!r}", closest(name, self.names()) or self.names())
        folder = next(place for place in reversed(self._places) if (place / f"{name}.json").is_file())
        card, path = folder / f"{name}.json", folder / f"{name}.npz"
        try:
            if max(one.stat().st_size for one in (card, path)) > _MOST_BYTES:
                raise ValueError("it is too large")
            told = read_json(card.read_bytes())
            if told["digest"] != _digest(path):
                raise ValueError("weights and card are of two trainings")
            with np.load(path, allow_pickle=False) as data:
                return Head(str(told["kind"]), {key: data[key] for key in data.files}, dict(told["card"]))
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, InvalidValue) as error:
            raise StoreError(f"the head {name!r} cannot be read ({str(error)[:80]})", "teach it again") from error


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
