"""A space: items and their vectors, seen from one side."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from isogloss.errors import InvalidValue, NotFound
from isogloss.spaces.items import LARGE, Items, Positions
from isogloss.spaces.subwords import Subwords
from isogloss.types import Vectors

_BLOCK = 16_384


@dataclass(frozen=True, eq=False)
class Space:
    """Items with one vector each; frozen, its arrays read-only.

    name: what the space is called inside its collection.
    items: the names, unique, in the order of the rows (by convention the most frequent first).
    vectors: float32, shape (n_items, dim).
    columns: one value per item and column (`count`, `per_million`, `documents`, `language` …).
    metadata: where the space came from; a derived space names its provenance here.
    subwords: what gives items that the space does not hold a vector; None for most spaces.
    stored: set by itself: the vectors as they lie, float32, or float16 for many that came from disk so.
    fingerprint: hexadecimal digest of items, vectors and columns; computed when not given.

    Raises InvalidValue when the shapes disagree, an item stands twice or a vector is not finite.

    >>> space = Space("one", ("a", "b"), np.eye(2, dtype=np.float32))
    >>> space.dim, len(space), space["b"], "c" in space
    (2, 2, 1, False)
    """

    name: str
    items: tuple[str, ...] | Items
    vectors: Vectors
    columns: pa.Table = field(default_factory=lambda: pa.table({}))
    metadata: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    checked: bool = False
    subwords: Subwords | None = None
    stored: npt.NDArray[Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        half = (
            self.checked
            and isinstance(self.vectors, np.memmap)
            and self.vectors.dtype == np.float16
            and len(self) > LARGE
        )
        vectors = self.vectors if half else np.asarray(self.vectors, dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != len(self.items):
            raise InvalidValue(
                f"space {self.name!r} has {len(self.items):,} items and vectors of shape {vectors.shape}",
                "give one row of numbers for each item",
            )
        if self.columns.num_columns and self.columns.num_rows != len(self.items):
            raise InvalidValue(
                f"space {self.name!r} has {len(self.items):,} items and columns of {self.columns.num_rows:,} rows",
                "give one value for each item",
            )
        if not self.checked:
            self._check(vectors)
        vectors = vectors.view()
        vectors.flags.writeable = False
        object.__setattr__(self, "stored", vectors)
        if half:
            object.__delattr__(self, "vectors")  # until someone asks: see __getattr__
        else:
            object.__setattr__(self, "vectors", vectors)
        if not self.fingerprint:
            object.__setattr__(self, "fingerprint", self._digest())

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Many vectors stored in half precision become float32 when they are first asked for."""
            if name != "vectors" or "stored" not in self.__dict__:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            vectors = self.stored.astype(np.float32)
            vectors.flags.writeable = False
            object.__setattr__(self, "vectors", vectors)
            return vectors

    def _check(self, vectors: Vectors) -> None:
        if len(self.positions) != len(self.items):
            seen: set[str] = set()
            twice = next(i for i in self.items if i in seen or seen.add(i))  # type: ignore[func-returns-value]
            raise InvalidValue(f"space {self.name!r} lists {twice!r} twice", "keep one row for each item")
        bad = ~np.isfinite(vectors).all(axis=1)
        if bad.any():
            first = int(np.argmax(bad))
            raise InvalidValue(
                f"the vector of {self.items[first]!r} (row {first:,} of space {self.name!r}) is not finite",
                "leave such rows out",
            )

    def _digest(self) -> str:
        digest = hashlib.sha256(f"{len(self.items)}×{self.dim}".encode())
        digest.update(np.ascontiguousarray(self.vectors).data)
        digest.update(json.dumps(list(self.items)).encode())
        for name in sorted(self.columns.column_names):
            digest.update(f"{name}={self.columns[name].to_pylist()!r}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:24]

    @property
    def dim(self) -> int:
        return int(self.stored.shape[1])

    def __len__(self) -> int:
        return len(self.items)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Item → row."""
        if isinstance(self.items, Items):
            return Positions(self.items)
        return {item: row for row, item in enumerate(self.items)}

    def __contains__(self, item: object) -> bool:
        return item in self.positions

    def __getitem__(self, item: str) -> int:
        """The row of an item. Raises NotFound."""
        try:
            return self.positions[item]
        except KeyError:
            raise NotFound(
                f"{item[:80]!r} is not in space {self.name!r}", lever="choose an item of this space"
            ) from None

    def composes(self, item: str) -> bool:
        """Whether an item that is not here has a vector all the same, made from its subwords."""
        return self.subwords is not None and item not in self and self.subwords.vector(item) is not None

    def direction(self, item: str) -> Vectors | None:
        """The item's vector at length 1, float32 (dim,); composed from subwords where it is not here; None without
        any.
        """
        if item in self:
            row = self[item]
            own = np.asarray(self.stored[row], dtype=np.float32)
        else:
            found = self.subwords.vector(item) if self.subwords is not None else None
            if found is None:
                return None
            own = found
        length = float(np.linalg.norm(own))
        return own / np.float32(length) if length > 0 else own

    @cached_property
    def unit(self) -> Vectors:
        """Vectors of length 1, float32, shape (n_items, dim); a zero vector stays zero."""
        norms = np.linalg.norm(self.vectors, axis=1, keepdims=True)
        unit: Vectors = (self.vectors / np.where(norms > 0, norms, 1)).astype(np.float32, copy=False)
        unit.flags.writeable = False
        return unit

    @cached_property
    def norms(self) -> Vectors:
        """Lengths of the vectors, float32, shape (n_items,); 1 for a zero vector, so that one may divide by them."""
        norms = np.empty(len(self), dtype=np.float32)
        for at in range(0, len(self), _BLOCK):
            block = self.stored[at : at + _BLOCK].astype(np.float32, copy=False)
            norms[at : at + _BLOCK] = np.sqrt(np.einsum("ij,ij->i", block, block))
        norms[norms == 0] = 1
        norms.flags.writeable = False
        return norms

    def column(self, name: str) -> npt.NDArray[Any] | None:
        """A column as a numpy array, or None when the space has no such column."""
        if name not in self.columns.column_names:
            return None
        return self.columns[name].combine_chunks().to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]

    @cached_property
    def counts(self) -> npt.NDArray[np.int64] | None:
        """The `count` column, 0 where it is null; None where the space was made without counts."""
        counts = self.column("count")
        return None if counts is None else np.nan_to_num(counts.astype(np.float64)).astype(np.int64)

    @cached_property
    def per_million(self) -> npt.NDArray[np.float64] | None:
        """The `per_million` column, NaN where unknown; None without one."""
        values = self.column("per_million")
        return None if values is None else values.astype(np.float64)
