"""Vectors of items in languages: of texts, or brought from outside (images, another program)."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from isogloss.errors import InvalidValue, NotFound
from isogloss.outside.looking import look
from isogloss.tables.columns import is_text, text_of
from isogloss.tables.table import read_table, take_table
from isogloss.text.normalize import nfc
from isogloss.text.tally import Tally
from isogloss.types import Mask, Vectors

PLAIN = "plain"
_ITEM = ("item", "id", "line", "row")
_VECTOR = ("vector", "embedding", "vectors")
_SAME = ("", "plain", "none", "no")
_ARRAYS = (".npy", ".npz")


@dataclass(frozen=True, eq=False)
class ItemVectors:
    """items, languages, variants: of each row, (n,). variants: `plain`, or how its words are mixed. vectors: (n, dim).
    read: what became of the rows.
    """

    items: Sequence[str]
    languages: Sequence[str]
    variants: Sequence[str]
    vectors: Vectors
    read: Tally = field(default_factory=Tally)


def item_vectors(
    items: Sequence[str], languages: Sequence[str], variants: Sequence[str], vectors: Vectors, read: Tally | None = None
) -> ItemVectors:
    """Rows that can be compared: those without a name, with no vector or there before are skipped and counted.

    Raises InvalidValue for other numbers of rows.
    """
    if not len(items) == len(languages) == len(variants) == len(vectors) or vectors.ndim != 2:
        raise InvalidValue(
            f"{len(vectors):,} vectors, {len(items):,} items and {len(languages):,} languages were given",
            "give one row of each for every vector",
        )
    tally = read or Tally()
    tally.read = 0
    keep: list[int] = []
    seen: set[tuple[str, str, str]] = set()
    named = [PLAIN if one.casefold() in _SAME else one.casefold() for one in variants]
    finite: Mask = np.asarray(np.isfinite(vectors).all(axis=1))
    some: Mask = np.asarray(vectors.any(axis=1))
    for row, key in enumerate(zip(items, languages, named, strict=True)):
        reason = ""
        if not key[0] or not key[1]:
            reason = "unnamed"
        elif not finite[row]:
            reason = "not_finite"
        elif not some[row]:
            reason = "without_a_vector"
        elif key in seen:
            reason = "repeated"
        if reason:
            tally.skip(reason, f"row {row + 1:,}")
            continue
        seen.add(key)
        keep.append(row)
        tally.read += 1
    return ItemVectors(
        [items[i] for i in keep],
        [languages[i] for i in keep],
        [named[i] for i in keep],
        np.asarray(vectors[keep], dtype=np.float32),
        tally,
    )


def encoded_items(path: Path, encode: Callable[[Sequence[str]], Vectors]) -> ItemVectors:
    """A table item, language, text (and variant), or with a column for each language, encoded. Raises InvalidValue."""
    found = take_table(_there(path))
    table, tally = found.table, found.read
    names = {name.casefold(): name for name in table.column_names}
    item = next((names[one] for one in _ITEM if one in names), None)
    if "language" in names and "text" in names:
        if item is None:
            raise InvalidValue(f"{path.name} has no column item", "add one: which texts say the same")
        items, languages, texts = (_texts(table, one) for one in (item, names["language"], names["text"]))
        variants = _texts(table, names["variant"]) if "variant" in names else [""] * len(items)
    else:
        spoken = [one.name for one in table.schema if is_text(one.type) and one.name != item]
        if len(spoken) < 2:
            raise InvalidValue(
                f"{path.name} has the columns {table.column_names[:8]!r}",
                "give item, language and text, or a column for each language",
            )
        rows = _texts(table, item) if item else [str(i + 1) for i in range(len(table))]
        items, languages = rows * len(spoken), [one for one in spoken for _ in rows]
        texts, variants = [text for one in spoken for text in _texts(table, one)], [""] * len(rows) * len(spoken)
    has = [i for i, text in enumerate(texts) if text]
    if blank := len(texts) - len(has):
        tally.skip("blank", n=blank)
    if not has:
        raise InvalidValue(f"{path.name} holds no text", "give a text for each item and language")
    vectors = encode([texts[i] for i in has])
    return item_vectors(
        [items[i] for i in has], [languages[i] for i in has], [variants[i] for i in has], vectors, tally
    )


def brought_items(path: Path, names: Path | None = None) -> ItemVectors:
    """Vectors of a file: a table with item, language (and variant) and a column of vectors or one for each number; .npz
    with the arrays vectors, item, language (and variant); .npy, with the rows' names in the table `names`.

    Raises InvalidValue, NotFound. Nothing is unpickled.
    """
    kind = _there(path).suffix.casefold()
    if kind not in _ARRAYS:
        return _of_table(path)
    found = look(_of_arrays, path, kinds=(_Arrays,))
    if found.items:
        return item_vectors(found.items, found.languages, found.variants, found.vectors)
    if names is None:
        raise InvalidValue(f"{path.name} holds vectors without names", "name their table with --items: item, language")
    table = take_table(_there(names))
    columns = {name.casefold(): name for name in table.table.column_names}
    item, language = _column(columns, _ITEM, names), _column(columns, ("language",), names)
    told = [_texts(table.table, one) for one in (item, language)]
    variants = _texts(table.table, columns["variant"]) if "variant" in columns else [""] * len(told[0])
    return item_vectors(told[0], told[1], variants, found.vectors, table.read)


@dataclass(frozen=True, eq=False)
class _Arrays:
    vectors: Vectors
    items: list[str]
    languages: list[str]
    variants: list[str]


def _of_arrays(path: Path) -> _Arrays:
    try:
        with open(path, "rb") as file:
            data: Any = np.load(file, allow_pickle=False)
            if isinstance(data, np.ndarray):
                return _Arrays(_numbers(data, path), [], [], [])
            arrays = {name.casefold(): data[name] for name in data.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        told = " ".join(str(error).split())[:120]
        raise InvalidValue(f"{path.name} holds no arrays that can be read ({told})", "save it with np.savez") from error
    vector = next((one for one in _VECTOR if one in arrays), None)
    item = next((one for one in _ITEM if one in arrays), None)
    if vector is None or item is None or "language" not in arrays:
        raise InvalidValue(f"{path.name} holds the arrays {list(arrays)[:8]!r}", "give vectors, item and language")
    items, languages = _strings(arrays[item]), _strings(arrays["language"])
    variants = _strings(arrays["variant"]) if "variant" in arrays else [""] * len(items)
    return _Arrays(_numbers(arrays[vector], path), items, languages, variants)


def _numbers(array: Any, path: Path) -> Vectors:
    if array.ndim != 2 or array.dtype.kind not in "fiu":
        raise InvalidValue(f"{path.name} holds an array of {array.dtype} {array.shape}", "give numbers, (n, dim)")
    with np.errstate(over="ignore"):
        return np.asarray(array, dtype=np.float32)


def _strings(array: Any) -> list[str]:
    return [nfc(str(one).strip()) for one in array.ravel().tolist()]


def _of_table(path: Path) -> ItemVectors:
    found = look(read_table, path, kinds=_table_kinds(), plain=False)
    table = found.table
    names = {name.casefold(): name for name in table.column_names}
    item, language = _column(names, _ITEM, path), _column(names, ("language",), path)
    variant = names.get("variant")
    rest = [one for one in table.column_names if one not in (item, language, variant)]
    lists = [one for one in rest if pa.types.is_list(table.schema.field(one).type) or _is_list(table, one)]
    try:
        rows: Any = table[lists[0]].to_pylist() if lists else [table[one].to_pylist() for one in rest]
        if lists:
            dim = max((len(row) for row in rows if row), default=0)
            filled = [row if row and len(row) == dim else [float("nan")] * dim for row in rows]
            vectors = np.array(filled, dtype=np.float32).reshape(len(rows), dim)
        else:
            vectors = np.array([[_float(value) for value in one] for one in rows], dtype=np.float32).T
    except (TypeError, ValueError) as error:
        raise InvalidValue(
            f"{path.name} holds vectors that are no numbers ({str(error)[:80]})", "give numbers"
        ) from None
    if not vectors.size:
        raise InvalidValue(f"{path.name} holds no vectors", "add a column vector, or name a model to encode its texts")
    variants = _texts(table, variant) if variant else [""] * len(table)
    return item_vectors(_texts(table, item), _texts(table, language), variants, vectors, found.read)


def _table_kinds() -> tuple[type, ...]:
    from isogloss.tables.read import TableRead

    return TableRead, Tally


def _is_list(table: pa.Table, name: str) -> bool:
    kind = table.schema.field(name).type
    return bool(pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _float(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _column(names: dict[str, str], asked: Sequence[str], path: Path) -> str:
    for one in asked:
        if one in names:
            return names[one]
    raise InvalidValue(f"{path.name} has no column {asked[0]}", f"its columns are {', '.join(names)[:200]}")


def _texts(table: pa.Table, name: str) -> list[str]:
    return [nfc((text_of(value) or "").strip()) for value in table[name].to_pylist()]


def _there(path: Path) -> Path:
    if not path.is_file() and not path.is_dir():
        raise NotFound(f"there is no file {path.name[:80]!r}", lever="name a table, a .npz or a .npy")
    return path
