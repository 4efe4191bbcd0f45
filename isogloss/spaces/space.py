"""A space: items and their vectors, seen from one side."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from isogloss.errors import InvalidValue, NotFound
from isogloss.shown import html_table
from isogloss.spaces.checksums import Checked
from isogloss.spaces.columns import array_of
from isogloss.spaces.items import Items, Positions
from isogloss.spaces.subwords import Subwords
from isogloss.types import Vectors

_BLOCK = 16_384
_SHOWN, _ROWS = 8, 10


class Space:
    """Items with one vector each; frozen, its arrays read-only.

    name: what the space is called inside its collection.
    items: the names, unique, in the order of the rows (by convention the most frequent first).
    vectors: float32, shape (n_items, dim).
    columns: one value per item and column (`count`, `per_million`, `documents`, `language` …).
    metadata: where the space came from; a derived space names its provenance here.
    fingerprint: hexadecimal digest of items, vectors and columns; computed when not given.
    checked: whoever gives it says that items are unique and vectors finite; or the checksums of the file that the
    vectors lie in, which say so too.
    subwords: what gives items that the space does not hold a vector; None for most spaces.
    stored: set by itself: the vectors as they lie, float32, or float16 where they came from disk so; `rows` reads them.

    Raises InvalidValue when the shapes disagree, an item stands twice or a vector is not finite.

    >>> space = Space("one", ("a", "b"), np.eye(2, dtype=np.float32))
    >>> space.dim, len(space), space["b"], "c" in space
    (2, 2, 1, False)
    >>> space
    <space one: 2 items × 2>
      a, b
    """

    name: str
    columns: pa.Table
    metadata: Mapping[str, Any]
    subwords: Subwords | None
    stored: npt.NDArray[Any]
    fingerprint: str
    _sums: Checked | None

    def __init__(
        self,
        name: str,
        items: tuple[str, ...] | Items | pa.ChunkedArray,
        vectors: npt.NDArray[Any],
        columns: pa.Table | None = None,
        metadata: Mapping[str, Any] | None = None,
        fingerprint: str = "",
        checked: bool | Checked = False,
        subwords: Subwords | None = None,
    ) -> None:
        columns = pa.table({}) if columns is None else columns
        half = checked and isinstance(vectors, np.memmap) and vectors.dtype == np.float16
        stored = vectors if half else np.asarray(vectors, dtype=np.float32)
        if stored.ndim != 2 or len(stored) != len(items):
            raise InvalidValue(
                f"space {name!r} has {len(items):,} items and vectors of shape {stored.shape}",
                "give one row of numbers for each item",
            )
        if columns.num_columns and columns.num_rows != len(items):
            raise InvalidValue(
                f"space {name!r} has {len(items):,} items and columns of {columns.num_rows:,} rows",
                "give one value for each item",
            )
        told = {"name": name, "columns": columns, "metadata": metadata or {}, "subwords": subwords}
        told["_column" if isinstance(items, pa.ChunkedArray) else "items"] = items
        vars(self).update(told | {"_sums": checked if isinstance(checked, Checked) else None})
        if not checked:
            self._check(stored)
        stored = stored.view()
        stored.flags.writeable = False
        vars(self)["stored"] = stored
        vars(self)["fingerprint"] = fingerprint or self._digest()

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"a space is not changed in place: cannot assign {name!r}")

    @classmethod
    def of(
        cls,
        items: Any,
        vectors: Any = None,
        *,
        name: str = "space",
        metadata: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Space:
        """A space from what a notebook has at hand.

        items: names, with `vectors` (n_items, dim) of any number type, an array or lists; or a dictionary of item →
        vector; or an object like gensim's KeyedVectors (`index_to_key` and `vectors`). more: columns by name, a value
        for each item (count=…, language=…). Raises InvalidValue.

        >>> Space.of(["a", "b"], [[1, 0], [0, 1]], count=[3, 1]).counts.tolist()
        [3, 1]
        >>> Space.of({"a": [1.0, 0.0]}, name="one").items
        ('a',)
        """
        if vectors is None:
            items, vectors = _items_and_vectors(items)
        try:
            rows = np.asarray(vectors, dtype=np.float32)
            columns = pa.table({key: pa.array(values) for key, values in more.items()})
        except (TypeError, ValueError, pa.ArrowException) as error:
            raise InvalidValue(
                f"the vectors or columns are not rows of numbers ({error})", "give one row and one value for each item"
            ) from error
        return cls(name, tuple(map(str, items)), rows, columns, metadata)

    @cached_property
    def items(self) -> tuple[str, ...] | Items:
        """The names, in the order of the rows; a column of them becomes a tuple when first asked for."""
        return tuple(vars(self)["_column"].to_pylist())

    @cached_property
    def vectors(self) -> Vectors:
        """float32, shape (n_items, dim); those that are stored in half precision become so when first asked for.

        Raises StoreError where the file is damaged.
        """
        if self._sums is not None:
            self._sums.require()
        if self.stored.dtype == np.float32:
            return self.stored
        vectors = self.stored.astype(np.float32)
        vectors.flags.writeable = False
        return vectors

    def rows(self, at: slice | int | npt.NDArray[Any]) -> Vectors:
        """Some of the vectors, float32. Raises StoreError where their part of the file is damaged."""
        if self._sums is not None:
            self._sums.require_rows(at)
        found: Vectors = self.stored[at].astype(np.float32, copy=False)
        return found

    def __repr__(self) -> str:
        first = ", ".join(item[:24] for item in list(self.items[:_SHOWN]))
        more = ", …" if len(self) > _SHOWN else ""
        return f"<space {self.name}: {len(self):,} items × {self.dim}>\n  {first}{more}"

    def _repr_html_(self) -> str:
        head = self.columns.slice(0, _ROWS)
        items = pa.array(list(self.items[:_ROWS]), pa.string())
        table = head.add_column(0, "item", items) if head.num_columns else pa.table({"item": items})
        return html_table(table, f"{self.name}: {len(self):,} items × {self.dim}")

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
        return len(self.stored)

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
            own = self.rows(row)
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
        vectors = self.rows(slice(None)) if "vectors" not in vars(self) else self.vectors
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = (vectors / np.where(norms > 0, norms, 1)).astype(np.float32, copy=False)
        unit.flags.writeable = False
        return unit

    @cached_property
    def norms(self) -> Vectors:
        """Lengths of the vectors, float32, shape (n_items,); 1 for a zero vector, so that one may divide by them."""
        norms = np.empty(len(self), dtype=np.float32)
        for at in range(0, len(self), _BLOCK):
            block = self.rows(slice(at, at + _BLOCK))
            norms[at : at + _BLOCK] = np.sqrt(np.einsum("ij,ij->i", block, block))
        norms[norms == 0] = 1
        norms.flags.writeable = False
        return norms

    def column(self, name: str) -> npt.NDArray[Any] | None:
        """A column as a numpy array, or None when the space has no such column."""
        if name not in self.columns.column_names:
            return None
        return array_of(self.columns[name])

    @cached_property
    def counts(self) -> npt.NDArray[np.int64] | None:
        """The `count` column, 0 where it is null; None where the space was made without counts, or holds no numbers."""
        counts = self.column("count")
        return (
            None
            if counts is None or not _is_numeric(counts)
            else np.nan_to_num(counts.astype(np.float64)).astype(np.int64)
        )

    @cached_property
    def per_million(self) -> npt.NDArray[np.float64] | None:
        """The `per_million` column, NaN where unknown; None without one, or where it holds no numbers."""
        values = self.column("per_million")
        return None if values is None or not _is_numeric(values) else values.astype(np.float64)


def _is_numeric(values: npt.NDArray[Any]) -> bool:
    """Whether a column is of numbers, nulls among them or not."""
    if values.dtype.kind != "O":
        return values.dtype.kind in "iuf"
    return all(value is None or isinstance(value, int | float) for value in values.tolist())


def _items_and_vectors(given: Any) -> tuple[Any, Any]:
    """Of a dictionary, or of an object like gensim's KeyedVectors. Raises InvalidValue."""
    if isinstance(given, Mapping):
        return list(given), list(given.values())
    if hasattr(given, "index_to_key") and hasattr(given, "vectors"):
        return given.index_to_key, given.vectors
    raise InvalidValue(
        f"a {type(given).__name__} without vectors was given", "give names and rows, a dictionary, or KeyedVectors"
    )
